"""Write the template of backlint.toml into docs/configuration.md.

python docs/make_configuration.py           write it
python docs/make_configuration.py --check   exit 1 when it is old
"""

import re
import sys
from pathlib import Path

from backlint.cli.config import template

PAGE = Path(__file__).parent / "configuration.md"
BLOCK = re.compile(r"(<!-- template -->\n```toml\n).*?(```\n)", re.DOTALL)


def main(check: bool) -> int:
    text = PAGE.read_text("utf-8")
    wanted, blocks = BLOCK.subn(lambda block: block[1] + template() + block[2], text)
    if check:
        if blocks != 1 or wanted != text:
            print("docs/configuration.md: not current; run python docs/make_configuration.py")
        return 0 if blocks == 1 and wanted == text else 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
