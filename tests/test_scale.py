"""What only shows beyond one row group of the engine (122,880 rows): order, threads, spilling."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

from backlint.audit import Options, scan
from backlint.engine.duckdb import DuckEngine
from backlint.inputs import cells, read
from backlint.inputs.load import load

ROWS = 400_000
LITTLE = "160MB"
SITE = "site-under-audit.com"
WEB = Path(__file__).parents[1] / "benchmarks" / "web.py"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    spec = importlib.util.spec_from_file_location("web", WEB)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with patch.dict(sys.modules, {"web": module}):
        spec.loader.exec_module(module)
        path = tmp_path_factory.mktemp("web") / "links.csv"
        module.write_web(path, ROWS, 5)
    yield path
    path.unlink()


def written(path: Path, out: Path, **options: Any) -> dict[str, bytes]:
    scan(Options(files=[path], reproducible=True, **options), out)
    return {p.name: p.read_bytes() for p in out.iterdir() if p.suffix != ".duckdb"}


@pytest.mark.parametrize("sites", [(), (SITE,)])
def test_threads_and_spilling_change_no_byte(web: Path, tmp_path: Path, sites: Any) -> None:
    spilled: list[int] = []
    make = DuckEngine.materialise

    def watched(engine: DuckEngine, *rest: Any, **options: Any) -> None:
        make(engine, *rest, **options)
        spilled.append(engine.value("SELECT sum(size) FROM duckdb_temporary_files()") or 0)

    one = written(web, tmp_path / "one", sites=sites, threads=1)
    two = written(web, tmp_path / "two", sites=sites, threads=2)
    with patch.object(DuckEngine, "materialise", watched):
        low = written(web, tmp_path / "low", sites=sites, threads=2, memory_limit=LITTLE)
    assert one == two == low
    assert b'"kind":"' in one["report.json"].replace(b'": "', b'":"')  # something was found
    # one site's links are little beside all of them, which stand in the file
    assert max(spilled) > 1_000_000 or sites  # bytes


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_reject_far_down_a_file_has_its_line(tmp_path: Path, kind: str) -> None:
    path, bad = tmp_path / f"links.{kind}", 333_333
    rows = (
        "SELECT CASE WHEN i = 333333 THEN 'no url' ELSE 'https://s' || i % 999 || '.example/' || i "
        "END AS source_url, 'https://site.example/' AS target_url, "
        "CASE WHEN i % 3 = 0 THEN 'nofollow' WHEN i % 5 = 0 THEN 'true' END AS rel "
        "FROM range(400000) t(i)"
    )
    form = {"csv": "HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}[kind]
    duckdb.sql(f"COPY ({rows}) TO '{path}' ({form})")
    with DuckEngine(threads=2) as engine:
        rejects = load(engine, [path]).rejects
    assert [reject.line for reject in rejects] == [bad + (2 if kind == "csv" else 1)]


def test_links_whose_ids_collide_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    rows = [
        f"https://s{i % 50}.example/{i % 70},https://t{i % 7}.example/,a{i % 3}" for i in range(900)
    ]
    path.write_text("\n".join(["source_url,target_url,anchor", *rows]) + "\n")
    make = read.make_staged

    def few_ids(engine: DuckEngine, input_id: int, *rest: Any) -> None:
        make(engine, input_id, *rest)
        engine.run(f"UPDATE staged_{input_id} SET link_id = link_id % 5")

    def links() -> list[tuple[Any, ...]]:
        with DuckEngine(threads=2) as engine:
            load(engine, [path])
            ids, distinct = engine.fetch(
                "SELECT count(link_id), count(DISTINCT link_id) FROM links"
            ).row(0)
            assert ids == distinct
            return engine.fetch(
                "SELECT source_url, target_url, anchor, source_id, target_id FROM links ORDER BY ALL"
            ).rows()

    honest = links()
    with patch.object(read, "make_staged", few_ids):
        assert links() == honest
    assert sorted({tuple(row.split(",")) for row in rows}) == [row[:3] for row in honest]


def test_urls_whose_keys_collide_keep_their_hosts(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    ends = ("/", "/p/q", "?q", "#f", "", ":81/", ".org", ".org/", "x@y.example/")
    rows = [
        f"http{'s' * (i % 2)}://s{i % 9}.example{ends[i % 9]},https://t.example/" for i in range(40)
    ]
    rows += [
        f"https://s{i % 9}.example{end},//t.example{end}" for i, end in enumerate(ends[:8] * 3)
    ]
    rows += ["a.example://b.example/y,https://t.example/", "//b.example/y,https://t.example/"]
    rows += ["a.example:/y,https://t.example/", "/y,https://t.example/"]
    rows += ["no url,https://t.example/", ",https://t.example/", "https://s1.example/,"]
    path.write_text("\n".join(["source_url,target_url", *rows]) + "\n")

    def links() -> list[tuple[Any, ...]]:
        with DuckEngine(threads=2) as engine:
            loaded = load(engine, [path])
            reasons = [(reject.line, reject.reason) for reject in loaded.rejects]
            assert [line for line, _ in reasons] == [66, 69, 70, 71, 72]
            return [
                *reasons,
                *engine.fetch(
                    "SELECT source_url, target_url, s.host, t.host, source_id FROM links l "
                    "JOIN hosts s ON s.host_id = source_host_id "
                    "JOIN hosts t ON t.host_id = target_host_id ORDER BY ALL"
                ).rows(),
            ]

    honest = links()
    for key in ("hash({}) % 3", "hash(left({}, 12))", "hash(1)"):
        with patch.object(read, "key_of", lambda url, key=key: key.format(read.lead_of(url))):
            assert links() == honest
    hosts = {row[0]: row[2] for row in honest[5:]}
    assert hosts["//b.example/y"] == "b.example"
    assert hosts["a.example:/y"] == "a.example"
    assert hosts["https://s4.example"] == "s4.example"
    assert hosts["https://s5.example:81/"] == "s5.example"
    assert hosts["https://s6.example.org"] == "s6.example.org"
    assert hosts["https://s8.examplex@y.example/"] == "y.example"


def test_a_text_that_fits_one_of_many_words() -> None:
    with DuckEngine() as engine:
        said = cells._is_one_of("x", ("yes", "a.b"))
        rows = engine.fetch(
            f"SELECT {said} AS y FROM (VALUES ('yes'), ('yess'), ('axb'), ('a.b')) v(x)"
        )
    assert rows["y"].to_list() == [True, False, False, True]


# more than 20 MB that no engine can put on disk
HUNGRY = "SELECT list(range) AS all_of_them FROM range(10000000)"


def test_a_limit_that_nobody_asked_for_is_lifted(tmp_path: Path) -> None:
    with DuckEngine(temp_directory=tmp_path / "spill") as engine:
        engine._con.execute("SET memory_limit = '20MB'")
        engine.materialise("big", HUNGRY)
        assert engine.value("SELECT len(all_of_them) FROM big") == 10_000_000
    with (
        DuckEngine(temp_directory=tmp_path / "spill", memory_limit="20MB") as engine,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        engine.materialise("big", HUNGRY)


def test_memory_is_bounded_where_there_is_a_place_to_spill_to(tmp_path: Path) -> None:
    limit = "SELECT current_setting('memory_limit')"
    with DuckEngine(temp_directory=tmp_path / "spill", threads=2) as engine:
        assert engine.value(limit) == "1.8 GiB"  # 2,000 MB
    with DuckEngine(temp_directory=tmp_path / "spill", threads=16) as engine:
        assert engine.value(limit) == "3.7 GiB"  # 4,000 MB
    with DuckEngine(threads=2) as engine, DuckEngine(threads=2) as other:
        assert engine.value(limit) == other.value(limit) != "1.8 GiB"
