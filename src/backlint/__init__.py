"""backlint: a linter for backlink profiles."""

from typing import TYPE_CHECKING, Any

from backlint.errors import BacklintError

if TYPE_CHECKING:
    from backlint.api import Audit, load, scan

__version__ = "0.1.0"
__all__ = ["Audit", "BacklintError", "load", "scan"]


def __getattr__(name: str) -> Any:
    """Fetch what needs the heavy libraries only when it is asked for."""
    if name in ("Audit", "load", "scan"):
        from backlint import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what is fetched on demand, too."""
    return sorted({*globals(), *__all__})
