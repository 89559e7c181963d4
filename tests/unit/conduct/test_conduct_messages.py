"""Every refusal in both languages, as whole sentences with the same places to fill."""

from string import Formatter

import pytest

from equipoise.allocator.messages import MESSAGES as ALLOCATOR
from equipoise.conduct.messages import MESSAGES as CONDUCT
from equipoise.desk.messages import MESSAGES as DESK

ALL = CONDUCT | DESK | ALLOCATOR


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def is_chinese(text):
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize("identity", sorted(ALL))
def test_a_message_says_the_same_in_both_languages(identity):
    message = ALL[identity]
    assert message.en.endswith(".")
    assert message.zh.endswith("。")
    assert is_chinese(message.zh)
    assert places(message.en) == places(message.zh)
    assert bool(message.hint_en) == bool(message.hint_zh)
    assert not message.hint_en or (message.hint_en.endswith(".") and message.hint_zh.endswith("。"))
    assert places(message.hint_en) == places(message.hint_zh)
    assert is_chinese(message.hint_zh) or not message.hint_zh
    assert not is_chinese(message.en + message.hint_en)
