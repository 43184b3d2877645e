"""Common Crawl's web graph as one more input: the links around the profile, and true degrees.

The graph is two text files, gzip or plain: vertices `id<TAB>com.example[<TAB>hosts]`, names
reversed, with the third column in the graph of domains only; edges `from_id<TAB>to_id`. It says
who links to whom and nothing else. A real one has a hundred million vertices and billions of
edges, so the edges are read once, and what is kept depends on the profile:

- every edge among its referring domains, and from the audited sites to these;
- of each of them, and of the sites' own links, up to CAP neighbours a direction;
- not what leads into the audited sites, which the exports hold in detail.

Besides, two bytes a vertex: whether it belongs to the profile, and how many link to it (255 stands
for more). Without the second the neighbours would seem to be linked to by the profile alone, and
every newspaper that ten referring domains cite would be a rare target that they captured.

`webgraph_degrees` has node (domain or host), in_degree (distinct nodes; of a node with more than
CAP and of a neighbour the edges of the graph, of the latter up to 255 a vertex), out_degree (edges;
NULL for a neighbour), sampled (more than CAP neighbours one way, so that not all are in the links).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
from numpy.typing import NDArray

from backlint import urls
from backlint.engine.base import Engine
from backlint.engine.duckdb import DuckEngine
from backlint.errors import InputError
from backlint.inputs.detect import Detected
from backlint.inputs.formats import Format
from backlint.inputs.read import make_staged, sha256
from backlint.inputs.sources import Compression, Source, one_line, open_binary, peek, shown

CAP = 1000  # neighbours of one vertex in one direction

FORMAT = Format(
    id="common-crawl-web-graph",
    title="Common Crawl, web graph",
    needs=["source_url", "target_url"],
    header=["source_url", "target_url"],
    fields={},
    # a crawl of some pages of each site: that it saw no link back does not say that there is none
    out_links_complete=False,
)

_BLOCK = 1 << 24  # bytes of text that are parsed at once
_WAITING = 1 << 21  # edges to neighbours that are gathered before the cap is applied
_MOST = np.iinfo(np.uint8).max
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

_VERTEX = re.compile(r"[0-9]+\t(?![0-9]+$)[^\t\s]+(\t[0-9]+)?")
_EDGE = re.compile(r"[0-9]+\t[0-9]+")
_ROW = re.compile(r"Row #([0-9]+): (.*)", re.DOTALL)
_SHAPES = {"vertex": "id<TAB>com.example", "edge": "from_id<TAB>to_id"}

Ids = NDArray[np.int64]
Counts = NDArray[np.uint8]
Progress = Callable[[str], None]


class Graph(NamedTuple):
    """The two files; `of_hosts` says that a vertex is a host and not a registrable domain."""

    vertices: Path
    edges: Path
    packed: Mapping[Path, Compression]
    of_hosts: bool

    @property
    def source(self) -> Detected:
        """The graph as one of the inputs, under the name of its edges."""
        columns = ["source_url", "target_url"]
        return Detected(
            source=Source(self.edges, shown(self.edges), self.edges),
            kind="graph",
            format=FORMAT,
            columns=columns,
            fields={name: index for index, name in enumerate(columns)},
            compression=self.packed[self.edges],
        )


class Vertices(NamedTuple):
    """Some vertices (id, host, domain), by ascending id, and above which number no id is."""

    found: pl.DataFrame
    size: int


class Around(NamedTuple):
    """What the edges say of the vertices of the profile, by their place among them.

    `source`, `target` are the ids of the edges kept; `out_degree`, `in_degree` how many edges join
    each vertex to other domains; `sampled_out`, `sampled_in` whether it has more than CAP
    neighbours; `linked` how often any id is linked to; `rows` how many edges were read.
    """

    source: Ids
    target: Ids
    out_degree: Ids
    in_degree: Ids
    sampled_out: NDArray[np.bool_]
    sampled_in: NDArray[np.bool_]
    linked: Counts
    rows: int


class Staged(NamedTuple):
    """What was staged, for the account: rows left out, notes, and degrees of vertices.

    `degrees` has host, domain (NULL for a neighbour), in_degree, out_degree, sampled_in, sampled;
    `linked` how often any id is linked to.
    """

    out_of_scope: int
    notes: list[str]
    degrees: pl.DataFrame
    linked: Counts


def examine(vertices: Path, edges: Path) -> Graph:
    """Return how to read a graph; raises InputError for files that are none, or in wrong order."""
    (packed_v, first_v), (packed_e, first_e) = peek(vertices), peek(edges)
    if _EDGE.fullmatch(first_v) and _VERTEX.fullmatch(first_e):
        raise InputError(
            f"--webgraph {vertices} {edges}: the edges come first. "
            f"Give the vertices first: --webgraph {edges} {vertices}"
        )
    for path, line, kind, shape in (
        (vertices, first_v, "vertex", _VERTEX),
        (edges, first_e, "edge", _EDGE),
    ):
        if not shape.fullmatch(line):
            raise InputError(
                f"{path}:1: is no {kind} of a web graph: {line[:60]!r}. A line is {_SHAPES[kind]}; "
                "give Common Crawl's vertices and edges, unpacked or as .txt.gz (a list of paths "
                "names parts: download these and join them with cat)"
            )
    return Graph(
        vertices, edges, {vertices: packed_v, edges: packed_e}, of_hosts=first_v.count("\t") == 1
    )


def create_degrees(engine: Engine) -> None:
    """Create the empty table `webgraph_degrees`, for audits without a web graph."""
    schema = {"node": pl.String, "in_degree": pl.Int64, "out_degree": pl.Int64}
    engine.register("webgraph_degrees", pl.DataFrame(schema={**schema, "sampled": pl.Boolean}))


def stage_graph(
    engine: DuckEngine,
    graph: Graph,
    input_id: int,
    referring: Collection[str],
    sites: Collection[str],
    progress: Progress = lambda _: None,
) -> Staged:
    """Read the graph around some registrable domains into `staged_<input_id>`.

    `referring` link to the audited `sites`, or would be members of their schemes. Edges to keep
    whose id has no vertex go to `broken`. Raises InputError when a file is damaged or holds a line
    that is no vertex or edge.
    """
    progress(f"reading {graph.vertices.name}")
    vertices = find_vertices(graph, {*referring, *sites})
    own = vertices.found["domain"].is_in(list(sites)).to_numpy()
    progress(f"reading {graph.edges.name}")
    around = walk(graph, vertices, own)
    progress(f"naming neighbours from {graph.vertices.name}")
    named = _named(graph, vertices, around)
    broken = named.filter(pl.col("source_url").is_null() | pl.col("target_url").is_null())
    kept = named.drop_nulls().select("source_url", "target_url").sort("source_url", "target_url")
    engine.register("webgraph_edges", kept)
    make_staged(
        engine,
        input_id,
        "source_url, target_url, CAST(NULL AS VARCHAR) AS anchor",
        "SELECT * FROM webgraph_edges",
    )
    engine.register("webgraph_edges", broken.select("source", "target"))
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, NULL, NULL, NULL, 'an id has no vertex', "
        "concat_ws(chr(9), source, target) FROM webgraph_edges"
    )
    engine.run("DROP TABLE webgraph_edges")
    return Staged(
        out_of_scope=around.rows - len(named),
        notes=_notes(graph, vertices, around, set(referring) - set(sites), len(broken)),
        degrees=_degrees(vertices, around, own, named),
        linked=around.linked,
    )


def _notes(
    graph: Graph, vertices: Vertices, around: Around, referring: Collection[str], broken: int
) -> list[str]:
    known = vertices.found.filter(pl.col("domain").is_in(list(referring)))["domain"].n_unique()
    capped = int((around.sampled_in | around.sampled_out).sum())
    level = "host" if graph.of_hosts else "domain"
    notes = [
        f"vertices: {graph.vertices}, sha256 {sha256(graph.vertices)}",
        f"{known} of {len(referring)} referring domains are in this graph of {level}s",
        f"of each {level} up to {CAP} neighbours a direction are kept; {capped} have more",
    ]
    if not known:
        notes.append(
            "no referring domain was found among the vertices, so nothing is known of the links "
            "among them; give the graph of a crawl of that time, whole"
        )
    if broken:
        notes.append(
            f"{broken} edges name an id that has no vertex; are both files of one release?"
        )
    return notes


# ---------------------------------------------------------------- vertices


def find_vertices(graph: Graph, domains: Collection[str]) -> Vertices:
    """Return the vertices that belong to some registrable domains, and the range of all ids.

    Raises InputError where ids are not numbers from 0 on.
    """
    wanted = frozenset(domains)
    keys = pa.array(sorted({_start(_turned(name), graph) for name in wanted}), pa.string())
    found, rows, size = [], 0, 0
    for before, batch in _batches(graph, "vertex"):
        ids, names = batch["id"], batch["name"]
        _check_ids(graph.vertices, ids.to_numpy(), before)
        rows, size = before + len(batch), max(size, pc.max(ids).as_py() + 1)
        starts = _starts(names) if graph.of_hosts else names
        found += batch.filter(pc.is_in(starts, keys)).to_pylist()
    if size > 4 * rows + (1 << 20):
        raise InputError(
            f"{graph.vertices}: has {rows} vertices and an id of {size - 1}. Ids are numbers from "
            "0 on, as Common Crawl counts them; give its files as they are"
        )
    hosts = [(row["id"], _turned(row["name"])) for row in found]
    placed = [(at, host, _domain(host, wanted, graph)) for at, host in hosts]
    schema = {"id": pl.Int64, "host": pl.String, "domain": pl.String}
    frame = pl.DataFrame([row for row in placed if row[2]], schema=schema, orient="row")
    return Vertices(frame.unique("id", keep="first", maintain_order=True).sort("id"), size)


def _turned(name: str) -> str:
    """Return `com.example` for `example.com`, and the other way around."""
    return ".".join(reversed(name.split(".")))


def _start(name: str, graph: Graph) -> str:
    """Return what is compared of a reversed name: of a host two labels, by which most drop out."""
    return ".".join(name.split(".")[:2]) if graph.of_hosts else name


def _starts(names: pa.StringArray) -> pa.StringArray:
    return pc.binary_join(pc.list_slice(pc.split_pattern(names, ".", max_splits=2), 0, 2), ".")


def _domain(host: str, wanted: frozenset[str], graph: Graph) -> str | None:
    """Return the registrable domain of a vertex where it is wanted.

    The graph of domains knows no platforms: its `blogspot.com` is the domain of that name.
    """
    if not graph.of_hosts:
        return host
    if wanted.isdisjoint([host, *urls.parent_hosts(host)]):
        return None  # the list of public suffixes is slow to ask
    domain = urls.registrable_domain(host)
    return domain if domain in wanted else None


def _named(graph: Graph, vertices: Vertices, around: Around) -> pl.DataFrame:
    """Return the edges kept, as source, target (ids), source_url, target_url (NULL: no vertex)."""
    edges = pl.DataFrame({"source": around.source, "target": around.target})
    known = vertices.found.select("id", pl.col("host").alias("name"))
    ids = np.setdiff1d(np.concatenate([around.source, around.target]), known["id"].to_numpy())
    others = _names_of(graph, ids[ids < vertices.size], vertices.size)
    names = pl.concat([known, others]).with_columns(pl.col("name").alias("url"))
    for end in ("source", "target"):
        named = names.select(pl.col("id").alias(end), pl.col("url").alias(f"{end}_url"))
        edges = edges.join(named, on=end, how="left", maintain_order="left")
    return edges


def _names_of(graph: Graph, ids: Ids, size: int) -> pl.DataFrame:
    """Return id and name (the right way around) of the vertices with these ids."""
    wanted = np.zeros(size + 1, dtype=bool)
    wanted[ids] = True
    frames = [pl.DataFrame(schema={"id": pl.Int64, "name": pl.String})]
    for _, batch in _batches(graph, "vertex"):
        rows = batch.filter(pa.array(wanted[batch["id"].to_numpy()]))
        frames.append(pl.DataFrame(pl.from_arrow(rows)))
    name = pl.col("name").str.split(".").list.reverse().list.join(".")
    return pl.concat(frames).unique("id", keep="first", maintain_order=True).with_columns(name)


# ---------------------------------------------------------------- edges


def walk(graph: Graph, vertices: Vertices, own: NDArray[np.bool_]) -> Around:
    """Read the edges once; `own` says which of the vertices are the audited sites'.

    What is kept of a vertex with more than CAP neighbours is a sample scattered over the ids, each
    time the same: ids follow names, and the first thousand would be of a few top-level domains.
    """
    ids, size, n = vertices.found["id"].to_numpy(), vertices.size, len(vertices.found)
    role = np.zeros(size + 1, dtype=np.uint8)  # the last place stands for ids without a vertex
    role[ids] = np.where(own, 2, 1)
    linked = np.zeros(size + 1, dtype=np.uint8)
    degree = np.zeros(2 * n, dtype=np.int64)  # of each vertex: links out, links in
    beyond = np.zeros(2 * n, dtype=np.int64)  # the part that leads out of the profile
    inner: list[tuple[Ids, Ids]] = []
    outer: list[tuple[Ids, Ids]] = []
    last = np.full(2 * n, np.iinfo(np.uint64).max)  # the highest rank that may still be kept
    rows = waiting = held = 0
    for before, batch in _batches(graph, "edge"):
        source, target = (batch[name].to_numpy() for name in ("from", "to"))
        rows = before + len(batch)
        for end in (source, target):
            _check_ids(graph.edges, end, before)
        s, t = np.minimum(source, size), np.minimum(target, size)
        _count(linked, t[source != target])
        near = np.flatnonzero((role[s] | role[t]) > 0)
        near = near[source[near] != target[near]]
        s, t, source, target = s[near], t[near], source[near], target[near]
        gives, takes = role[s], role[t]
        for way, of, end in ((0, gives > 0, s), (1, takes == 1, t)):
            degree += np.bincount(2 * np.searchsorted(ids, end[of]) + way, minlength=2 * n)
        among = (gives > 0) & (takes == 1)
        inner.append((source[among], target[among]))
        for way, of, end, other in (
            (0, (gives > 0) & (takes == 0), s, target),
            (1, (gives == 0) & (takes == 1), t, source),
        ):
            key, rest = 2 * np.searchsorted(ids, end[of]) + way, other[of]
            beyond += np.bincount(key, minlength=2 * n)
            open_ = _rank(rest) <= last[key]
            outer.append((key[open_], rest[open_]))
            waiting += int(open_.sum())
        if waiting > _WAITING + held:  # what is held is sorted again, so not too often
            outer, waiting = [_capped(outer, CAP)], 0
            key, other = outer[0]
            held = len(key)
            full = np.flatnonzero(np.bincount(key, minlength=2 * n) == CAP)
            last[full] = 0
            of = np.isin(key, full)
            np.maximum.at(last, key[of], _rank(other[of]))
    key, other = _capped(outer, CAP)
    of, out = ids[key // 2] if n else key, key % 2 == 0
    sources, targets = _joined(inner)
    degree -= _inside(vertices, sources, targets)
    return Around(
        source=np.concatenate([sources, of[out], other[~out]]),
        target=np.concatenate([targets, other[out], of[~out]]),
        out_degree=degree[0::2],
        in_degree=degree[1::2],
        sampled_out=beyond[0::2] > CAP,
        sampled_in=beyond[1::2] > CAP,
        linked=linked,
        rows=rows,
    )


def _inside(vertices: Vertices, source: Ids, target: Ids) -> Ids:
    """Return how many of the edges join hosts of one domain, by vertex: links out, links in."""
    ids, n = vertices.found["id"].to_numpy(), len(vertices.found)
    domain = vertices.found["domain"].to_numpy()
    s, t = np.searchsorted(ids, source), np.searchsorted(ids, target)
    same = domain[s] == domain[t]
    return np.bincount(np.concatenate([2 * s[same], 2 * t[same] + 1]), minlength=2 * n)


def _count(linked: Counts, target: Ids) -> None:
    """Add to how often each id is linked to, up to 255."""
    ids, times = np.unique(target, return_counts=True)
    linked[ids] = np.minimum(linked[ids] + times, _MOST)


def _rank(ids: Ids) -> NDArray[np.uint64]:
    """Return another number for each id, no two alike, in no order that names have."""
    return ids.astype(np.uint64) * _GOLDEN


def _capped(parts: list[tuple[Ids, Ids]], cap: int) -> tuple[Ids, Ids]:
    """Return the pairs (key, other) with at most `cap` others a key, those of the lowest rank."""
    key, other = _joined(parts)
    order = np.lexsort((_rank(other), key))
    key, other = key[order], other[order]
    place = np.arange(len(key)) - np.searchsorted(key, key)
    return key[place < cap], other[place < cap]


def _joined(parts: list[tuple[Ids, Ids]]) -> tuple[Ids, Ids]:
    nothing = np.zeros(0, dtype=np.int64)
    one, other = zip((nothing, nothing), *parts, strict=True)
    return np.concatenate(one), np.concatenate(other)


# ---------------------------------------------------------------- degrees


def _degrees(
    vertices: Vertices, around: Around, own: NDArray[np.bool_], named: pl.DataFrame
) -> pl.DataFrame:
    """Return the degrees of the profile's vertices, the sites left out, and of the neighbours."""
    members = vertices.found.with_columns(
        pl.Series("in_degree", around.in_degree),
        pl.Series("out_degree", around.out_degree),
        pl.Series("sampled_in", around.sampled_in),
        pl.Series("sampled", around.sampled_in | around.sampled_out),
    ).filter(~pl.Series(own, dtype=pl.Boolean))
    ends = [
        named.select(pl.col(end).alias("id"), pl.col(f"{end}_url").alias("host"))
        for end in ("source", "target")
    ]
    others = pl.concat(ends).drop_nulls().unique("id").join(vertices.found, on="id", how="anti")
    linked = pl.Series("in_degree", around.linked[others["id"].to_numpy()], dtype=pl.Int64)
    return pl.concat([members, others.with_columns(linked)], how="diagonal").drop("id")


