"""Reading pages with axe, by the rules of its authors: WCAG 2.2 A and AA, and what they call best practice.

Of what it finds, "serious" and "critical" keep somebody from their work. Its script is run by the browser's own
debugger, which the policy of a page does not stop, so that the pages keep theirs. Only the printed sheets run no
script whatever, and are read in a browser that was told to ignore it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE: Final = Axe()
_OPTIONS: Final = {"resultTypes": ["violations"], "preload": False}  # style sheets are the page's own
_TOO_SERIOUS: Final = ("serious", "critical")


def serious(page: Page) -> list[str]:
    """What keeps somebody from their work on a page: the rule, how many places, and the first of them."""
    found = _AXE.run(page, options=_OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['impact']}, {len(each['nodes'])}): {each['nodes'][0]['html'][:160]}"
        for each in found
        if each["impact"] in _TOO_SERIOUS
    ]


def links(page: Page) -> list[str]:
    """The pages of this site that a page leads to, without their questions and places."""
    return sorted(
        set(
            page.evaluate("""() => [...document.links].filter((link) => link.origin === location.origin
        && !link.hasAttribute('download')).map((link) => link.pathname)""")
        )
    )


def kind_of(path: str) -> str:
    """A page's kind: its address without which study, who, which visit, row and question."""
    plain = re.sub(r"^/[a-z][a-z0-9_-]*/(?=.)", "/STUDY/", path)
    plain = re.sub(r"/[0-9A-Z]{2,6}-[0-9]{3,5}/", "/CODE/", plain)
    plain = re.sub(r"/CODE/(?:screening|week_\d+)/", "/CODE/VISIT/", plain)
    return re.sub(r"/\d+/(?:\w+/trail/)?", lambda found: "/N/trail/" if "trail" in found[0] else "/N/", plain)


def walk(page: Page, start: str, *, skip: Callable[[str], bool]) -> Iterator[str]:
    """One page of every kind that can be reached by links; the browser is on each when it is given."""
    waiting, known = [start], {kind_of(start)}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path
        for link in links(page):
            if kind_of(link) not in known and not skip(link):
                known.add(kind_of(link))
                waiting.append(link)
