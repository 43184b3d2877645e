"""Write docs/formats.md out of src/backlint/inputs/formats.toml.

python docs/make_formats.py           write the page
python docs/make_formats.py --check   exit 1 when the page is not current
"""

import sys

from pages import DOCS, markdown

from backlint.inputs.formats import Format, formats

PAGE = DOCS / "formats.md"
HEAD = """<!-- made by docs/make_formats.py out of src/backlint/inputs/formats.toml -->

# Formats

Headers are compared without case, spaces and punctuation, and columns that are not listed here are left alone. All
formats may come as CSV, TSV, xlsx, JSON or Parquet, in UTF-8 or UTF-16, packed by gzip, zstd or zip, and one by one, as
a folder, or from standard input.

No export of Ahrefs, Semrush, Majestic, Moz, Bing, SE Ranking, DataForSEO or Search Console was at hand when this was
written, only their headers. If yours is read wrongly, please open an issue with its header line and two made-up rows.

A page and a date a row are taken for Search Console's links in any language. Other headers go by `--map`, for example
`--map source_url=From,target_url=To,anchor=Text`.
"""


def section(fmt: Format) -> str:
    """Return what is said of a format: its id, its traps, and what its columns are used as."""
    text = " ".join([f"`{fmt.id}`.", *remarks(fmt)])
    if fmt.refuse:
        return f"## {fmt.title}\n\n{text}\n"
    rows = [
        [f"`{name}`", ", ".join(f"`{each}`" for each in names)]
        for name, names in fmt.names().items()
    ]
    table = markdown(["used as", "column"], rows).replace("---:", "---")
    return f"## {fmt.title}\n\n{text}\n\n{table}"


def remarks(fmt: Format) -> list[str]:
    """Return what a person should know of a format."""
    said: dict[str, object] = {
        f"Not read: {fmt.refuse}.": fmt.refuse,
        "Its rows are domains: facts, no links.": fmt.rows == "domains",
        "Needs `--site`.": fmt.needs_site,
        "Holds all out-links of its sources.": fmt.out_links_complete,
        f"Cut by the tool at {fmt.cap} rows.": fmt.cap,
        "An empty rel means followed.": fmt.empty_rel == "followed",
        "An empty flag means no.": fmt.empty_flag == "false",
        "Links inside one host are out of scope.": fmt.internal == "out of scope",
    }
    return [sentence for sentence, holds in said.items() if holds]


def main(check: bool) -> int:
    """Write or check the page; return the exit code."""
    wanted = "\n".join([HEAD, *map(section, formats())])
    current = PAGE.exists() and PAGE.read_text("utf-8") == wanted
    if check:
        if not current:
            print("docs/formats.md: not current; run python docs/make_formats.py")
        return 0 if current else 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
