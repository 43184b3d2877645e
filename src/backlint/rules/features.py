"""Make the tables that rules may read, from the feature files in order, with their tails."""

import re
from collections.abc import Callable, Sequence

from backlint.engine.base import Engine
from backlint.rules.model import Feature, Rule, used_parameters
from backlint.rules.tails import TAILS, add_tails
from backlint.rules.terms import pattern_of, phrase_of

# features numbered below are made before the graph is searched, the others judge its candidates;
# from the second number on they describe the profile, and no rule reads them
AFTER_GRAPH, DESCRIBING = 50, 70

_FOUND = {"candidates", "candidate_members"}  # what the search of the graph makes


def needed(features: Sequence[Feature], rules: Sequence[Rule]) -> list[Feature]:
    """Return the features that some rules read, directly or through others; for single cases.

    Where they read what the graph search finds, that is all but those that only describe.
    """
    made_with = {table: feature for feature, (table, _, _) in TAILS.items()}
    by_name = {feature.name: feature for feature in features}
    wanted: set[str] = set()
    texts = [text for rule in rules for text in (rule.sql, rule.header.evaluable)]
    while texts:
        words = set(re.findall(r"[a-z_]+", texts.pop()))
        for name in {made_with.get(word, word) for word in words} - wanted:
            wanted.add(name)
            if name in by_name:
                texts.append(by_name[name].sql)
    if wanted & _FOUND:
        return [f for f in features if int(f.path.name[:2]) < DESCRIBING]
    return [feature for feature in features if feature.name in wanted]


def make_features(
    engine: Engine,
    features: Sequence[Feature],
    *,
    after_graph: bool,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Materialise the features of one phase in order, with the tails that belong to them."""
    phase = [f for f in features if (int(f.path.name[:2]) >= AFTER_GRAPH) == after_graph]
    for number, feature in enumerate(phase):
        progress(f"making {feature.name.replace('_', ' ')} {number / len(phase):.0%}")
        used = used_parameters(feature.sql)
        header = feature.header
        patterns = {name: pattern_of(lists) for name, lists in header.patterns.items()}
        phrases = {name: phrase_of(lists) for name, lists in header.phrases.items()}
        params = {name: (header.params | patterns | phrases)[name] for name in sorted(used)}
        if feature.header.view:
            engine.run(f"CREATE OR REPLACE VIEW {feature.name} AS {feature.sql}")
        else:
            engine.materialise(feature.name, feature.sql, params or None)
        add_tails(engine, feature.name)
    for feature in phase:
        if feature.header.scratch:
            engine.run(f"DROP TABLE {feature.name}")
