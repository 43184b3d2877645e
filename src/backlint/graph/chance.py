"""How likely chance is to bring so many links."""

import numpy as np
from numpy.typing import NDArray


def poisson_tail(k: NDArray[np.int64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(X >= k) of Poisson counts, k at least 1."""
    from scipy.special import pdtrc  # says what scipy.stats does, without its start-up time

    tail: NDArray[np.float64] = pdtrc(k - 1, mean)
    return tail
