"""Reports: one writer a format over the records of an audit, never over the database."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl

from backlint.files import write_atomic
from backlint.findings import Audit, DisavowParts
from backlint.report.csv import domains_csv
from backlint.report.html import render_html
from backlint.report.json import encode_json


def write_reports(
    audit: Audit,
    out_dir: Path,
    listed: pl.DataFrame,
    reproducible: bool,
    disavow: Mapping[str, str],
    reviews: Mapping[str, bytes] = MappingProxyType({}),
    parts: DisavowParts | None = None,
) -> list[Path]:
    """Write report.json, report.html, domains.csv, reviews and the disavow files; return paths.

    Every file is complete in memory before the first is written, and each is written whole or not
    at all. `disavow` is name -> text; it is empty where there is nothing to disavow: an empty file,
    uploaded, would wipe a live list, so none is written. `parts` are what the page lets decide.
    """
    contents: dict[str, bytes | str] = {
        "report.json": encode_json(audit, reproducible),
        "report.html": render_html(audit, reproducible, parts),
        "domains.csv": domains_csv(audit, listed),
        **reviews,
    }
    contents |= disavow
    for name, data in contents.items():
        write_atomic(out_dir / name, data)
    return [out_dir / name for name in contents]
