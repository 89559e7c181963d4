"""Reading pages as a test does: their forms, their problems, and posting what a browser would post."""

import re
import secrets
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

EXAMINATION = "/demo/subjects/01-001/week_0/examination/1/"


def key() -> str:
    """A key as a page makes it."""
    return secrets.token_hex(16)


def without_address(answer: HttpResponse, address: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and page of an answer, but its address, its token and the number of a failure."""
    text = answer.content.decode().replace(address, "")
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*|<code>[0-9a-f]{8}</code>', "", text)
    return answer.status_code, {k: v for k, v in answer.headers.items() if k != "Content-Length"}, text


class _Inputs(HTMLParser):
    """The values a browser would send from one form of a page."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.wanted, self.inside = form, False
        self.values: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = a.get("id") == self.wanted
        if not self.inside:
            return
        if tag == "input" and a.get("name") and (a.get("type") not in ("radio", "checkbox") or "checked" in a):
            self.values[a["name"]] = a.get("value", "")
        if tag == "select":
            self._select = a.get("name", "")
            self.values[self._select] = ""
        if tag == "option" and self._select and "selected" in a:
            self.values[self._select] = a.get("value", "")
        if tag == "textarea":
            self._textarea = a.get("name", "")
            self.values[self._textarea] = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""
        if tag == "form":
            self.inside = False


def inputs(html: str, form: str = "entry") -> dict[str, str]:
    """What a browser would send from a form as it was rendered."""
    reader = _Inputs(form)
    reader.feed(html)
    return reader.values


def opened(client: Client, path: str) -> dict[str, str]:
    """The form of a page, ready to be changed and sent."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return inputs(answer.content.decode())


def save(client: Client, path: str, **changes: str) -> Any:
    """Open a form, change some answers as a person would, and send it."""
    return client.post(path, {**opened(client, path), **changes})


def problem_ids(html: str) -> set[str]:
    """The ids of the problems a page names."""
    return set(re.findall(r'<span class="id">([\w.]+)</span>', html))


def problems_in(answer: HttpResponse) -> set[str]:
    """The ids of the problems an answer's page names."""
    return problem_ids(answer.content.decode())


def item_html(html: str, item: str) -> str:
    """The part of a form's page that belongs to one question."""
    start = html.index(f'id="item-{item}"')
    end = html.find('<div class="item"', start)
    return html[start : end if end > 0 else html.index("savebar", start)]