def make_degrees(engine: Engine, graph: Graph, input_id: int, staged: Staged, node: str) -> None:
    """Create `webgraph_degrees` once `judged` and `hosts` are made.

    In a graph of hosts the in-links of a neighbour's domain are those of all its hosts, so the
    vertices are read once more for them.
    """
    degrees = staged.degrees
    if graph.of_hosts and node == "domain":
        engine.register("webgraph_vertices", degrees)
        domains = engine.fetch(
            "SELECT DISTINCT h.domain FROM webgraph_vertices v JOIN hosts h ON "
            f"h.host = {_canonical('v.host')} WHERE v.domain IS NULL"
        )["domain"].to_list()
        found = find_vertices(graph, domains).found
        linked = pl.Series("in_degree", staged.linked[found["id"].to_numpy()], dtype=pl.Int64)
        others = found.with_columns(linked).drop("id")
        members = degrees.filter(pl.col("domain").is_not_null())
        degrees = pl.concat([members, others], how="diagonal")
    engine.register("webgraph_vertices", degrees)
    name = "host" if node == "host" else "domain"
    engine.materialise(
        "webgraph_degrees",
        f"""
        WITH told AS (
            SELECT {"v.host" if node == "host" else "coalesce(v.domain, h.domain)"} AS node,
                CAST(sum(in_degree) AS BIGINT) AS in_degree,
                CAST(sum(out_degree) AS BIGINT) AS out_degree,
                -- distinct nodes can be counted where all edges were kept
                bool_and(coalesce(NOT sampled_in, false)) AS counted,
                bool_or(coalesce(sampled, false)) AS sampled
            FROM webgraph_vertices v LEFT JOIN hosts h ON h.host = {_canonical("v.host")}
            GROUP BY 1
        ), kept AS (
            SELECT t.{name} AS node, count(DISTINCT s.{name}) AS sources
            FROM judged j
            JOIN hosts s ON s.host_id = j.source_host_id
            JOIN hosts t ON t.host_id = j.target_host_id
            WHERE j.input_id = {input_id} AND s.{name} <> t.{name}
            GROUP BY t.{name}
        )
        SELECT node, CASE WHEN counted THEN coalesce(sources, 0) ELSE in_degree END AS in_degree,
            out_degree, sampled
        FROM told LEFT JOIN kept USING (node)
        WHERE node IS NOT NULL
        ORDER BY node
        """,
    )
    engine.run("DROP TABLE webgraph_vertices")


