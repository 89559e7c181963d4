"""What a reader finds in a page, a PDF or an RTF file: its words, cell by cell where there are cells.

Written from the formats' own specifications (HTML; PDF 32000-1:2008 §9.10 for text; RTF 1.9.1), so that nothing of what
wrote a file helps to read it.
"""

import re
import zlib
from html.parser import HTMLParser


def squeezed(text):
    """A text without spaces: where lines are broken, typesetters leave them out."""
    return re.sub(r"\s", "", text)


# --- HTML -------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The rows of the tables of a page, and all of its words."""

    def __init__(self, content):
        super().__init__()
        self.rows, self.words, self._cell, self._silent = [], [], None, 0
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag in ("style", "script"):
            self._silent += 1

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append("".join(self._cell))
            self._cell = None
        elif tag in ("style", "script"):
            self._silent -= 1

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)
            if self._cell is not None:
                self._cell.append(data)

    @property
    def text(self):
        return " ".join(self.words)


# --- PDF --------------------------------------------------------------------------------------------------------------

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_PROPERTIES = rb"<<(?:[^<>(]|<[0-9A-Fa-f]*>|\((?:[^\\)]|\\.)*\))*>>"
_MARK = re.compile(
    rb"/(\w+)(?:" + _PROPERTIES + rb"|/\w+)?\s*B(?:D|M)C|(EMC)|/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\()", re.DOTALL
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_pages(content):
    """The words of each page: what belongs to the document, and what is only on the page (its head and foot)."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    kids = next(body for body in objects.values() if b"/Type/Pages" in body)
    order = [int(n) for n in re.findall(rb"(\d+) 0 R", re.search(rb"/Kids\[(.*?)\]", kids)[1])]
    return [_page_words(objects, objects[number]) for number in order]


def pdf_text(content):
    """The words of the document itself, page after page, without spaces; repeated heads of tables are left out."""
    return squeezed("".join(document for document, _ in pdf_pages(content)))


def _page_words(objects, page):
    resources = objects[int(re.search(rb"/Resources (\d+) 0 R", page)[1])]
    fonts = dict(re.findall(rb"/(\w+) (\d+) 0 R", (re.search(rb"/Font<<(.*?)>>", resources) or [b"", b""])[1]))
    letters = {name: _letters(objects, objects[int(number)]) for name, number in fonts.items()}
    contents = int(re.search(rb"/Contents (\d+) 0 R", page)[1])
    kinds, words, font = [], {True: [], False: []}, b""
    for kind, end, chosen, codes in _marks(_stream(objects[contents])):
        if kind:
            kinds.append(kind)
        elif end:
            kinds.pop()
        elif chosen:
            font = chosen
        else:
            shown = (letters[font][codes[at : at + 2]] for at in range(0, len(codes), 2))
            words[b"Artifact" in kinds].extend(shown)
    return "".join(words[False]), "".join(words[True])


def _stream(body):
    head, _, rest = body.partition(b"stream\n")
    data = rest[: int(re.search(rb"/Length (\d+)", head)[1])]
    return zlib.decompress(data) if b"/FlateDecode" in head else data


def _letters(objects, font):
    """Code → text, from the font's ToUnicode map."""
    cmap = _stream(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", font)[1])])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", cmap)
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _marks(drawn):
    """The beginnings and ends of marked content, the fonts, and the codes that are shown, in their order."""
    at = 0
    while found := _MARK.search(drawn, at):
        kind, end, font, codes, opened = found.groups()
        at = found.end()
        if opened:
            at = _closed(drawn, at)
            codes = re.sub(rb"\\([0-7]{1,3}|.)", _escape, drawn[found.end() : at - 1], flags=re.DOTALL)
        elif codes:
            codes = bytes.fromhex(codes.decode())
        yield kind, end, font, codes


def _closed(drawn, at):
    """Where a string ends: parentheses inside it are balanced or escaped."""
    depth = 1
    while depth:
        letter = drawn[at : at + 1]
        at += 2 if letter == b"\\" else 1
        depth += {b"(": 1, b")": -1}.get(letter, 0)
    return at


def _escape(found):
    code = found[1]
    return bytes([int(code, 8)]) if code[:1].isdigit() else _ESCAPES.get(code, code)


# --- RTF --------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(rb"([{}])|\\([a-z]+)(-?\d+)? ?|\\([^a-z])|[\r\n]+|([^{}\\\r\n]+)")
_NO_WORDS = {"fonttbl", "pict", "fldinst", "colortbl", "info"}


class Rtf:
    """The rows of the tables, the paragraphs, and what stands at the head and foot of every page.

    Raises AssertionError where a group or a row is not closed, or has more cells than edges.
    """

    def __init__(self, content):
        assert content.startswith(b"{\\rtf1")
        self.rows, self.paragraphs, self.frame, self.pictures = [], [], {"header": "", "footer": ""}, 0
        self._groups, self._cells, self._edges, self._units, self._skip = [], [], 0, [], 0
        for brace, word, number, symbol, plain in _TOKEN.findall(content):
            if brace:
                self._brace(brace)
            elif word:
                self._word(word.decode(), number)
            elif symbol or plain:
                self._letters((symbol or plain).decode("ascii"))
        assert not self._groups, "a group is not closed"

    @property
    def header(self):
        return self.frame["header"]

    @property
    def footer(self):
        return self.frame["footer"]

    def _brace(self, brace):
        if brace == b"{":
            self._groups.append("")
        elif (kind := self._groups.pop()) in self.frame:
            self.frame[kind] = self._taken()

    def _word(self, word, number):
        if word in self.frame or word in _NO_WORDS:
            self._groups[-1] = word
            self.pictures += word == "pict"
        elif word in ("par", "line") and not self.frame.keys() & set(self._groups):
            self.paragraphs.append(self._taken())
        elif word == "u":
            self._units.append(int(number) % 0x10000)
            self._skip = 1
        else:
            self._row(word)

    def _row(self, word):
        if word == "trowd":
            assert not self._cells, "a row began before the last one ended"
            self._edges = 0
        elif word == "cellx":
            self._edges += 1
        elif word == "cell":
            self._cells.append(self._taken())
        elif word == "row":
            assert len(self._cells) == self._edges, f"{len(self._cells)} cells and {self._edges} edges"
            self.rows.append(self._cells)
            self._cells = []

    def _letters(self, letters):
        if not _NO_WORDS & set(self._groups):
            self._units += [ord(letter) for letter in letters[self._skip :]]
            self._skip = 0

    def _taken(self):
        """The UTF-16 units so far as words, and a new beginning."""
        words = b"".join(unit.to_bytes(2, "little") for unit in self._units).decode("utf-16-le")
        self._units = []
        return words.strip()
