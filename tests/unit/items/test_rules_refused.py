"""What the rule language refuses, and that it says why and what to do."""

import re
import string

import pytest

from equipoise.items import MESSAGES, RuleError, compile_rule, in_chinese

REFUSED = {
    "rule.E001": [
        "", "  \n ",
    ],
    "rule.E002": [
        "a" * 1001, "a + " * 300 + "a", "9" * 999 + " > 1",
    ],
    "rule.E003": [
        "x ** 2", "9**9**9", "x // 2", "x % 2", "+x", "~x", "x ^ y", "x << 2", "x @ y", "x; y", "lambda: 1",
        "lambda x: x", "[a for a in b]", "{a: 1}", "x[0]", "[1, 2]", "(1, 2)", "x := 1", "(x := 1)", "await x",
        "yield x", "x.y := 1", "`x`", "import os", "min(*a)", "x > 1 # adult", "x > 1 # adult\nand y",
        "x \\\n > 1", "a\x00b", "a\x0cb", "\ud800 > 1", "ａge > 18", "аge > 18", "ﬁeld > 1", "x > １８",
    ],
    "rule.E004": [
        "x == “A”", "x = 1", "a & b", "a && b", "a | b", "!a", "x ≥ 1", "x <> 1", "x => 1", "a is b",
        "a is not None", "x == None", "a AND b", "x == true", "min(a, key=b)", "x × 2 > 1",
    ],
    "rule.E005": [
        "x > '\\x41'", "x >", "and", "(x", "x)", "x y", "*a", "x.1", "x..y", 'x == "A', "x == '\ud800'",
        "x if y", "x == '\x00'", "x not y", ")(", "x > 1 or",
    ],
    "rule.E006": [
        "(" * 300 + "1" + ")" * 300, "not " * 100 + "a", "-" * 900 + "1", "(" * 999, "[" * 999,
        "+".join(["a"] * 400), "abs(" * 21 + "1" + ")" * 21, "a if b else " * 40 + "c",
    ],
    "rule.E007": [
        "x > 1e5", "0x10", "1_000", "1j", ".5 < x", "x < 1.", "007", "1if x else 2", "...", "1." + "0" * 40,
        "9" * 900 + " > 1", "0o17", "1.2.3",
    ],
    "rule.E008": [
        "f'{x}'", "b'a' == x", "x == 'a' 'b'", 'x == r"a"', '"""a"""', "u'a' == x",
    ],
    "rule.E009": [
        "__class__", "().__class__", "x.__class__.__mro__", "_x", "__import__('os')", "Age > 1",
        "a.b.c.d.e > 1", "(a + b).c > 1", "'a'.b", "abs(x).y", "(1).real",
    ],
    "rule.E010": [
        "sqrt(2)", "'{}'.format(x)", "x()", "x.y(1)", "open('f')", "eval('1')", "(abs)(1)(2)",
    ],
    "rule.E011": [
        "mim(a, b)", "year_between(a, b)", "knows(a)",
    ],
    "rule.E012": [
        "abs()", "abs(a, b)", "known()", "min(a)", "days_between(a)", "g.count()", "g.count(a)",
        "g.count('A', 'B')", "any_of()",
    ],
    "rule.E013": [
        "1 and x", "not 'a'", "x or 2 + 3", "1 if 2 else 3", "any_of('a')", "x and g.count('A')",
    ],
    "rule.E014": [
        "x < 1 < 'a'", "1 < 'a'", "True == 1", "x * 2 == 'a'", "(a and b) == 1", "1 in ('a',)",
        "g.count('A') == 'A'",
    ],
    "rule.E015": [
        "x < 'B'", "True < x", "(a or b) >= c",
    ],
    "rule.E016": [
        "x in ()", "x in y", "x in ('a', 1)", "x in 'abc'", "x in (y, 'a')", "x in ('a')",
    ],
    "rule.E017": [
        "x == 'not_assessed'", "'not_assessed' != x", "x in ('a', 'not_assessed')", "g.count('not_assessed')",
    ],
    "rule.E018": [
        "abs > 1", "bilag.count > 1", "known and x",
    ],
    "rule.E019": [
        "round(x, y)", "round(x, 11)", "round(x, -1)", "round(x, 1.0)",
    ],
    "rule.E020": [
        "x / 0", "x / 0.00",
    ],
    "rule.E021": [
        "-'a'", "'a' * 3", "3 * 'a'", "abs('a')", "-True", "True / x", "round('a')",
    ],
    "rule.E022": [
        "'a' + b", "'a' + 'b'", "True + 1", "min('a', 'b')", "(a and b) - 1",
    ],
    "rule.E023": [
        "days_between(1, x)", "years_between(x, 'a')",
    ],
}  # fmt: skip
CASES = [(text, identifier) for identifier, texts in REFUSED.items() for text in texts]


@pytest.mark.parametrize(("text", "identifier"), CASES, ids=lambda part: ascii(part)[:40])
def test_refused(text, identifier):
    with pytest.raises(RuleError) as caught:
        compile_rule(text)
    found = caught.value.problem
    assert found.id == identifier
    assert found.hint
    assert found.level == "error"
    assert found.where == "rule"
    assert re.search("[\u4e00-\u9fff]", in_chinese(found).message)


def test_every_message_of_the_language_is_reached():
    assert {*REFUSED} == {identifier for identifier in MESSAGES if identifier.startswith("rule.")}


def test_both_languages_fill_the_same_places():
    for message in MESSAGES.values():
        assert _places(message.en) == _places(message.zh)
        assert _places(message.hint_en) == _places(message.hint_zh)
        assert message.hint_en


def _places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_hint_names_what_was_meant():
    with pytest.raises(RuleError, match="Did you mean 'years_between'"):
        compile_rule("year_between(a, b) > 1")
    with pytest.raises(RuleError, match="Write =="):
        compile_rule("sex = 'f'")


@pytest.mark.parametrize(
    "text", ["+".join(["a"] * 90), "x" + " and x" * 90, "(" * 20 + "x" + ")" * 20, "x > 1" + " " * 995]
)
def test_long_is_not_deep(text):
    assert compile_rule(text).evaluate({}) is None
