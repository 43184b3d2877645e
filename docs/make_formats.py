"""Write docs/formats.md: src/backlint/inputs/formats.toml and docs/formats.in.md.

python docs/make_formats.py           write the page
python docs/make_formats.py --check   exit 1 when the page is not current
"""

import sys

from pages import DOCS, markdown

from backlint.inputs.formats import Format, formats

PAGE = DOCS / "formats.md"
NOTE = "<!-- made by docs/make_formats.py; the text is in docs/formats.in.md -->\n"


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
        "A no says nothing of the flag.": fmt.no_flag == "unknown",
        "Links inside one host are out of scope.": fmt.internal == "out of scope",
    }
    return [sentence for sentence, holds in said.items() if holds]


def main(check: bool) -> int:
    """Write or check the page; return the exit code."""
    text = (DOCS / "formats.in.md").read_text("utf-8")
    wanted = "\n".join([NOTE, "# Formats\n", text, *map(section, formats())])
    current = PAGE.exists() and PAGE.read_text("utf-8") == wanted
    if check:
        if not current:
            print("docs/formats.md: not current; run python docs/make_formats.py")
        return 0 if current else 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