def _canonical(host: str) -> str:
    """Return SQL for a host as `hosts` has it."""
    return f"regexp_replace({host}, '^www\\.(.+\\..+)$', '\\1')"


# ---------------------------------------------------------------- lines


def _batches(graph: Graph, kind: str) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the lines of a file as batches (id, name or from, to), each after the lines before it.

    Not read by the engine, which takes a cut archive for whole. Raises InputError for a line that
    is not of its kind, and where the file breaks.
    """
    path = graph.vertices if kind == "vertex" else graph.edges
    columns = {"from": pa.int64(), "to": pa.int64()}
    if kind == "vertex":
        columns = {"id": pa.int64(), "name": pa.string()}
    counted = ["hosts"] if kind == "vertex" and not graph.of_hosts else []
    rows = 0
    try:
        with (
            open_binary(path, graph.packed[path]) as stream,
            pcsv.open_csv(
                stream,
                # threads would lose the numbers of damaged lines, and gain nothing [measured]
                pcsv.ReadOptions(
                    column_names=[*columns, *counted], block_size=_BLOCK, use_threads=False
                ),
                pcsv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False),
                pcsv.ConvertOptions(
                    column_types=columns,
                    include_columns=list(columns),
                    null_values=[],
                    strings_can_be_null=False,
                ),
            ) as reader,
        ):
            for batch in reader:
                yield rows, batch
                rows += len(batch)
    except pa.ArrowInvalid as error:
        found = _ROW.search(one_line(error))
        place, why = (f"{path}:{found[1]}", found[2]) if found else (path, one_line(error))
        raise InputError(
            f"{place}: is no {kind} of a web graph ({why}). A line is {_SHAPES[kind]}; "
            "download the file again"
        ) from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"{path}: is damaged and could not be read to its end ({one_line(error)}). "
            "Download it again"
        ) from error


def _check_ids(path: Path, ids: Ids, before: int) -> None:
    """Raise InputError for an id below zero."""
    if len(ids) and ids.min() < 0:
        line = before + int(np.argmax(ids < 0)) + 1
        raise InputError(
            f"{path}:{line}: has an id below 0. Ids are numbers from 0 on; download the file again"
        )
