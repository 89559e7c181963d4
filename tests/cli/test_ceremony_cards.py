"""What a scanner reads from a card is its label and code: read here by a second road, straight from ISO/IEC 18004."""

import re

import pytest

from equipoise.cli.cards import card_files, mark
from equipoise.envelopes import Card, Code, read_code, write_code
from equipoise.envelopes.labels import new_labels
from equipoise.randomisation import seeded

SIZE = 29  # modules of version 3
DATA, ALL = 44, 70  # codewords of version 3 at level M, in one block (table 9)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS = (
    lambda i, j: (i + j) % 2, lambda i, j: i % 2, lambda i, j: j % 3, lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2, lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2, lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)  # fmt: skip


def modules(svg):
    """The dark modules of the drawing: its path walks along the rows with strokes of one module's height."""
    dark, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    top, left = min(row for row, _ in dark), min(column for _, column in dark)
    return {(row - top, column - left) for row, column in dark}


def for_data(row, column):
    """Whether a module holds data: neither finder, separator, format, timing nor alignment."""
    finder = (row < 9 and (column < 9 or column > SIZE - 9)) or (row > SIZE - 9 and column < 9)
    return not (finder or 6 in (row, column) or (20 <= row <= 24 and 20 <= column <= 24))


def codewords(dark):
    """The bytes in the order of the zigzag, unmasked; the level must be M."""
    places = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8)]
    form = "".join(str(int(place in dark)) for place in [*places, *((row, 8) for row in range(5, -1, -1))])
    level_and_mask = int(form, 2) ^ 0b101010000010010
    assert level_and_mask >> 13 == 0b00
    mask = MASKS[level_and_mask >> 10 & 7]
    bits, upward = [], True
    for right in [*range(SIZE - 1, 6, -2), 5, 3, 1]:
        for row in range(SIZE - 1, -1, -1) if upward else range(SIZE):
            places = [(row, column) for column in (right, right - 1) if for_data(row, column)]
            bits += [(place in dark) ^ (mask(*place) == 0) for place in places]
        upward = not upward
    return [sum(bit << 7 - place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, 8 * ALL, 8)]


def times(a, b):
    """The product in GF(256) with x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0b100011101 if a & 128 else 0)
        b >>= 1
    return product


def text(words):
    """The characters of a symbol in alphanumeric mode."""
    bits = "".join(f"{word:08b}" for word in words[:DATA])
    assert bits[:4] == "0010"
    length, at, read = int(bits[4:13], 2), 13, ""
    while len(read) + 1 < length:
        both, at = int(bits[at : at + 11], 2), at + 11
        read += LETTERS[both // 45] + LETTERS[both % 45]
    return read + (LETTERS[int(bits[at : at + 6], 2)] if length % 2 else "")


@pytest.mark.parametrize("seed", range(16))
def test_the_mark_on_a_card_says_its_label_and_code(seed):
    source = seeded(f"card {seed}".encode())
    label, secret = next(new_labels(1, source)), source(16)
    words = codewords(modules(mark(label, write_code(Code.CARD, secret))))
    scanned = text(words)
    assert scanned == f"EQUIPOISE:{label}:{write_code(Code.CARD, secret)}"
    assert read_code(scanned, Code.CARD) == secret
    point = 1
    for _ in range(ALL - DATA):  # every syndrome of the error correction is zero
        value = 0
        for word in words:
            value = times(value, point) ^ word
        assert value == 0
        point = times(point, 2)


def test_all_marks_have_one_size():
    marks = [mark(label, write_code(Code.CARD, bytes(16))) for label in ("00000000", "ZZZZZZZZ", "7K3MQ9TX")]
    assert {re.search(r'viewBox="([^"]+)"', each)[1] for each in marks} == {"0 0 33 33"}


def test_cards_are_parted_by_site_where_the_site_is_a_stratum():
    def cards(stratum):
        return [Card("7K3MQ9TX", stratum, bytes(16))]

    assert set(card_files("trial", cards("site=01|sex=f"))) == {"sites/01/code-break-cards.pdf"}
    assert set(card_files("trial", cards("all"))) == {"sites/code-break-cards.pdf"}


def test_the_same_cards_are_the_same_pages():
    cards = [Card(label, "site=01", bytes(16)) for label in ("00000001", "00000000")]
    assert card_files("trial", cards) == card_files("trial", cards[::-1])


def test_without_a_chinese_font_the_cards_are_in_english(monkeypatch):
    monkeypatch.setattr("equipoise.cli.cards.chinese_font", lambda: "")
    (page,) = card_files("trial", [Card("7K3MQ9TX", "all", bytes(16))]).values()
    assert page.startswith(b"%PDF")
