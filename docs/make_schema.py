"""Write docs/report.schema.json, the JSON Schema of report.json, from the records.

python docs/make_schema.py           write it
python docs/make_schema.py --check   exit 1 when it is old
"""

import inspect
import json
import sys
from pathlib import Path

import msgspec

from backlint.findings import SCHEMA_VERSION, Audit

PAGE = Path(__file__).parent / "report.schema.json"


def schema() -> str:
    made = msgspec.json.schema(Audit)
    for record in made["$defs"].values():
        record["description"] = inspect.cleandoc(record["description"])
    audit = made["$defs"]["Audit"]
    # the one key with a default that has always been there: it says which schema is meant
    audit["required"].append("schema_version")
    audit["properties"]["schema_version"] = {"const": SCHEMA_VERSION}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"report.json of backlint, schema version {SCHEMA_VERSION}",
    }
    return json.dumps(head | made, indent=2, ensure_ascii=False) + "\n"


def main(check: bool) -> int:
    current = PAGE.exists() and PAGE.read_text("utf-8") == schema()
    if check:
        if not current:
            print("docs/report.schema.json: not current; run python docs/make_schema.py")
        return 0 if current else 1
    PAGE.write_text(schema(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
