"""A small canvas for figures: shapes and words become SVG, the same bytes on every machine and every day.

Words stay words, so that a figure can be searched, read aloud and printed in Chinese; the reader's fonts draw them.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

# Replaced by the fonts found when a figure is set into a PDF.
FONTS = "system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

INK, SOFT, LINE, WASH, PAPER = "#14202b", "#55636f", "#d5dce2", "#f4f6f8", "#ffffff"
ACCENT, DUE = "#0a5a78", "#7a4f00"
# Colours that stay apart for every common kind of colour vision; dash and marker say the same again.
ARMS = ("#0a5a78", "#c4621d", "#7b4fa3", "#2f7d4f", "#8a6d00")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2")
MARKERS = ("circle", "square", "triangle", "diamond", "cross")
_WIDE = 0x2E80  # from here on characters are as wide as they are high

Point = tuple[float, float]


class Drawing:
    """A drawing in the making; the origin is at the top left and one unit is one pixel."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._parts: list[str] = []

    def line(self, a: Point, b: Point, *, colour: str = LINE, width: float = 1, dash: str = "") -> None:
        """A straight line."""
        self._add("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], stroke=colour, stroke_width=width, stroke_dasharray=dash)

    def path(self, points: Sequence[Point], *, colour: str, width: float = 2, dash: str = "") -> None:
        """A line through points."""
        self._add(
            "path", d=_through(points), fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dash,
            stroke_linejoin="round",
        )  # fmt: skip

    def area(self, points: Sequence[Point], *, colour: str, opacity: float = 0.13) -> None:
        """A filled area without an edge."""
        if points:
            self._add("path", d=_through(points) + "Z", fill=colour, fill_opacity=opacity, stroke="none")

    def rect(self, at: Point, width: float, height: float, *, fill: str, edge: str = "none", round_: float = 0) -> None:
        """A rectangle by its top left corner."""
        self._add("rect", x=at[0], y=at[1], width=width, height=height, fill=fill, stroke=edge, rx=round_)

    def text(
        self, at: Point, words: str, *, size: float = 11, anchor: str = "start", colour: str = SOFT, bold: bool = False
    ) -> None:
        """Words, their baseline at the point."""
        weight = "600" if bold else ""
        attributes = _attributes(x=at[0], y=at[1], font_size=size, text_anchor=anchor, fill=colour, font_weight=weight)
        self._parts.append(f"<text{attributes}>{escape(words)}</text>")

    def marker(self, at: Point, kind: str, *, colour: str, size: float = 4, filled: bool = True) -> None:
        """A small mark: circle, square, triangle, diamond or cross."""
        fill = colour if filled else PAPER
        x, y = at
        if kind == "circle":
            self._add("circle", cx=x, cy=y, r=size, fill=fill, stroke=colour, stroke_width=1.5)
        elif kind == "cross":
            self.line((x - size, y - size), (x + size, y + size), colour=colour, width=2)
            self.line((x - size, y + size), (x + size, y - size), colour=colour, width=2)
        else:
            corners = [(x + dx * size, y + dy * size) for dx, dy in _CORNERS[kind]]
            self._add("path", d=_through(corners) + "Z", fill=fill, stroke=colour, stroke_width=1.5)

    def arrow(self, a: Point, b: Point, *, colour: str = SOFT) -> None:
        """A line that ends in a small head, straight down or to the right."""
        self.line(a, b, colour=colour, width=1.2)
        x, y = b
        head = [(x, y), (x - 4, y - 6), (x + 4, y - 6)] if a[0] == b[0] else [(x, y), (x - 6, y - 4), (x - 6, y + 4)]
        self._add("path", d=_through(head) + "Z", fill=colour)

    def svg(self) -> bytes:
        """The finished drawing."""
        box = f"0 0 {_number(self.width)} {_number(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{_number(self.width)}" '
            f'height="{_number(self.height)}" role="img" aria-label={quoteattr(self.title)} font-family="{FONTS}">'
            f"<title>{escape(self.title)}</title>{''.join(self._parts)}</svg>\n"
        ).encode()

    def _add(self, tag: str, **attributes: object) -> None:
        self._parts.append(f"<{tag}{_attributes(**attributes)}/>")


_CORNERS: dict[str, tuple[Point, ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": ((0, -1.15), (1.1, 0.9), (-1.1, 0.9)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
}


def _attributes(**attributes: object) -> str:
    kept = {name.replace("_", "-"): value for name, value in attributes.items() if value != ""}
    return "".join(f" {name}={quoteattr(_number(value))}" for name, value in kept.items())


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _through(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_number(float(x))},{_number(float(y))}" for x, y in points) if points else ""


def width_of(words: str, size: float = 11) -> float:
    """About how wide words are, in pixels."""
    return sum(size if ord(letter) >= _WIDE else size * 0.56 for letter in words)


def wrapped(words: str, width: float, size: float = 11) -> list[str]:
    """Words in lines of at most this width: broken at spaces, in Chinese between any two characters."""
    lines, current = [], ""
    for piece in _pieces(words):
        if current and width_of(current + piece.rstrip(), size) > width:
            lines.append(current.rstrip())
            current = piece.lstrip()
        else:
            current += piece
    return [*lines, current.rstrip()] if current.strip() else lines


def shortened(words: str, width: float, size: float = 11) -> str:
    """Words cut to a width, with a mark where something was cut."""
    if width_of(words, size) <= width:
        return words
    while words and width_of(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def _pieces(words: str) -> list[str]:
    pieces, current = [], ""
    for letter in words:
        current += letter
        if letter == " " or ord(letter) >= _WIDE:
            pieces.append(current)
            current = ""
    return [*pieces, current] if current else pieces
