"""The portable subset: SQL that means the same in DuckDB and in Spark, and only reads.

Only syntax and functions that were shown equal are allowed, because some differences are silent:
ordered `list()`, filtered-empty lists, `regexp_replace` without 'g', `substr` from 0, division by
zero. What is not named here is refused, so new syntax of an engine cannot slip through: a CTE may
write (`WITH x AS (DELETE ... RETURNING ...)`), and a bare name may be a view of the engine's own.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

# by sqlglot's own names for what it knows, by the SQL name for the rest
_FUNCTIONS = """
    abs and any_value any arg_max array_agg array_to_string array avg between bool_and bool_or
    logical_and logical_or cast try_cast ceil coalesce concat concat_ws contains count count_if
    dense_rank ends_with exists extract floor greatest if in initcap is lag lead least left length
    like ln log lower lpad max min not nullif or order rank regexp_extract regexp_like
    regexp_matches regexp_replace replace right round row_number rpad split_part starts_with
    string_agg group_concat strpos str_position sum trim upper case
    date_diff datediff power pow sqrt sign list_sort sort_array array_sort
    list_slice slice struct_pack struct
    list array_slice sorted list_distinct array_distinct array_size flatten list_value
    list_concat
"""
ALLOWED = frozenset(_FUNCTIONS.split())

# syntax that is no function, by the names of sqlglot's classes
_NODES = """
    Add Alias Between Boolean CTE Column DPipe DataType Distinct Div EQ Escape Except Filter From GT
    GTE Group Having Identifier IgnoreNulls In Intersect Is Join LT LTE Like Limit Literal Mod Mul
    NEQ Neg Not Null NullSafeEQ NullSafeNEQ Order Ordered Paren Placeholder PropertyEQ Qualify
    Select Star Sub Subquery Table TableAlias Tuple Union Var Where Window WindowSpec With
