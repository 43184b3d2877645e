"""The pages that tell people what to type: every command and example runs and says what is shown."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
sys.path.insert(0, str(DOCS))

import make_examples  # noqa: E402


def test_what_pages_show_is_what_happens(tmp_path: Path) -> None:
    make_examples.prepare(tmp_path)
    wrong = list(make_examples.wrong(make_examples.PAGES, tmp_path, mend=False))
    assert wrong == [], "\n".join(wrong)  # else: python docs/make_examples.py


def test_a_page_that_shows_something_else_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = make_examples.says
    assert says("one\n...\nthree\n", "zero\none\ntwo\nthree  \nfour\n")
    assert says("two\n", "one\ntwo\n")
    assert not says("one\n...\ntwo\n", "two\none\n")
    assert not says("one\nthree\n", "one\ntwo\nthree\n")
    assert not says("on\n", "one\n")
    assert not says("", "one\n")
    page = tmp_path / "page.md"
    text = "<!-- run -->\n```sh\necho one\n```\n\n<!-- said -->\n```text\nNUMBER\n```\n"
    monkeypatch.setattr(make_examples, "DOCS", tmp_path)
    page.write_text(text)
    (told,) = make_examples.wrong(["page.md"], tmp_path, mend=False)
    assert told == "page.md: does not say\nNUMBER\n\nbut\none"
    assert list(make_examples.wrong(["page.md"], tmp_path, mend=True)) == []
    assert page.read_text() == text.replace("NUMBER", "one")
    for broken, said in (
        (text.replace("echo one", "exit 3"), "page.md: ends with 3"),
        (text.replace("<!-- run -->", ""), "page.md: a block of code that nobody tries"),
    ):
        page.write_text(broken)
        assert said in "\n".join(make_examples.wrong(["page.md"], tmp_path, mend=False))
