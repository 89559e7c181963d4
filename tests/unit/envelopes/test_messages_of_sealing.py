"""Everything these rooms say is said in both languages, with the same places to fill."""

import re
from string import Formatter

import pytest

from equipoise.allocator.messages import MESSAGES as ALLOCATOR
from equipoise.envelopes import MESSAGES as ENVELOPES
from equipoise.randomisation import MESSAGES as RANDOMISATION

ALL = {**ALLOCATOR, **ENVELOPES, **RANDOMISATION}


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("identifier", ALL)
def test_a_message_and_its_hint_are_in_both_languages(identifier):
    message = ALL[identifier]
    for english, chinese in ((message.en, message.zh), (message.hint_en, message.hint_zh)):
        assert english
        assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese.startswith("例如")
        assert places(english) == places(chinese)