"""
ALLOWED_NODES = frozenset(_NODES.split())

# columns that are not columns: keywords that call a function without parentheses
_KEYWORDS = frozenset(
    {
        "user", "session_user", "system_user", "current_role", "current_catalog", "current_schema",
        "current_database", "current_path", "localtime", "localtimestamp",
    }
)  # fmt: skip

# never tables of ours: statements that some engines take as a table, and the engine's own views
_NO_TABLE = re.compile(
    r"(duckdb|pg|pragma|sqlite|information)_|(show|describe|summarize|pragma|table|from)\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_REGEXPS = (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)
_UNEQUAL_REGEXP = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9wWbB]")


class SqlProblem(NamedTuple):
    """What is not allowed in a SELECT, with its line, from 1."""

    line: int
    text: str


Finding = tuple[Any, str]  # a node of the tree, whose class has changed its name, and the reason


def lint_sql(sql: str, tables: Collection[str] | None = None) -> list[str]:
    """Return what is not portable or not allowed in one SELECT, each as a sentence.

    `tables` are the names that may be read; without it every plain name is taken for a table.
    """
    return list(dict.fromkeys(problem.text for problem in sql_problems(sql, tables)))


def sql_problems(sql: str, tables: Collection[str] | None = None) -> list[SqlProblem]:
    """Return what `lint_sql` does, each with its line."""
    try:
        statements = [s for s in sqlglot.parse(sql, read="duckdb") if s is not None]
    except ParseError as error:
        return [_unparsed(sql, error)]
    except (SqlglotError, RecursionError) as error:
        return [SqlProblem(1, f"does not parse: {str(error).splitlines()[0]}")]
    if len(statements) != 1:
        return [SqlProblem(1, "must be exactly one statement")]
    tree = statements[0]
    if not isinstance(tree, exp.Query):
        return [SqlProblem(1, f"must be a SELECT, not {tree.key.upper()}")]
    found = [*_syntax_problems(tree), *_function_problems(tree), *_table_problems(tree, tables)]
    return list(dict.fromkeys(SqlProblem(_line(sql, node), text) for node, text in found))


def _unparsed(sql: str, error: ParseError) -> SqlProblem:
    place = error.errors[0] if error.errors else {}
    before = str(place.get("start_context") or "")
    at = sql.find(before + str(place.get("highlight") or ""))
    line = sql.count("\n", 0, max(at, 0) + len(before)) + 1
    # the line in sqlglot's own message is wrong after a $parameter: it looks for $tag$ there, and
    # counts the lines that it looked through twice
    why = place.get("description") or "invalid SQL"
    return SqlProblem(line, f"does not parse: {str(why).partition(' <Token')[0].rstrip('.')}")


def _line(sql: str, node: Any) -> int:
    """Return the line of a node: only names and literals know their place, so the first in it."""
    above = node
    while above is not None:
        parts = [above] if "start" in above.meta else above.walk()
        starts = [int(part.meta["start"]) for part in parts if "start" in part.meta]
        if starts:
            return sql.count("\n", 0, min(starts)) + 1
        above = above.parent
    return 1


def _syntax_problems(tree: exp.Query) -> Iterator[Finding]:
    for node in tree.walk():
        name = type(node).__name__
        if isinstance(node, exp.Into):
            yield node, "SELECT INTO writes"
        elif isinstance(node, exp.Pivot):
            yield node, "PIVOT differs between engines"
        elif isinstance(node, exp.Dot):
            yield node, f"{node.sql(dialect='duckdb')}: write functions plainly, like lower(x)"
        elif not isinstance(node, exp.Func) and name not in ALLOWED_NODES:
            yield node, f"{name} is not in the portable subset"
        if isinstance(node, exp.With) and node.args.get("recursive"):
            yield node, "recursive CTEs differ between engines"
        if isinstance(node, exp.Join) and node.args.get("method"):
            yield node, f"{node.args['method']} JOIN is not in the portable subset"
        if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
            yield node, "UNION BY NAME is not in the portable subset"
        if isinstance(node, exp.Distinct) and node.args.get("on"):
            yield node, "DISTINCT ON is not in the portable subset; use row_number()"
        if isinstance(node, exp.Placeholder) and node.name in ("", "?"):
            yield node, "parameters are named, like $min_domains"


def _function_problems(tree: exp.Query) -> Iterator[Finding]:
    for node in tree.find_all(exp.Func):
        name = node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()
        if name not in ALLOWED:
            yield node, f"function {name}() is not in the portable subset"
        if isinstance(node, exp.ArrayAgg) and node.find(exp.Order):
            yield node, "list(x ORDER BY y) loses its order elsewhere; use list_sort(list(x))"
        if isinstance(node, _REGEXPS):
            yield from _regexp_problems(node)
    for column in tree.find_all(exp.Column):
        if not column.table and column.name.lower() in _KEYWORDS and not column.this.quoted:
            yield column, f"{column.name} is a function of the engine, no column"


def _regexp_problems(node: exp.Func) -> Iterator[Finding]:
    options = node.args.get("modifiers") or node.args.get("flag") or node.args.get("parameters")
    given = options.name if isinstance(options, exp.Literal) else None
    if isinstance(node, exp.RegexpReplace):
        if given is None or "g" not in given:
            yield node, "regexp_replace needs 'g': without it the engines differ"
        given = (given or "").replace("g", "")
    if (options is not None and given is None) or given:
        yield (
            node,
            "options of regular expressions differ between engines; write (?i) in the pattern",
        )
    for literal in node.find_all(exp.Literal):
        if literal.is_string and _UNEQUAL_REGEXP.search(literal.name):
            yield literal, "\\w, \\b and backreferences differ between engines; name the characters"


def _table_problems(tree: exp.Query, tables: Collection[str] | None) -> Iterator[Finding]:
    ctes = {cte.alias: cte for cte in tree.find_all(exp.CTE)}
    for name, cte in sorted(ctes.items()):
        if _NO_TABLE.match(name) or not _NAME.match(name):
            yield cte, f"{name!r} is no name for a CTE"
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Func):
            yield table, f"table function {table.this.sql(dialect='duckdb')} is not allowed"
        elif table.args.get("db") or table.args.get("catalog"):
            yield table, f"table {table.sql(dialect='duckdb')} must be named without a schema"
        elif table.name in ctes:
            continue
        elif (
            not _NAME.match(table.name)
            or _NO_TABLE.match(table.name)
            or (tables is not None and table.name not in tables)
        ):
            yield table, f"{table.name!r} is no table that rules may read"
