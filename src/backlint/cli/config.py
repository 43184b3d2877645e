"""`backlint.toml`: the options of `scan` as keys, and what is changed in rules.

Click asks a context for defaults before it uses those of the option, so the file is laid under the
command line there, and what is typed wins.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import typer

from backlint.errors import UsageError

if TYPE_CHECKING:
    from backlint.places import Path as KeyPath
    from backlint.rules.overrides import Override

NAME = "backlint.toml"
LOCK = "backlint.lock"

Words = list[str] | str
Levels = Literal["never", "low", "medium", "high", "critical"]


class Key(NamedTuple):
    """One key: the type of its value, an example, what it does, and whether it names files."""

    kind: Any
    example: str
    says: str
    files: bool = False


KEYS = {
    "site": Key(Words, '["example.com"]', "The audited sites."),
    "brand": Key(Words, '["Example", "Example Tents"]', "Names of the brand."),
    "keywords": Key(str, '"keywords.txt"', "The terms you want to rank for, one a line.", True),
    "topic": Key(str, '"topic.txt"', "What the site is about, in words or pages of text.", True),
    "own": Key(str, '"own.txt"', "Your other domains, one a line.", True),
    "family": Key(str, '"families.txt"', "Domains that have one owner, a family a line.", True),
    "allow": Key(str, '"allow.txt"', "Domains never to disavow, one a line, or TOML.", True),
    "decisions": Key(str, '"decisions.toml"', "What you decided of earlier audits.", True),
    "disavow": Key(str, '"live.txt"', "The disavow file that is live now; it is merged in.", True),
    "map": Key(str, '"source_url=From,target_url=To"', "The columns of a header not known."),
    "webgraph": Key(
        tuple[str, str],
        '["vertices.txt.gz", "edges.txt.gz"]',
        "Common Crawl's web graph: vertices and edges.",
        True,
    ),
    "manual-action": Key(bool, "true", "Search Console reports a manual action."),
    "node": Key(Literal["domain", "host"], '"host"', "What counts as one publisher."),
    "select": Key(Words, '["BL1", "BL201"]', "Run only these rules, by id, family or name."),
    "ignore": Key(Words, '["BL401"]', "Do not run these rules."),
    "fail-on": Key(Levels, '"high"', "Exit with 1 on a finding of this level or above."),
    "baseline": Key(str, '"last-audit"', "An earlier audit; --fail-on counts what is new.", True),
    "strict": Key(bool, "true", "Exit with 3 on a rejected row or a rule not run."),
    "as-of": Key(str, '"2026-11-22"', "The day of the audit; else the latest date seen."),
    "reproducible": Key(bool, "true", "Leave seconds and folders out of the report."),
    "out": Key(str, '"backlint-audit"', "The folder to write.", True),
    "threads": Key(int, "2", "Threads; else all cores."),
    "memory-limit": Key(str, '"4GB"', "Memory for tables before they spill to disk."),
}
FOLDERS = Key(Words, '["my-rules"]', "Folders of further rules. Rules are code: know them.", True)


class Config(NamedTuple):
    """A configuration file: its path, None for none, values by key, folders and overrides.

    Names of files in it are relative to its own folder, and made usable from here.
    """

    path: Path | None = None
    values: Mapping[str, Any] = {}
    folders: tuple[Path, ...] = ()
    overrides: Mapping[str, "Override"] = {}

    @property
    def says_something(self) -> bool:
        """Whether it holds anything but comments."""
        return bool(self.values or self.folders or self.overrides)

    @property
    def lock(self) -> Path:
        """Where the lock of rules stands: beside the configuration."""
        return (self.path.parent if self.path else Path()) / LOCK


def find_config() -> Path | None:
    """Return the configuration of the current folder: backlint.toml, else a pyproject.toml."""
    if Path(NAME).is_file():
        return Path(NAME)
    project = Path("pyproject.toml")
    try:  # it may be somebody else's, and need not be valid when it says nothing of us
        return project if "tool.backlint" in project.read_text("utf-8-sig") else None
    except (OSError, UnicodeDecodeError):
        return None


def read_config(path: Path | None) -> Config:
    """Return a configuration; raises UsageError with every problem, each as FILE:LINE."""
    if path is None:
        return Config()
    import msgspec

    from backlint.places import locate

    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--config {path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}:1: is not UTF-8 text; save it as UTF-8") from error
    try:
        document = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        place = locate(text, error)
        raise UsageError(f"{path}:{place.line}: {place.reason}") from error
    return _Reader(path, text).config(document)


class _Reader:
    """Reads one document and collects what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.root: KeyPath = ("tool", "backlint") if path.name == "pyproject.toml" else ()
        self.problems: list[tuple[int, str]] = []

    def config(self, document: dict[str, Any]) -> Config:
        for part in self.root:
            document = document.get(str(part), {}) if isinstance(document, dict) else {}
        if not isinstance(document, dict):
            raise UsageError(f"{self.path}:{self._line(())}: tool.backlint is a table of options")
        rules = document.pop("rules", {})
        values = {key: self._value(key, KEYS, value) for key, value in document.items()}
        folders: list[str] = []
        overrides = {}
        if isinstance(rules, dict):
            folders = _words(self._value("folders", {"folders": FOLDERS}, rules.pop("folders", [])))
            overrides = {rule: self._override(rule, entry) for rule, entry in rules.items()}
        else:
            self._wrong(("rules",), 'rules is a table; write [rules] and folders = ["my-rules"]')
        if self.problems:
            lines = [f"{self.path}:{line}: {why}" for line, why in sorted(self.problems)]
            raise UsageError("\n".join(lines))
        return Config(self.path, values, tuple(map(Path, folders)), overrides)

    def _line(self, key: "KeyPath") -> int:
        from backlint.places import key_line

        return key_line(self.text, (*self.root, *key))

    def _wrong(self, key: "KeyPath", why: str) -> None:
        self.problems.append((self._line(key), why))

    def _value(self, name: str, keys: Mapping[str, Key], value: Any) -> Any:
        import msgspec

        key = keys.get(name)
        if key is None:
            self._wrong((name,), f"unknown key {name!r}{_near(name, [*keys, 'rules'])}")
            return None
        place = (name,) if keys is KEYS else ("rules", name)
        try:
            found = msgspec.convert(value, type=key.kind)
        except msgspec.ValidationError as error:
            self._wrong(place, f"{name}: {str(error).partition(' - at')[0]}, as in {key.example}")
            return None
        if name == "threads" and found < 1:
            self._wrong(place, "threads: must be 1 or more")
        if key.kind is Words and not all(word.strip() for word in _words(found)):
            self._wrong(place, f"{name}: holds an empty word; leave it out")
        if key.files:
            within = [str(self.path.parent / part) for part in _words(found)]
            return within[0] if isinstance(found, str) else within
        return _words(found) if key.kind is Words else found

    def _override(self, rule: str, entry: Any) -> "Override":
        from backlint.rules.overrides import Override

        if not isinstance(entry, dict):
            self._wrong(
                ("rules", rule),
                f"unknown key {rule!r}{_near(rule, ['folders'])}; what is changed in a rule stands "
                'under its id, such as [rules.BL301] level = "medium"',
            )
            return Override()
        level, points = entry.pop("level", ""), entry.pop("points", {})
        if not isinstance(level, str):
            self._wrong(("rules", rule, "level"), 'level: is a word, such as "medium"')
        if not isinstance(points, dict) or not all(_number(worth) for worth in points.values()):
            self._wrong(("rules", rule, "points"), "points: write them as { low = 3, medium = 6 }")
            points = {}
        for name, value in entry.items():
            if not _number(value) and not isinstance(value, str):
                self._wrong(("rules", rule, name), f"{name}: must be a number or a text")
        keys = {"": ("rules", rule), **{k: ("rules", rule, k) for k in ("level", "points", *entry)}}
        places = {name: f"{self.path}:{self._line(key)}" for name, key in keys.items()}
        return Override(level, points, entry, places)


