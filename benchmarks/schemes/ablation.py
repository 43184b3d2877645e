"""Parts of the detector that can be left out, to see what each is good for.

Generators that are missing lose schemes; guards that are missing accuse honest groups.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from unittest.mock import patch

import msgspec
import numpy as np

from backlint import audit, graph
from backlint.graph import cotargets
from backlint.rules.catalog import load_features, load_rules

communities = importlib.import_module("backlint.graph.communities")  # its name is a function's too

Off = Callable[[], AbstractContextManager[object]]


def generator(name: str) -> AbstractContextManager[object]:
    """Leave out one of the ways to find candidates."""
    left = {key: value for key, value in graph.GENERATORS.items() if key != name}
    return patch.dict(graph.GENERATORS, left, clear=True)


def _edited(sql: str, old: str, new: str) -> str:
    assert old in sql, f"not in the SQL any more: {old}"
    return sql.replace(old, new)


@contextmanager
def features(changes: Mapping[str, Mapping[str, str]]) -> Iterator[None]:
    """Change the SQL of feature tables: old text -> new text, by feature."""
    changed = []
    for each in load_features():
        for old, new in changes.get(each.name, {}).items():
            each = msgspec.structs.replace(each, sql=_edited(each.sql, old, new))
        changed.append(each)
    with patch.object(audit, "load_features", lambda: changed):
        yield


@contextmanager
def rules(sql: Mapping[str, Mapping[str, str]], params: Mapping[str, float]) -> Iterator[None]:
    """Change the SQL of rules, and parameters wherever they occur."""
    changed = []
    for each in load_rules():
        for old, new in sql.get(each.header.id, {}).items():
            each = msgspec.structs.replace(each, sql=_edited(each.sql, old, new))
        mine = {name: value for name, value in params.items() if name in each.header.params}
        header = msgspec.structs.replace(each.header, params={**each.header.params, **mine})
        changed.append(msgspec.structs.replace(each, header=header))
    with patch.object(audit, "load_rules", lambda _: changed):
        yield


@contextmanager
def both(*parts: AbstractContextManager[object]) -> Iterator[None]:
    """Switch off several parts."""
    with ExitStack() as stack:
        for part in parts:
            stack.enter_context(part)
        yield


ISOLATION = ("min_isolation", "min_isolation_if_dense")
HUBS = "NOT is_site AND (trusted OR sampled OR in_links > greatest(200, (SELECT p995 FROM limit_)))"
OWNERS = {
    "actors": {"ORDER BY family": "ORDER BY node", "family AS actor": "node AS actor",
               "GROUP BY family": "GROUP BY node"},
    "node_actors": {"a.actor = n.family": "a.actor = n.node"},
}  # fmt: skip

PARTS: Mapping[str, Off] = {
    **{f"generator: {name}": partial(generator, name) for name in graph.GENERATORS},
    "generator: expansion of fragments": lambda: patch.object(
        communities, "_expanded", lambda web, groups: set()
    ),
    "generator: targets that share sources": lambda: patch.object(
        cotargets, "customer_groups", lambda links: []
    ),
    "guard: isolation": lambda: rules({}, dict.fromkeys(ISOLATION, 0.0)),
    "guard: null of the maximum": lambda: rules(
        {"BL202": {"s.decades >= s.needed": "true"}, "BL201": {"s.decades >= s.needed": "true"}}, {}
    ),
    "guard: stability": lambda: patch.object(communities, "STABLE", 0.0),
    "guard: give and take": lambda: patch.object(
        communities, "between_circuits", lambda edges: np.ones(len(edges.ids), dtype=bool)
    ),
    "guard: capture beyond chance": lambda: features(
        {"captured_targets": {"AND c.expected < $max_expected": ""}}
    ),
    "guard: families": lambda: features(OWNERS),
    "guard: hubs": lambda: features({"actor_degrees": {HUBS: "false"}}),
}
