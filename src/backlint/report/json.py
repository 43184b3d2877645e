"""report.json: every record of an audit, in schema version 1 (it grows, it never breaks)."""

import math
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import msgspec

from backlint.errors import InputError, RuleError
from backlint.files import write_atomic
from backlint.findings import SCHEMA_VERSION, Audit

# What a reader meets first stands first; the order of the schema in docs/.
_ORDER = (
    "schema_version",
    "tool",
    "as_of",
    "sites",
    "node",
    "profile",
    "inputs",
    "schemes",
    "domains",
    "findings",
    "coverage",
    "rules",
    "rejects",
    "shares",
    "skipped",
    "makeup",
    "figures",
    "trend",
    "live",
    "disavow",
    "own",
    "allowed",
    "notes",
    "files",
)


def portable(audit: Audit, reproducible: bool) -> Audit:
    """Return the audit as it can be written: every path as valid UTF-8.

    Reproducible leaves file names only and no seconds: all that may differ between two runs.
    """
    path = _file_name if reproducible else _utf8
    replace = msgspec.structs.replace
    return replace(
        audit,
        inputs=[replace(entry, path=path(entry.path)) for entry in audit.inputs],
        rejects=[replace(entry, path=path(entry.path)) for entry in audit.rejects],
        shares=[replace(entry, path=path(entry.path)) for entry in audit.shares],
        skipped=[replace(entry, path=path(entry.path)) for entry in audit.skipped],
        coverage=[replace(c, seconds=0.0) for c in audit.coverage]
        if reproducible
        else audit.coverage,
    )


def encode_json(audit: Audit, reproducible: bool) -> bytes:
    """Return the bytes of report.json: 2-space indentation, same audit, same bytes."""
    _check_finite(audit)
    audit = portable(audit, reproducible)
    parts: dict[str, Any] = {name: getattr(audit, name) for name in _ORDER}
    if reproducible:
        parts["coverage"] = [_without_seconds(entry) for entry in audit.coverage]
    # Only the values are sorted inside: a rule's detail may come in any order of keys.
    raw = {
        name: msgspec.Raw(msgspec.json.encode(part, order="deterministic"))
        for name, part in parts.items()
    }
    return msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n"


def write_json(audit: Audit, path: Path, reproducible: bool) -> None:
    """Write report.json whole or not at all."""
    write_atomic(path, encode_json(audit, reproducible))


def read_json(path: Path) -> Audit:
    """Read a report.json back into records; unknown keys of a later release are passed over."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}). Give the folder of an audit, or run "
            "`backlint scan` first."
        ) from error
    _check_version(data, path)
    try:
        return msgspec.json.decode(data, type=Audit)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: not a backlint report ({error}). Use the report.json that `backlint scan` "
            "wrote, unedited, or run the scan again."
        ) from error


class _Version(msgspec.Struct):
    schema_version: int | None = None


def _check_version(data: bytes, path: Path) -> None:
    try:
        version = msgspec.json.decode(data, type=_Version).schema_version
    except (msgspec.DecodeError, UnicodeDecodeError):
        return  # the full decode that follows says what is wrong, and where
    if version is None:
        raise InputError(
            f"{path}: no `schema_version`, so this is not a backlint report. Use the report.json "
            "that `backlint scan` wrote."
        )
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{path}: report schema {version}, this backlint reads {SCHEMA_VERSION}. Upgrade "
            "backlint, or run the scan again with this release."
        )


def _check_finite(audit: Audit) -> None:
    """JSON has no NaN or infinity: refuse by name rather than write what cannot be read back."""
    for finding in audit.findings:
        if not math.isfinite(finding.value):
            raise RuleError(
                f"{finding.rule}: its value for {finding.subject!r} is {finding.value}, not a "
                "finite number. Guard the division or logarithm in the rule's SQL."
            )


def _without_seconds(record: msgspec.Struct) -> dict[str, Any]:
    return {k: v for k, v in msgspec.structs.asdict(record).items() if k != "seconds"}


def _utf8(path: str) -> str:
    """Return a path with undecodable bytes escaped: file names need not be UTF-8, JSON must be."""
    return path.encode("utf-8", "backslashreplace").decode()


def _file_name(path: str) -> str:
    posix = PurePosixPath(path).name
    # Only behind a drive or UNC prefix is a backslash a separator: else it belongs to the name.
    windows = PureWindowsPath(path)
    return _utf8(windows.name if windows.drive else posix) or _utf8(path)
