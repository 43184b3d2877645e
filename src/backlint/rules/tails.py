"""What SQL cannot compute: statistical tails, once over the distinct parameter sets, by scipy.

Each function takes the distinct parameters that a feature table holds and returns them with the
result, to be joined back as a table. They call `scipy.special`: `scipy.stats` says the same and
takes longer to import than a scan of fifty thousand links takes to run [measured].
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from backlint.engine.base import Engine
from backlint.rules.null import needed_decades
from backlint.rules.signals import page_ranks, relevances

Numbers = NDArray[np.float64]

SMALL_WEB = 1000  # sources

# Prior of an exact-anchor share: mean 5%, the weight of ten referring domains.
PRIOR = (0.5, 9.5)

# Share of the owners with telling anchors at which a script has an audience.
AUDIENCE = 0.05


def poisson_tail(least: Numbers, mean: Numbers) -> Numbers:
    """Return P(X >= least) of a Poisson count."""
    # below 1 the function asks for a count below 0, and answers NaN
    return np.where(least > 0, special.pdtrc(np.maximum(least - 1, 0), mean), 1.0)


def binomial_tail(least: Numbers, n: Numbers, rate: Numbers) -> Numbers:
    """Return P(X >= least) among n that each happen at a rate."""
    # the incomplete beta function is the tail for 0 < least <= n
    inside = special.betainc(np.maximum(least, 1), np.maximum(n - least + 1, 1), rate)
    return np.where(least > 0, np.where(least <= n, inside, 0.0), 1.0)


def _decades(tail: Numbers) -> Numbers:
    with np.errstate(divide="ignore"):
        return -np.log10(tail)


def anchor_bounds(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `bound`: one-sided lower 95% bound of k/n under Beta(0.5 + k, 9.5 + n - k)."""
    k, n = frame["k"].to_numpy(), frame["n"].to_numpy()
    bound = special.betaincinv(PRIOR[0] + k, PRIOR[1] + n - k, 0.05)
    return frame.with_columns(pl.Series("bound", bound, dtype=pl.Float64))


def script_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `p`: the binomial tail P(X <= users) among n owners, at the rate of an audience."""
    users, n = frame["users"].to_numpy().astype(float), frame["n"].to_numpy().astype(float)
    p = 1.0 - binomial_tail(users + 1, n, np.full(len(n), AUDIENCE))
    return frame.with_columns(pl.Series("p", p, dtype=pl.Float64))


def dense_decades(frame: pl.DataFrame) -> Numbers:
    """Return -log10 P(X >= internal), X ~ Poisson(mu), for groups of nodes.

    mu = K_out K_in / m under the configuration model; where the group holds more than half of all
    out-links, mu = K_out |C| / N, since the group itself dominates the graph.
    """
    names = ("internal", "k_out", "k_in", "m", "nodes", "size")
    c = {name: frame[name].to_numpy().astype(float) for name in names}
    dominated = c["k_out"] > c["m"] / 2
    mu = np.where(
        dominated,
        c["k_out"] * c["size"] / np.maximum(c["nodes"], 1),
        c["k_out"] * c["k_in"] / np.maximum(c["m"], 1),
    )
    decades = _decades(poisson_tail(c["internal"], np.maximum(mu, 1e-12)))
    # the tail underflows to 0 far out; there the first term of the tail is the tail
    first = mu - c["internal"] * np.log(np.maximum(mu, 1e-12)) + special.gammaln(c["internal"] + 1)
    decades = np.where(np.isfinite(decades), decades, first / np.log(10))
    return np.maximum(decades, 0.0)


def candidate_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `decades` and `needed`, the price of having searched, to candidate groups.

    The price is what rewired webs gave; in small ones, of which the table knows little, the number
    of groups of that size that could have been picked among the sources, plus 2 decades, where that
    is less.
    """
    needed = needed_decades(frame.with_columns(degree=pl.col("k_in") / pl.col("size")))
    size = frame["size"].to_numpy().astype(float)
    sources = np.maximum(frame["sources"].to_numpy().astype(float), size)
    choices = (
        special.gammaln(sources + 1)
        - special.gammaln(size + 1)
        - special.gammaln(sources - size + 1)
    ) / np.log(10)
    needed = np.where(sources < SMALL_WEB, np.minimum(needed, choices + 2.0), needed)
    return frame.with_columns(
        pl.Series("decades", dense_decades(frame), dtype=pl.Float64),
        pl.Series("needed", needed, dtype=pl.Float64),
    )


def money_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `decades`: -log10 of the binomial tail of k money users among n members.

    The rate is that of the owners outside any suspicious group, with the prior of BL301 (mean 5%,
    the weight of ten owners): (rest_money + 0.5) / (rest + 10).
    """
    c = {name: frame[name].to_numpy().astype(float) for name in ("k", "n", "rest", "rest_money")}
    rate = (c["rest_money"] + PRIOR[0]) / (c["rest"] + sum(PRIOR))
    decades = _decades(binomial_tail(c["k"], c["n"], rate))
    decades = np.where(np.isfinite(decades), decades, 300.0)
    return frame.with_columns(pl.Series("decades", np.maximum(decades, 0.0), dtype=pl.Float64))


def date_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `decades`: how unlikely it is that so many links began inside one short window.

    -log10 of links * f^(links - 1), the scan bound for a window at the share f of everybody
    else's edges that began inside it, with one added edge on either side.
    """
    c = {name: frame[name].to_numpy().astype(float) for name in ("links", "others", "inside")}
    share = (c["inside"] + 1) / (c["others"] + 2)
    decades = -(np.log10(np.maximum(c["links"], 1)) + (c["links"] - 1) * np.log10(share))
    return frame.with_columns(pl.Series("decades", np.maximum(decades, 0.0), dtype=pl.Float64))