def config_file(names: Mapping[str, str] | None = None) -> Any:
    """Return the option --config of a command: it lays the file under the command line.

    `names` says which key a parameter takes its default from; without it each takes the key of its
    own name.
    """

    def lay(ctx: typer.Context, path: Path | None) -> Path | None:
        path = path or find_config()
        config = read_config(path)
        values = {**config.values, "rules": [str(folder) for folder in config.folders]}
        keys = names
        if keys is None:
            own = [str(parameter.name) for parameter in ctx.command.params]
            keys = {name: name.rstrip("_").replace("_", "-") for name in own}
        laid = {name: values[key] for name, key in keys.items() if values.get(key)}
        ctx.default_map = {**(ctx.default_map or {}), **laid}
        return path

    return typer.Option(
        "--config",
        help="A configuration file; else backlint.toml, or [tool.backlint] of pyproject.toml, in "
        "the current folder.",
        metavar="FILE",
        callback=lay,
        is_eager=True,
    )


def template() -> str:
    """Return a backlint.toml of comments: every key with what it does and an example."""
    return "\n".join(_template()) + "\n"


def _template() -> Iterator[str]:
    yield "# What `backlint` would else be told on every command line; what is typed there wins."
    yield "# Names of files are relative to this file. An unknown key is an error."
    for name, key in KEYS.items():
        yield f"\n# {key.says}\n# {name} = {key.example}"
    yield f"\n# {FOLDERS.says}\n# [rules]\n# folders = {FOLDERS.example}"
    yield "\n# A level may be lowered, a parameter keeps its type, points end at the group's cap."
    yield "# Reports say what was changed; `backlint rules show BL301` shows what there is."
    yield '# [rules.BL301]\n# level = "medium"\n# min_domains = 30\n# points = { medium = 5 }'


def _words(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _near(wrong: str, known: list[str]) -> str:
    import difflib

    found = difflib.get_close_matches(wrong, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""
