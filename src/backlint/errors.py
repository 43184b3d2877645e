"""The errors that backlint raises on purpose: each names the place and the cure."""


class BacklintError(Exception):
    """A failure the user can act on; `exit_code` is what the command line ends with."""

    exit_code = 2


class UsageError(BacklintError):
    """A command, option or configuration value that cannot be used."""


class RuleError(BacklintError):
    """A rule file, list or points table that is not valid."""


class InputError(BacklintError):
    """An input file that cannot be read at all (exit code 3)."""

    exit_code = 3


class DisavowError(BacklintError):
    """A disavow file that must not be written: over Google's limits or unsafe."""
