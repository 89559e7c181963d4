"""The emitter: what is written reads back as it was, and comments stand before what they are about."""

import yaml

from equipoise.drafting.yaml_text import Noted, write


def read(text):
    return yaml.load(text, Loader=yaml.BaseLoader)


def test_words_that_yaml_would_take_for_something_else_stay_words():
    tree = {
        "a": [
            "yes",
            "no",
            "null",
            "~",
            "",
            " x",
            "x ",
            "1:1",
            "0123",
            "-",
            "- a",
            "#x",
            "x #y",
            "a: b",
            "a:",
            "[x]",
            "{",
            "'q'",
            '"',
            "%x",
        ],
        "b": ["@x", "&x", "*x", "!x", "|", ">", "? x", "x, y", "\\", "待补充: x", "=", "<<", "...", "---", "`", "a]b"],
        "c": {"k: y": "v", "-": "w", "": "z"},
    }
    assert read(write(tree)) == tree


def test_comments_stand_before_their_part():
    tree = {"a": Noted("x", ("one", "two\nlines")), "b": [Noted({"c": Noted("y", ("three",)), "d": "z"}, ("four",))]}
    text = write(tree)
    assert text == "# one\n# two lines\na: x\nb:\n  # four\n  # three\n  - c: y\n    d: z\n"
    assert read(text) == {"a": "x", "b": [{"c": "y", "d": "z"}]}


def test_what_nobody_sees_is_not_written():
    assert "\u200b" not in write({"a": "x\u200by", "b": Noted("c", ("d\u2028e",))})
