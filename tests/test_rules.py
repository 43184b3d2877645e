"""The catalogue: headers, points, sentences, cases; the lint; what a broken rule may not do."""

import string
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from backlint.audit import judge_tables
from backlint.cases import Case, check_cases, expand, load_cases, rows, run_case
from backlint.engine.base import RuleTimeoutError
from backlint.engine.duckdb import DuckEngine
from backlint.errors import RuleError
from backlint.findings import LEVELS, level_rank
from backlint.inputs.load import load
from backlint.lists import catalogue_dir
from backlint.rules.catalog import (
    POLICIES,
    TABLES,
    known_tables,
    load_features,
    load_points,
    load_rules,
    pick,
    read_rules,
)
from backlint.rules.features import AFTER_GRAPH
from backlint.rules.lint import lint_sql
from backlint.rules.model import Rule, used_parameters
from backlint.rules.runner import contract_problems, run_rule, run_rules
from backlint.rules.tails import TAILS

RULES = load_rules()
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.header.id)
CASES = [(rule, case) for rule in RULES for case in load_cases(rule)]

LINKS = """source_url,target_url,anchor,rel,first_seen,title
https://one.com/a,https://shop.com/,shop,,2024-01-01,A page
https://two.com/b,https://shop.com/,shop,,2024-01-02,Another page
https://two.com/b,https://one.com/,one,,2024-01-02,Another page
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    """Every table that rules may read, for a tiny profile; locked as in an audit."""
    path = tmp_path_factory.mktemp("rules") / "links.csv"
    path.write_text(LINKS)
    with DuckEngine(threads=1) as made:
        load(made, [path], sites=["shop.com"])
        judge_tables(made, "domain", [], [])
        made.lock()
        yield made


# --- the shipped rules ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "case"), CASES, ids=[f"{rule.header.id}: {case.name}" for rule, case in CASES]
)
def test_case_holds(rule: Rule, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backlint.cases.load_cases", lambda _: [case])
    problems = [p for p in check_cases(rule) if not p.endswith((" case", "beside it"))]
    assert problems == []


@every_rule
def test_cases_are_of_every_kind(rule: Rule) -> None:
    cases = load_cases(rule)
    kinds = {case.expect for case in cases}
    assert {"hit", "clean"} <= kinds
    if rule.header.requires or rule.header.evaluable:
        assert "not evaluable" in kinds
    names = [case.name for case in cases]
    assert len(names) == len(set(names))
    if any(name.startswith(("min_", "max_")) for name in rule.header.params):
        assert any("just" in name for name in names), "no boundary case"
    judged = [case for case in cases if case.expect != "not evaluable"]
    assert len(judged) > len(rule.header.false_positives)


@every_rule
def test_top_level_is_reached_by_a_case(rule: Rule) -> None:
    levels = [case.level for case in load_cases(rule) if case.expect == "hit" and case.level]
    assert all(level_rank(level) <= level_rank(rule.header.level) for level in levels)
    assert rule.header.level in levels


@every_rule
def test_header(rule: Rule) -> None:
    header = rule.header
    assert rule.path.parent.name == header.family
    assert rule.path.stem == f"{header.id}_{header.name.replace('-', '_')}"
    assert header.policy.removeprefix("link-spam/") in POLICIES
    assert header.false_positives
    assert header.summary.endswith(".")
    assert all(
        field.startswith("links.") or field == "out_links_complete" for field in header.requires
    )
    assert lint_sql(rule.sql, known_tables()) == []
    assert bool(header.evaluable) == bool(header.not_evaluable)


@every_rule
def test_every_level_has_points(rule: Rule, engine: DuckEngine) -> None:
    rows_of = [row for row in load_points().rules if row.rule == rule.header.id]
    assert len(rows_of) == 1
    worth = rows_of[0].points
    names_levels = "level" in engine.columns(rule.sql, _parameters(rule))
    said = [level for level in LEVELS if f"'{level}'" in rule.sql] if names_levels else []
    emitted = said or [rule.header.level]
    assert set(worth) == set(emitted)
    assert rule.header.level in worth
    points = [worth[level] for level in sorted(worth, key=level_rank)]
    assert points == sorted(points)
    assert set(rows_of[0].decisive) <= set(worth)
    assert rows_of[0].source


@every_rule
def test_sentence_names_only_what_the_detail_holds(rule: Rule, engine: DuckEngine) -> None:
    columns = engine.columns(rule.sql, _parameters(rule))
    assert contract_problems(columns) == []
    detail = duckdb.sqltype(columns["detail"])
    keys = {name for name, _ in detail.children}
    named = {name for _, name, _, _ in string.Formatter().parse(rule.header.says) if name}
    assert named
    assert named <= keys


def test_points_know_no_other_rules() -> None:
    assert {row.rule for row in load_points().rules} == {rule.header.id for rule in RULES}


def test_tables_that_rules_may_read_are_those_of_a_run(engine: DuckEngine) -> None:
    loader_only = {"site_hosts", "own_hosts", "reject_errors", "reject_scans"}
    made = set(engine.tables())
    assert known_tables() <= made
    assert made - known_tables() <= loader_only | {"structural_rejects", "rule_rows"}
    assert {table for table, _, _ in TAILS.values()} <= set(TABLES)


def test_features_only_read_tables_that_exist_before_them() -> None:
    known = {name for name in known_tables() if name in TABLES}
    features = load_features()
    scratch = {feature.name for feature in features if feature.header.scratch}
    for feature in features:
        after_graph = int(feature.path.name[:2]) >= AFTER_GRAPH
        there = known - scratch if after_graph else known
        unknown = [p for p in lint_sql(feature.sql, there) if "no table" in p]
        assert unknown == [], feature.name
        header = feature.header
        named = header.params.keys() | header.patterns.keys() | header.phrases.keys()
        assert used_parameters(feature.sql) == named
        known.add(feature.name)


def _parameters(rule: Rule) -> dict[str, object]:
    return {name: rule.header.params[name] for name in used_parameters(rule.sql)}


# --- the notation of cases -----------------------------------------------------------------------


def test_notation_counts_together_and_crosses() -> None:
    assert expand("a{1..3}.com -> b{2..4}.com") == [
        "a1.com -> b2.com",
        "a2.com -> b3.com",
        "a3.com -> b4.com",
    ]
    assert expand("a[1..2].com -> b[1..2].com | x{5..5}") == [
        "a1.com -> b1.com | x5",
        "a1.com -> b2.com | x5",
        "a2.com -> b1.com | x5",
        "a2.com -> b2.com | x5",
    ]
    assert rows("# nothing\na[1..2].com -> a[1..2].com | an anchor") == [
        ["a1.com", "a2.com", "an anchor", "", "", ""],
        ["a2.com", "a1.com", "an anchor", "", "", ""],
    ]


@pytest.mark.parametrize("line", ["a{1..3}.com -> b{1..2}.com", "a.com b.com"])
def test_bad_notation_is_refused(line: str) -> None:
    with pytest.raises(RuleError):
        rows(line)


def test_a_case_expects_the_highest_level() -> None:
    rule = pick(RULES, ["BL304"], [])[0]
    case = Case(
        name="two sellers",
        expect="hit",
        level="low",
        links="a.com -> shop.com | buy backlinks\nb.com -> shop.com | buy backlinks t.me/x",
    )
    claims, coverage = run_case(rule, case)
    assert coverage.state == "ran"
    assert {claim.level for claim in claims} == {"low", "medium"}


def test_missing_cases_are_a_problem(tmp_path: Path) -> None:
    rule = _write(tmp_path, "XY001_thing.sql")
    assert any("has no cases" in problem for problem in check_cases(rule))


# --- the lint ------------------------------------------------------------------------------------

REFUSED = [
    # more than one statement, or none that reads
    ("SELECT 1; DROP TABLE links", "exactly one statement"),
    ("SELECT 1; SELECT 2", "exactly one statement"),
    ("", "exactly one statement"),
    ("INSERT INTO links SELECT * FROM links", "not INSERT"),
    ("UPDATE links SET anchor = ''", "not UPDATE"),
    ("DELETE FROM links", "not DELETE"),
    ("CREATE TABLE x AS SELECT 1", "not CREATE"),
    ("DROP TABLE links", "not DROP"),
    ("COPY links TO '/tmp/x'", "not COPY"),
    ("COPY (SELECT 1) TO '/tmp/x'", "not COPY"),
    ("ATTACH 'x.db'", "not ATTACH"),
    ("PRAGMA version", "not PRAGMA"),
    ("SET threads = 4", "not SET"),
    ("RESET threads", "not COMMAND"),
    ("CALL pragma_version()", "not COMMAND"),
    ("INSTALL httpfs", "not INSTALL"),
    ("LOAD httpfs", "not COMMAND"),
    ("EXPORT DATABASE 'x'", ""),
    ("IMPORT DATABASE 'x'", ""),
    ("VACUUM", "not COMMAND"),
    ("DESCRIBE links", "not DESCRIBE"),
    ("SUMMARIZE links", "not SUMMARIZE"),
    ("EXPLAIN ANALYZE SELECT 1", "not COMMAND"),
    ("VALUES (1)", "not VALUES"),
    # writing inside a SELECT
    ("WITH x AS (INSERT INTO links VALUES (1) RETURNING *) SELECT * FROM x", "Insert"),
    ("WITH x AS (DELETE FROM links RETURNING *) SELECT * FROM x", "Delete"),
    ("WITH x AS (UPDATE links SET a = 1 RETURNING *) SELECT * FROM x", "Update"),
    ("WITH x AS (COPY links TO '/tmp/x') SELECT 1", ""),
    ("SELECT * INTO z FROM links", "SELECT INTO"),
    # files and table functions
    ("SELECT * FROM read_csv('/etc/passwd')", "table function"),
    ("SELECT * FROM read_text('/etc/passwd')", "table function"),
    ("SELECT * FROM glob('/*')", "table function"),
    ("SELECT * FROM range(1000000000)", "table function"),
    ("SELECT * FROM query('SELECT 1')", "table function"),
    ("SELECT * FROM links, LATERAL (SELECT 1)", "Lateral"),
    ("SELECT * FROM unnest([1, 2])", "unnest"),
    ("SELECT unnest(l) FROM links", "explode"),
    ("SELECT * FROM '/etc/passwd'", "no table"),
    ('SELECT * FROM "/etc/passwd"', "no table"),
    ("SELECT * FROM 'links.parquet'", "no table"),
    ("SELECT * FROM 's3://bucket/x'", "no table"),
    # other schemas, the engine's own views, statements in place of a table
    ("SELECT * FROM main.links", "without a schema"),
    ("SELECT * FROM memory.main.links", "without a schema"),
    ("SELECT * FROM saved.links", "without a schema"),
    ("SELECT * FROM information_schema.tables", "without a schema"),
    ("SELECT * FROM duckdb_settings", "no table"),
    ("SELECT * FROM DuckDB_Settings", "no table"),
    ("SELECT * FROM pg_settings", "no table"),
    ("SELECT * FROM sqlite_master", "no table"),
    ("SELECT * FROM pragma_database_list", "no table"),
    (
        "WITH a AS (WITH duckdb_settings AS (SELECT 1) SELECT 1) SELECT * FROM duckdb_settings",
        "CTE",
    ),
    ("SELECT * FROM (SHOW TABLES)", "no table"),
    ("SELECT * FROM (DESCRIBE links)", ""),
    ("SELECT * FROM (SUMMARIZE links)", ""),
    ("SELECT * FROM (PRAGMA version)", "no table"),
    ("SELECT * FROM show('links')", "no table"),
    # functions that look outside or differ from run to run
    ("SELECT getenv('HOME')", "getenv"),
    ("SELECT main.getenv('HOME')", "getenv"),
    ("SELECT 'HOME'.getenv()", "getenv"),
    ("SELECT \"getenv\"('HOME')", "getenv"),
    ("SELECT current_setting('threads')", "current_setting"),
    ("SELECT getvariable('x')", "getvariable"),
    ("SELECT nextval('s')", "nextval"),
    ("SELECT random()", "rand"),
    ("SELECT now()", "now"),
    ("SELECT today()", "current_date"),
    ("SELECT current_date", "current_date"),
    ("SELECT current_user", "current_user"),
    ("SELECT user", "user"),
    ("SELECT * FROM links USING SAMPLE 10", "TableSample"),
    ("SELECT * FROM links TABLESAMPLE 10%", "TableSample"),
    # silent and loud differences between engines
    ("WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x FROM r) SELECT * FROM r", "recursive"),
    (
        "SELECT * FROM (WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x FROM r) "
        "SELECT * FROM r)",
        "recursive",
    ),
    ("SELECT list(anchor ORDER BY link_id) FROM links", "loses its order"),
    ("SELECT list(DISTINCT anchor ORDER BY anchor) FROM links", "loses its order"),
    ("SELECT array_agg(anchor ORDER BY link_id) FROM links", "loses its order"),
    ("SELECT regexp_replace(anchor, 'x', 'y') FROM links", "needs 'g'"),
    ("SELECT regexp_replace(anchor, 'x', 'y', 'i') FROM links", "needs 'g'"),
    ("SELECT regexp_replace(anchor, 'x', 'y', 'gi') FROM links", "options"),
    ("SELECT main.regexp_replace(anchor, 'x', 'y') FROM links", "plainly"),
    ("SELECT anchor.regexp_replace('x', 'y') FROM links", "plainly"),
    ("SELECT regexp_matches(anchor, 'x', 'i') FROM links", "options"),
    ("SELECT regexp_matches(anchor, '\\w+') FROM links", "backreferences"),
    ("SELECT regexp_extract(anchor, '(x)\\1', 1) FROM links", "backreferences"),
    ("SELECT substr(anchor, 0, 2) FROM links", "substring"),
    ("SELECT date_trunc('day', first_seen) FROM links", "timestamp_trunc"),
    ("SELECT quantile_cont(link_id, 0.5) FROM links", "percentile_cont"),
    ("SELECT list_has_any(l, l) FROM links", "array_overlaps"),
    ("SELECT l[-1] FROM links", "Bracket"),
    ("SELECT [x + 1 for x in l] FROM links", "Comprehension"),
    ("SELECT list_filter(l, x -> x > 1) FROM links", ""),
    ("SELECT COLUMNS('.*') FROM links", "columns"),
    ("SELECT anchor GLOB 'x' FROM links", "Glob"),
    ("SELECT anchor SIMILAR TO 'x' FROM links", "SimilarTo"),
    ("SELECT 1 // 2", "IntDiv"),
    ("PIVOT links ON anchor USING count(*)", "not PIVOT"),
    ("SELECT * FROM (PIVOT links ON anchor USING count(*))", "PIVOT"),
    ("SELECT * FROM links ASOF JOIN hosts ON links.link_id >= hosts.host_id", "ASOF"),
    ("SELECT * FROM links POSITIONAL JOIN hosts", "POSITIONAL"),
    ("SELECT * FROM links NATURAL JOIN hosts", "NATURAL"),
    ("SELECT * FROM links UNION BY NAME SELECT * FROM hosts", "BY NAME"),
    ("SELECT DISTINCT ON (anchor) * FROM links", "DISTINCT ON"),
    ("SELECT * FROM links AT (VERSION => 1)", "HistoricalData"),
    ("SELECT * FROM links WHERE anchor = ?", "parameters are named"),
    # not SQL at all
    ("SELECT (", "does not parse"),
    ("SELECT * FROM links WHERE anchor = 'a\\'; DROP TABLE links; --'", ""),
]

ACCEPTED = [
    "SELECT * FROM links",
    "FROM links",
    "SELECT list(DISTINCT anchor) AS a, list_sort(list(anchor)) AS b FROM links",
    "SELECT string_agg(anchor, ',' ORDER BY anchor) FROM links",
    "SELECT regexp_replace(anchor, '[^\\p{L}]+', ' ', 'g') FROM links",
    "SELECT regexp_matches(anchor, '(?i)t\\.me/') FROM links",
    "SELECT count(*) FILTER (WHERE qualified) FROM links",
    "SELECT row_number() OVER (PARTITION BY anchor ORDER BY link_id) AS n FROM links QUALIFY n = 1",
    "WITH a AS (SELECT 1 AS x) SELECT * FROM a UNION ALL SELECT * FROM a",
    "SELECT * FROM links WHERE link_id >= $least AND anchor LIKE '%x%'",
    "SELECT struct_pack(a := 1, b := any_value(anchor)) FROM links GROUP BY anchor",
    "SELECT CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END, CAST(1 AS DOUBLE) / 3, 5 % 2",
    "SELECT date_diff('day', min(first_seen), max(first_seen)) FROM links",
    "SELECT * FROM links WHERE EXISTS (SELECT 1 FROM hosts WHERE host_id = source_host_id)",
    "SELECT * FROM links -- a comment; with a semicolon",
]


@pytest.mark.parametrize(("sql", "why"), REFUSED, ids=[sql for sql, _ in REFUSED])
def test_lint_refuses(sql: str, why: str) -> None:
    problems = lint_sql(sql)
    assert problems
    assert why in " ".join(problems)


@pytest.mark.parametrize("sql", ACCEPTED)
def test_lint_accepts(sql: str) -> None:
    assert lint_sql(sql, known_tables()) == []


def test_lint_knows_the_tables() -> None:
    assert lint_sql("SELECT * FROM linkz", known_tables()) == [
        "'linkz' is no table that rules may read"
    ]
    assert lint_sql("WITH linkz AS (SELECT 1) SELECT * FROM linkz", known_tables()) == []


def test_lint_refuses_every_function_that_makes_a_table() -> None:
    """Whatever the engine offers in FROM, called or by its bare name, is no table of ours."""
    kinds = "('table', 'table_macro', 'pragma')"
    names = duckdb.sql(
        f"SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN {kinds}"
    ).fetchall()
    tables = known_tables()
    assert len(names) > 50
    for (name,) in names:
        assert lint_sql(f"SELECT * FROM {name}", tables), name
        assert lint_sql(f"SELECT * FROM {name}('x')", tables), name
        assert lint_sql(f"SELECT * FROM \"{name}\"('x')", tables), name
        assert lint_sql(f"SELECT 1 FROM links JOIN {name}('x') ON true", tables), name


def test_lint_refuses_scalar_functions_that_are_not_listed() -> None:
    names = duckdb.sql(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'scalar' "
        "AND function_name SIMILAR TO '(get|set|write|read|current|pg_|nextval|currval|txid|uuid|"
        "gen_random|in_search|has_|version|error|sleep|parse_|file|url|http|getenv).*'"
    ).fetchall()
    assert len(names) > 20
    for (name,) in names:
        assert lint_sql(f"SELECT {name}(anchor) FROM links"), name
        assert lint_sql(f"SELECT {name}() FROM links"), name


# --- the locked engine ---------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[DuckEngine]:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with DuckEngine(tmp_path / "audit.duckdb", temp_directory=tmp_path / "spill") as made:
        made.run("CREATE TABLE things AS SELECT 1 AS i")
        made.lock()
        yield made


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sniff_csv('{folder}/secret.csv')",
        "SELECT * FROM read_parquet('https://example.com/x.parquet')",
        "SELECT * FROM secret",
        "SELECT * FROM query('SELECT * FROM read_text(''{folder}/secret.csv'')')",
        "SELECT getenv('HOME')",
        "SELECT 1 AS i; DROP TABLE things",
        "WITH x AS (COPY things TO '{folder}/out.csv') SELECT 1",
    ],
)
def test_locked_engine_reads_no_files(locked: DuckEngine, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"  # noqa: F841  a name that a Python scan would find
    with pytest.raises((duckdb.Error, ValueError)):
        locked.materialise("rule_rows", sql.format(folder=tmp_path))
    assert locked.value("SELECT count(*) FROM things") == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "COPY things TO '{folder}/out.csv'",
        "COPY things FROM '{folder}/secret.csv'",
        "ATTACH '{folder}/other.duckdb'",
        "EXPORT DATABASE '{folder}/export'",
        "IMPORT DATABASE '{folder}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET python_enable_replacements = true",
        "RESET enable_external_access",
        "PRAGMA profiling_output = '{folder}/out.csv'",
        "CALL enable_logging()",
        "CREATE PERSISTENT SECRET p (TYPE s3)",
    ],
)
def test_locked_engine_stays_locked(locked: DuckEngine, tmp_path: Path, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        locked.run(sql.format(folder=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} <= {
        "secret.csv", "audit.duckdb", "audit.duckdb.wal", "spill",
    }  # fmt: skip


def test_locked_engine_still_saves(locked: DuckEngine, tmp_path: Path) -> None:
    assert locked.save(["things"]) == tmp_path / "audit.duckdb"
    with duckdb.connect(str(tmp_path / "audit.duckdb"), read_only=True) as saved:
        assert saved.execute("SELECT i FROM things").fetchall() == [(1,)]


def test_engine_runs_one_statement_only() -> None:
    with DuckEngine() as engine:
        engine.run("CREATE TABLE things AS SELECT 1 AS i")
        for method in (engine.columns, lambda sql: engine.materialise("x", sql)):
            with pytest.raises(ValueError, match="exactly one statement"):
                method("SELECT 1 AS a; DROP TABLE things")
        assert engine.value("SELECT count(*) FROM things") == 1


# --- the catalogue of a stranger -----------------------------------------------------------------

HEADER = """/*
id = "{id}"
name = "thing"
family = "links"
level = "low"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "domain"
group = "placement"
policy = "link-spam/automated"
requires = {requires}
summary = "A thing."
says = "{{links}} links"
rationale = "Because."
false_positives = ["None of them."]
remediation = "Nothing."
references = [{{ title = "A test", read = 2026-11-22 }}]
{more}
*/
{sql}
"""
GOOD = """SELECT node AS subject, 1.0::DOUBLE AS value, list(node) AS domains,
    list(link_id) AS link_ids, struct_pack(links := count(*)) AS detail
