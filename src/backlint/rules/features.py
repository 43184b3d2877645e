"""Make the tables that rules may read, from the feature files in order, with their tails."""

from collections.abc import Callable, Sequence

from backlint.engine.base import Engine
from backlint.rules.model import Feature, used_parameters
from backlint.rules.tails import add_tails
from backlint.rules.terms import pattern_of, phrase_of

# features numbered below are made before the graph is searched, the others judge its candidates
AFTER_GRAPH = 50


def make_features(
    engine: Engine,
    features: Sequence[Feature],
    *,
    after_graph: bool,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Materialise the features of one phase in order, with the tails that belong to them."""
    phase = [f for f in features if (int(f.path.name[:2]) >= AFTER_GRAPH) == after_graph]
    for feature in phase:
        progress(f"making {feature.name.replace('_', ' ')}")
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
