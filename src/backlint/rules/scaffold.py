"""A new rule that already works: a small honest example, to be changed line by line."""

import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from backlint.errors import UsageError
from backlint.files import write_atomic
from backlint.lists import catalogue_dir
from backlint.rules.model import Rule

PREFIX = "MY"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_FAMILY = re.compile(r"[a-z][a-z0-9-]*\Z")
_PREFIX = re.compile(r"[A-Z]{2,8}\Z")


class Scaffold(NamedTuple):
    """The files of a new rule: its id and what is written where."""

    id: str
    rule: Path
    cases: Path


def new_rule(
    name: str, folder: Path, rules: Sequence[Rule], family: str = "own", prefix: str = PREFIX
) -> Scaffold:
    """Write a rule and its cases under a free id; overwrite nothing.

    In the catalogue itself the rule goes to the folder of its family, with an id of the family's
    hundred. Raises UsageError for names that no rule can have.
    """
    if not _NAME.match(name):
        raise UsageError(f"{name!r} is no name of a rule; write it like paid-reviews")
    if not _FAMILY.match(family):
        raise UsageError(f"--family: {family!r} is no family; write it like anchors")
    if taken := next((rule for rule in rules if rule.header.name == name), None):
        raise UsageError(f"the name {name} is taken by {taken.path}; choose another")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--dir {folder}: is a file; name a folder")
    ids = {rule.header.id for rule in rules}
    shipped = folder.resolve() == catalogue_dir().resolve()
    if shipped:
        folder = folder / family
        numbers = _hundred(family, rules)
        prefix = "BL"
    else:
        if not _PREFIX.match(prefix) or prefix == "BL":
            raise UsageError(f"--prefix: {prefix!r} is not two to eight capitals other than BL")
        numbers = range(1, 1000)
    there = {path.name[: len(prefix) + 3] for path in folder.glob("*.sql")}
    free = next((f"{prefix}{n:03}" for n in numbers if f"{prefix}{n:03}" not in ids | there), None)
    if free is None:
        raise UsageError(f"all ids {prefix}{numbers[0]:03} to {prefix}{numbers[-1]:03} are taken")
    stem = f"{free}_{name.replace('-', '_')}"
    made = Scaffold(free, folder / f"{stem}.sql", folder / f"{stem}.cases.toml")
    for path in (made.rule, made.cases):
        if path.exists():
            raise UsageError(f"{path}: is there already, and is not replaced")
    template = Path(__file__).parent / "template"
    text = (template / "rule.sql").read_text("utf-8")
    if shipped:  # its points stand in points.toml
        text = re.sub(r"^points = .*\n", "", text, flags=re.MULTILINE)
    today = datetime.date.today().isoformat()
    for mark, word in {"@ID": free, "@NAME": name, "@FAMILY": family, "@TODAY": today}.items():
        text = text.replace(mark, word)
    folder.mkdir(parents=True, exist_ok=True)
    # the cases first: a rule without them would be an error of the next command
    write_atomic(made.cases, (template / "cases.toml").read_text("utf-8"))
    try:
        write_atomic(made.rule, text)
    except BaseException:
        made.cases.unlink()
        raise
    return made


def _hundred(family: str, rules: Sequence[Rule]) -> range:
    first = sorted(rule.header.id for rule in rules if rule.header.family == family)
    if not first:
        known = ", ".join(sorted({rule.header.family for rule in rules}))
        raise UsageError(f"--family: the catalogue has no family {family!r}; it has {known}")
    hundred = int(first[0][2]) * 100
    return range(hundred + 1, hundred + 100)
