"""Signals of a backlink that SQL cannot compute: PageRank and topical relevance."""

import numpy as np
import polars as pl

WORDS_SHOWN = 4


def page_ranks(edges: pl.DataFrame) -> pl.DataFrame:
    """Return actor_id and pagerank (damping .85, 1 on average) of nodes that are linked to.

    `edges` has source and target. A node that nobody in the data links to has no known rank: an
    export shows the links into one site, not those into the sites that link to it.
    """
    import igraph

    ends = edges.to_numpy()
    names, numbers = np.unique(ends, return_inverse=True)
    graph = igraph.Graph(n=len(names), edges=numbers.reshape(ends.shape), directed=True)
    ranks = np.asarray(graph.pagerank(damping=0.85)) * len(names) if len(names) else np.zeros(0)
    linked = np.isin(names, edges["target"].to_numpy())
    return pl.DataFrame(
        {"actor_id": names[linked], "pagerank": np.round(ranks[linked], 6)},
        schema={"actor_id": pl.Int64, "pagerank": pl.Float64},
    )


def relevances(texts: pl.DataFrame) -> pl.DataFrame:
    """Return node_id, relevance (cosine of TF-IDF vectors, 0 to 1) and the words that decide it.

    `texts` has node_id and text; what the site itself is about has no node_id. Of a source without
    a word of three letters nothing is known.
    """
    schema = {"node_id": pl.Int64, "relevance": pl.Float64, "words": pl.String}
    topic = " ".join(texts.filter(pl.col("node_id").is_null())["text"].drop_nulls())
    texts = texts.drop_nulls("node_id")
    if texts.is_empty() or not topic:
        return pl.DataFrame(schema=schema)
    from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import

    pattern = r"(?u)\b[^\W\d_]{3,}\b"
    vectors = TfidfVectorizer(token_pattern=pattern, sublinear_tf=True, strip_accents="unicode")
    try:
        weights = vectors.fit_transform(texts["text"].fill_null("").to_list())
    except ValueError:  # not a word is left
        return pl.DataFrame(schema=schema)
    asked = vectors.transform([topic])
    shared = weights.multiply(asked).tocsr()
    names = vectors.get_feature_names_out()
    found = []
    for node, row in zip(texts["node_id"], range(shared.shape[0]), strict=True):
        if not weights[row].nnz:
            continue
        part = shared[row]
        order = sorted(zip(-part.data, names[part.indices], strict=True))[:WORDS_SHOWN]
        found.append((node, round(float(part.sum()), 4), ", ".join(word for _, word in order)))
    return pl.DataFrame(found, schema=schema, orient="row")
