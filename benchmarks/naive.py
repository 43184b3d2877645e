"""The script that people write first: pandas, networkx and python-louvain.

    python benchmarks/naive.py FILE [--cycle-seconds 240]

Prints JSON: what it found and the CPU seconds of each step.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

import community
import networkx as nx
import pandas as pd


def host(url: str) -> str:
    return urlparse(url).netloc.lower().removeprefix("www.")


def read(path: str) -> pd.DataFrame:
    links = pd.read_csv(path)
    links["source"] = links["source_url"].map(host)
    links["target"] = links["target_url"].map(host)
    return links


def graph_of(links: pd.DataFrame) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_edges_from(zip(links["source"], links["target"], strict=True))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


def reciprocal(graph: nx.DiGraph) -> int:
    return sum(a < b and graph.has_edge(b, a) for a, b in graph.edges)


class OutOfTime(Exception):  # noqa: N818
    pass


def cycles(graph: nx.DiGraph, seconds: float) -> tuple[int, bool]:
    """Return how many cycles of at most four nodes were found in that CPU time, and if all were."""

    def stop(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    found = 0
    try:
        for _ in nx.simple_cycles(graph, length_bound=4):
            found += 1
    except OutOfTime:
        return found, False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found, True


def communities(graph: nx.DiGraph) -> int:
    return len(set(community.best_partition(graph.to_undirected(), random_state=1).values()))


def anchors(links: pd.DataFrame) -> int:
    return len(links.groupby(["target", "anchor"], dropna=False).size())


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--cycle-seconds", type=float, default=240)
    args = parser.parse_args(argv)
    seconds = {}

    def timed(step: str, work: Callable[..., Any], *given: Any) -> Any:
        start = time.process_time()
        result = work(*given)
        seconds[step] = round(time.process_time() - start, 2)
        return result

    links = timed("read", read, args.file)
    graph = timed("graph", graph_of, links)
    found = {
        "rows": len(links),
        "edges": graph.number_of_edges(),
        "reciprocal": timed("reciprocal", reciprocal, graph),
        "communities": timed("communities", communities, graph),
        "anchors": timed("anchors", anchors, links),
    }
    found["cycles"], found["all_cycles"] = timed("cycles", cycles, graph, args.cycle_seconds)
    print(json.dumps({"found": found, "seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