def burst_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `p`: the chance of so many new referring owners in a week, by the weeks before it.

    Negative binomial with the mean and the variance of those weeks (`total` and `squares` are their
    sums), Poisson where they vary no more than chance does. The mean takes in one more week with
    one new owner, so that a quiet history makes nothing impossible.
    """
    c = {name: frame[name].to_numpy().astype(float) for name in frame.columns}
    weeks = np.maximum(c["weeks"], 1)
    mean = (c["total"] + 1) / (weeks + 1)
    excess = c["squares"] / weeks - (c["total"] / weeks) ** 2 - mean
    shape = mean**2 / np.where(excess > 0, excess, 1.0)
    clumped = special.betainc(np.maximum(c["owners"], 1), shape, mean / (mean + shape))
    tail = np.where(excess > 0, clumped, poisson_tail(c["owners"], mean))
    p = np.where(c["owners"] > 0, tail, 1.0)
    return frame.with_columns(pl.Series("p", p, dtype=pl.Float64))


def capture_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `expected`: how many rare targets a group would hold that far by its size alone.

    Binomial tail of `sources` among the target's `d_in` referrers at the group's share of all
    links, times the number of rare targets and pages of the site that were looked at.
    """
    c = {name: frame[name].to_numpy().astype(float) for name in frame.columns}
    share = np.minimum(c["k_out"] / np.maximum(c["m"], 1), 1.0)
    expected = binomial_tail(c["sources"], c["d_in"], share) * c["looked_at"]
    return frame.with_columns(pl.Series("expected", expected, dtype=pl.Float64))


def key_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `decades`: how unlikely it is that so many members of a group share one key.

    -log10 of the hypergeometric tail of `members` among the `known` of a group, where `total` of
    all `owners` hold the key, times the number of `keys` that could have been found.
    """
    c = {name: frame[name].to_numpy().astype(float) for name in frame.columns}
    most = np.minimum(c["known"], c["total"])
    steps = int((most - c["members"]).max()) + 1 if len(frame) else 0
    held = c["members"][:, None] + np.arange(steps)  # a row a group, a column a count
    held = np.minimum(held, most[:, None])
    logs = (
        _log_choices(c["total"][:, None], held)
        + _log_choices((c["owners"] - c["total"])[:, None], c["known"][:, None] - held)
        - _log_choices(c["owners"], c["known"])[:, None]
    )
    counted = c["members"][:, None] + np.arange(steps) <= most[:, None]
    tail = special.logsumexp(np.where(counted, logs, -np.inf), axis=1)
    decades = -(tail / np.log(10) + np.log10(np.maximum(c["keys"], 1)))
    return frame.with_columns(pl.Series("decades", np.maximum(decades, 0.0), dtype=pl.Float64))


def _log_choices(n: Numbers, k: Numbers) -> Numbers:
    """Return the logarithm of the binomial coefficient, minus infinity where there is none."""
    able = (k >= 0) & (k <= n)
    k = np.where(able, k, 0)
    log = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.where(able, log, -np.inf)


def reciprocity_tails(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `p`: the Poisson tail of so many mutual pairs under the configuration model."""
    c = {name: frame[name].to_numpy().astype(float) for name in ("mutual", "expected")}
    p = poisson_tail(c["mutual"], np.maximum(c["expected"], 1e-12))
    return frame.with_columns(pl.Series("p", p, dtype=pl.Float64))


# feature table -> (table to make, its distinct parameters, the function)
TAILS = {
    "anchor_shares": ("anchor_bounds", "SELECT DISTINCT k, n FROM anchor_shares", anchor_bounds),
    "script_shares": ("script_tails", "SELECT DISTINCT users, n FROM script_shares", script_tails),
    "reciprocity": (
        "reciprocity_tails",
        "SELECT DISTINCT mutual, expected FROM reciprocity",
        reciprocity_tails,
    ),
    "week_history": (
        "burst_tails",
        "SELECT DISTINCT owners, weeks, total, squares FROM week_history",
        burst_tails,
    ),
    "candidate_counts": (
        "candidate_tails",
        "SELECT DISTINCT internal, k_out, k_in, m, nodes, sources, size FROM candidate_counts",
        candidate_tails,
    ),
    "candidate_targets": (
        "capture_tails",
        "SELECT DISTINCT sources, d_in, k_out, m, looked_at FROM candidate_targets",
        capture_tails,
    ),
    "candidate_dates": (
        "date_tails",
        "SELECT DISTINCT links, others, inside FROM candidate_dates",
        date_tails,
    ),
    "candidate_keys": (
        "key_tails",
        "SELECT DISTINCT members, known, total, owners, keys FROM candidate_keys",
        key_tails,
    ),
    "candidate_anchors": (
        "money_tails",
        "SELECT DISTINCT k, n, rest, rest_money FROM candidate_anchors",
        money_tails,
    ),
    "judged_edges": ("page_ranks", "SELECT source, target FROM judged_edges", page_ranks),
    "source_texts": (
        "relevances",
        "SELECT node_id, text FROM source_texts UNION ALL SELECT NULL, text FROM topics "
        "UNION ALL SELECT NULL, text FROM target_texts",
        relevances,
    ),
}


def add_tails(engine: Engine, feature: str) -> None:
    """Make the table of tails that belongs to a feature, if there is one."""
    if feature in TAILS:
        table, query, function = TAILS[feature]
        engine.register(table, function(engine.fetch(f"{query} ORDER BY ALL")))
