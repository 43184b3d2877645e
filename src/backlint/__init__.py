"""backlint: a linter for backlink profiles."""

__version__ = "0.1.0"