FROM nodes JOIN links ON source_id = node_id GROUP BY node"""


def _text(id: str = "XY001", sql: str = GOOD, requires: str = "[]", more: str = "") -> str:
    return HEADER.format(id=id, sql=sql, requires=requires, more=more)


def _write(folder: Path, name: str, text: str | None = None) -> Rule:
    """Write a rule file and read it back; fails when the catalogue finds a problem."""
    (folder / name).write_text(text or _text())
    found, problems = read_rules([folder])
    assert problems == []
    return next(rule for rule in found if rule.path.name == name)


def test_every_problem_is_collected_with_its_place(tmp_path: Path) -> None:
    files = {
        "XY001_good.sql": _text(),
        "XY002_bare.sql": GOOD,
        "XY003_toml.sql": _text("XY003").replace('level = "low"', "level = low"),
        "XY004_field.sql": _text("XY004", more="colour = 1"),
        "XY005_level.sql": _text("XY005").replace('level = "low"', 'level = "lowish"'),
        "XY006_id.sql": _text("BL1"),
        "XY007_other.sql": _text("XY008"),
        "XY009_twin.sql": _text("XY009"),
        "XY009_twin_again.sql": _text("XY009"),
        "XY010_unknown.sql": _text("XY010", sql=GOOD + " HAVING count(*) > $most"),
        "XY011_unused.sql": _text("XY011", more="[params]\nmost = 3"),
        "XY012_group.sql": _text("XY012").replace('"placement"', '"colours"'),
        "XY013_policy.sql": _text("XY013").replace("automated", "taste"),
        "XY014_innocent.sql": _text("XY014").replace('["None of them."]', "[]"),
        "XY015_sql.sql": _text("XY015", sql="SELECT * FROM read_csv('/etc/passwd')"),
        "XY016_asks.sql": _text("XY016", more='evaluable = "SELECT getenv(1)"'),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    _, problems = read_rules([tmp_path, tmp_path / "nowhere"])
    expected = {
        "XY002_bare.sql:1:": "no TOML header",
        "XY003_toml.sql:5:": "header:",
        "XY004_field.sql:19:": "colour",
        "XY005_level.sql:5:": "lowish",
        "XY006_id.sql:2:": "not like BL123",
        "XY007_other.sql:2:": "must begin with XY008_",
        "XY009_twin_again.sql:2:": "is taken by",
        "XY010_unknown.sql:23:": "$most is used but not in [params]",
        "XY011_unused.sql:20:": "most is in [params] but not used",
        "XY012_group.sql:10:": "'colours' is none of",
        "XY013_policy.sql:11:": "no clause",
        "XY014_innocent.sql:16:": "false_positives is empty",
        "XY015_sql.sql:21:": "table function",
        "XY016_asks.sql:19:": "needs not_evaluable",
        "nowhere:": "no directory",
    }
    for place, why in expected.items():
        assert any(f"{tmp_path}/{place}" in p and why in p for p in problems), (place, problems)
    assert not any("XY001" in p for p in problems)
    assert any("evaluable: function getenv() is not" in p for p in problems)
    with pytest.raises(RuleError, match=r"(?s)XY002_bare\.sql:1:.*XY011_unused"):
        load_rules([tmp_path])


def test_a_name_of_the_catalogue_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "BL101_mine.sql").write_text(_text("BL101"))
    _, problems = read_rules([catalogue_dir(), tmp_path])
    assert [p for p in problems if "id BL101 is taken by" in p]


def test_a_good_rule_of_a_stranger_runs(tmp_path: Path, engine: DuckEngine) -> None:
    rule = _write(tmp_path, "XY001_thing.sql")
    claims = run_rule(engine, rule)
    assert [(x.subject, x.detail) for x in claims] == [
        ("one.com", {"links": 1}),
        ("two.com", {"links": 2}),
    ]


def test_a_broken_rule_fails_alone(tmp_path: Path, engine: DuckEngine) -> None:
    broken = {
        "XY002_subject.sql": GOOD.replace("node AS subject", "1 AS subject"),
        "XY003_extra.sql": GOOD.replace("AS detail", "AS detail, 1 AS more"),
        "XY004_column.sql": GOOD.replace("link_id)", "no_such_column)"),
        "XY005_detail.sql": GOOD.replace("struct_pack(links := count(*))", "count(*)"),
        "XY006_error.sql": GOOD.replace("1.0::DOUBLE", "CAST(node AS DOUBLE)"),
        "XY007_missing.sql": GOOD.replace(", list(node) AS domains", ""),
    }
    for name, sql in broken.items():
        (tmp_path / name).write_text(_text(name[:5], sql=sql))
    _write(tmp_path, "XY001_thing.sql")
    _write(tmp_path, "XY999_thing.sql", _text("XY999"))
    rules, _ = read_rules([tmp_path])
    claims, coverage = run_rules(engine, rules, frozenset())
    states = {row.rule: (row.state, row.reason, row.findings) for row in coverage}
    assert states["XY001"] == ("ran", "", 2)
    assert states["XY999"] == ("ran", "", 2)
    assert {claim.rule for claim in claims} == {"XY001", "XY999"}
    reasons = {
        "XY002": "column subject is INTEGER, must be VARCHAR",
        "XY003": "column more is not in the contract",
        "XY004": "no_such_column",
        "XY005": "column detail must be a STRUCT",
        "XY006": "Could not convert",
        "XY007": "column domains is missing",
    }
    for rule, why in reasons.items():
        assert states[rule][0] == "failed"
        assert why in states[rule][1]


def test_a_runaway_rule_is_stopped_alone(tmp_path: Path, engine: DuckEngine) -> None:
    joins = " ".join(f"CROSS JOIN generic_anchors t{n}" for n in range(5))
    runaway = f"""SELECT node AS subject,
        CAST(sum(length(t0.entry || t4.entry)) AS DOUBLE) AS value, list(node) AS domains,
        list(CAST(1 AS BIGINT)) AS link_ids,
        struct_pack(links := count(*)) AS detail
        FROM nodes {joins} WHERE t0.entry || t1.entry <> t2.entry || t3.entry || t4.entry
        GROUP BY node"""
    _write(tmp_path, "XY001_runaway.sql", _text("XY001", sql=runaway))
    (tmp_path / "XY002_asks.sql").write_text(
        _text(
            "XY002",
            more=f'evaluable = "SELECT count(t0.entry || t4.entry) > 0 FROM nodes {joins}'
            ' WHERE t0.entry || t1.entry <> t2.entry || t3.entry || t4.entry"\n'
            'not_evaluable = "no"',
        )
    )
    (tmp_path / "XY003_good.sql").write_text(_text("XY003"))
    rules, problems = read_rules([tmp_path])
    assert problems == []
    claims, coverage = run_rules(engine, rules, frozenset(), seconds=0.5)
    assert [(row.rule, row.state) for row in coverage] == [
        ("XY001", "timed out"),
        ("XY002", "timed out"),
        ("XY003", "ran"),
    ]
    assert coverage[0].reason == "stopped after 0.5 s"
    assert coverage[0].seconds < 10
    assert {claim.rule for claim in claims} == {"XY003"}
    with pytest.raises(RuleTimeoutError):
        run_rule(engine, rules[0], 0.2)


def test_a_missing_column_is_named(tmp_path: Path, engine: DuckEngine) -> None:
    rule = _write(
        tmp_path,
        "XY001_thing.sql",
        _text(requires='["links.anchor", "links.title", "out_links_complete"]'),
    )
    claims, coverage = run_rules(engine, [rule], frozenset({"links.anchor"}))
    assert claims == []
    assert coverage[0].state == "not evaluable"
    assert "the column title" in coverage[0].reason
    assert "anchor" not in coverage[0].reason
    assert "all out-links" in coverage[0].reason


def test_selectors_pick_by_id_family_and_name() -> None:
    ids = [rule.header.id for rule in pick(RULES, ["BL1", "link-seller"], ["BL102"])]
    assert ids == ["BL101", "BL103", "BL104", "BL105", "BL304"]
    with pytest.raises(RuleError, match="did you mean"):
        pick(RULES, ["link-sellr"], [])
