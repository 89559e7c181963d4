"""The words of the report: both languages fill the same places, and nothing is asked for that nobody wrote."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

import equipoise.reports
from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.drawing import shortened, width_of, wrapped

SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(equipoise.reports.__file__).parent.rglob("*.py"))
    if not path.name.startswith("catalogue")
)


def places(text):
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name})


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_fill_the_same_places(key):
    english, chinese = TEXTS[key]
    assert places(english) == places(chinese)
    assert chinese or key == "page_end"
    assert not re.search(r"[，。；：（）]", english)


def test_no_text_is_in_two_catalogues():
    written = [
        path.read_text("utf-8") for path in sorted(Path(equipoise.reports.__file__).parent.glob("catalogue*.py"))
    ]
    keys = Counter(key for text in written for key in re.findall(r'^    "(\w+)": \(', text, flags=re.MULTILINE))
    assert len(keys) > 100
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_text_that_is_asked_for_exists():
    asked = set(re.findall(r"""words\(\s*["']([a-z_]+)["']""", SOURCE))
    assert len(asked) > 100
    assert asked <= set(TEXTS)


def test_an_unknown_text_is_an_error():
    with pytest.raises(KeyError):
        Words("en")("nobody_wrote_this")


def test_a_reason_without_words_stays_readable():
    assert Words("en").reason("lab_error") == "lab error"
    assert Words("zh").reason("adverse_event") == "不良事件"
    assert Words("en").reason("participant") == "participant's wish"


def test_units_are_said_in_the_language():
    assert Words("en").unit("Age", "years") == "Age (years)"
    assert Words("zh").unit("年龄", "years") == "年龄（岁）"
    assert Words("zh").unit("病程（年）", "years") == "病程（年）"
    assert Words("en").unit("Score", "") == "Score"


@pytest.mark.parametrize("words", ["one two three four", "低疾病活动度系统性红斑狼疮", "mixed 混合 words 文字", ""])
def test_lines_keep_every_word_and_their_width(words):
    lines = wrapped(words, 60)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(width_of(line) <= 60 for line in lines)
    assert width_of(shortened(words, 40)) <= 40
