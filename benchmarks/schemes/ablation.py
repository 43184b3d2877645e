"""Parts of the detector that can be left out, to see what each is good for."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

PARTS: Mapping[str, Callable[[], AbstractContextManager[object]]] = {}
