"""The examples of the page on imputation print what stands there, as one session in the repository's folder."""

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "statistics-imputation.md"


def test_the_examples_print_what_the_page_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE.read_text("utf-8"))
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    printed: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(session, out=printed.append)
    assert tried > 15
    assert not failed, "".join(printed)
