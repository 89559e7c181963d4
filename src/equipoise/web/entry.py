"""A form as a page shows it, built from the protocol: there is no class for any form of any trial."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from unicodedata import east_asian_width

from equipoise.conduct.checks import asked, findings, read_answers
from equipoise.conduct.environment import Environment, History, RowEnvironment, row_of, rule
from equipoise.conduct.snapshot import Draft, FormKey, Query, Subject
from equipoise.items import (
    REASONS,
    STATES,
    Answer,
    FileReference,
    Missing,
    PartialDate,
    Problem,
    Reported,
    beyond,
    in_own_unit,
    parse,
    shown,
)
from equipoise.items.file import in_kinds
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import Form, FormItem, Protocol
from equipoise.web import language as say
from equipoise.web.messages import problem
from equipoise.web.rows import answer_words, rows_to_choose
from equipoise.web.units import converted, in_unit, units_of, without_unit
from equipoise.web.visibility import Sight

_BROADEST: Final = 60  # letters in a row; broader lists of codes are a drop-down list
MISSING_PREFIX: Final = "missing."
UNIT_PREFIX: Final = "unit."
STATE_KEYS: Final = {"present": "Y", "absent": "N", "not_attributable": "S", "not_assessed": "A"}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: what is stored, what is shown, and the key that chooses it."""

    value: str
    label: str
    key: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the page, with everything said about it."""

    item: FormItem
    kind: str  # "text" | "number" | "date" | "segments" | "select" | "file"
    label: str
    help: str
    hint: str
    typed: str
    missing: str
    options: tuple[Option, ...]
    reasons: tuple[Option, ...]
    words: str
    asked: bool
    section: str = ""
    prior: str = ""
    flag: str = ""
    problems: tuple[tuple[str, str, str], ...] = ()  # id, what is wrong, what to do
    notices: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()
    drafted: bool = False
    theirs: "Theirs | None" = None
    units: tuple[tuple[str, str, bool], ...] = ()  # what is sent, what is shown, whether it is chosen
    converted: str = ""
    file: FileReference | None = None  # the saved one
    lost: str = ""  # the name of one that was chosen and not saved

    @property
    def described_beside(self) -> bool:
        """Whether something stands beside the input: the earlier answer, or how to write one."""
        return bool(self.prior or self.hint)

    @property
    def described_by(self) -> str:
        """The ids of what describes the input."""
        parts = [
            ("help", self.help),
            ("hint", self.described_beside),
            ("problem", self.problems),
            ("notice", self.notices),
            ("theirs", self.theirs),
        ]
        return " ".join(f"{part}-{self.item.id}" for part, there in parts if there)


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else saved on a question while this one was typed: in words, as it would be typed, who and when."""

    words: str
    typed: str
    missing: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Place:
    """A form of a participant at a visit, as one person sees it."""

    protocol: Protocol
    subject: Subject
    visit: str
    form: Form
    repeat: int
    seen: Sight

    @property
    def key(self) -> FormKey:
        """Where the answers are kept."""
        return (self.visit, self.form.id, self.repeat)

    @property
    def items(self) -> tuple[FormItem, ...]:
        """The questions that are seen."""
        return self.seen.items(self.form)

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes that say on this form why there is no answer."""
        return self.form.missing or tuple(REASONS)

    @property
    def takes_files(self) -> bool:
        """Whether a question wants a file."""
        return any(item.type == "file" for item in self.items)

    @property
    def saved(self) -> dict[str, Answer]:
        """The saved answers that are seen."""
        kept = self.subject.answers(self.key)
        return {item.id: kept.get(item.id) for item in self.items}

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries about the form that are seen."""
        here = (query for query in self.subject.queries.values() if query.key == self.key)
        return tuple(query for query in here if self.seen.asked(query, self.subject))

    @property
    def draft(self) -> Draft | None:
        """What the visitor has typed here and not saved."""
        return self.subject.drafts.get((self.key, self.seen.person))

    def behind(self) -> Environment:
        """What rules can read beyond the form."""
        return History(self.protocol, self.subject).at(self.visit)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed: the text of every question, and the missing code chosen beside it."""

    texts: Mapping[str, str]
    missing: Mapping[str, str]

    def answers(self) -> dict[str, str]:
        """One text per question, as the desk reads it."""
        return {item: self.texts[item] or self._code(item) for item in self.texts}

    def _code(self, item: str) -> str:
        return f"?{self.missing[item]}" if self.missing.get(item) in REASONS else ""

    def rest(self, code: str, items: Iterable[str]) -> "Typed":
        """The same, with a missing code at those of the questions that have neither an answer nor one."""
        empty = {item: code for item in items if not self.texts[item].strip() and not self._code(item)}
        return Typed(self.texts, {**self.missing, **empty})

    def over(self, other: "Typed", items: Iterable[str]) -> "Typed":
        """The same, with some questions as in another."""
        texts, missing = dict(self.texts), dict(self.missing)
        for item in items:
            texts[item], missing[item] = other.texts[item], other.missing[item]
        return Typed(texts, missing)

    def contradictions(self) -> tuple[Problem, ...]:
        """Questions with both an answer and a missing code."""
        both = (item for item in self.texts if self.texts[item].strip() and self._code(item))
        return tuple(problem("web.E001", item) for item in both)


def typed_from(
    post: Mapping[str, str], place: Place, files: Mapping[str, FileReference] = MappingProxyType({})
) -> Typed:
    """What was typed or chosen on the questions that are seen; anything else that was sent is not read."""
    texts = {item.id: in_unit(item, post.get(item.id, ""), post.get(UNIT_PREFIX + item.id, "")) for item in place.items}
    missing = {item: post.get(MISSING_PREFIX + item, "") for item in texts}
    for item in (item.id for item in place.items if item.type == "file"):
        stays = "" if missing[item] else _saved_file(place, item)
        texts[item] = shown(files.get(item)) or stays  # what was typed names no file, or anybody's could be named
    return Typed(texts, missing)


def _saved_file(place: Place, item: str) -> str:
    answer = place.saved[item]
    return shown(answer) if isinstance(answer, FileReference) else ""


def typed_as_saved(place: Place, language: str) -> Typed:
    """The saved answers as they would be typed."""
    texts, missing = {}, {}
    for item, answer in place.saved.items():
        texts[item] = "" if isinstance(answer, Missing) else _spelled(answer, language)
        missing[item] = answer.reason if isinstance(answer, Missing) else ""
    return Typed(texts, missing)


def typed_as_left(place: Place, language: str) -> tuple[Typed, frozenset[str]]:
    """The saved answers with what the visitor typed over them and has not saved, and which questions those are."""
    saved, draft = typed_as_saved(place, language), place.draft
    left = {item: typed for item, typed in (draft.texts if draft else {}).items() if item in saved.texts}
    texts, missing = ({item: typed[part] for item, typed in left.items()} for part in (0, 1))
    typed = saved.over(Typed(texts, missing), left)
    return typed, frozenset(item for item in left if _differs(typed, saved, item))


def _differs(one: Typed, other: Typed, item: str) -> bool:
    return (one.texts[item], one.missing[item]) != (other.texts[item], other.missing[item])


def _spelled(answer: Answer, language: str) -> str:
    """A date in the reader's spelling, which reads back as itself; everything else plainly."""
    if isinstance(answer, PartialDate):
        return say.partial_day(answer, language)
    return say.words(answer, language) if hasattr(answer, "isoformat") else shown(answer)


def asked_now(place: Place, typed: Typed) -> dict[str, bool]:
    """Which questions are asked, given what is typed so far. A rule that reads something hidden hides nothing."""
    answers, _ = read_answers(place.protocol, place.form, typed.answers())
    env = row_of(place.protocol, place.form, {**place.saved, **answers}, place.behind())
    return {item.id: not place.seen.rule(item.when or "true") or _opens(item, env) for item in place.items}


def _opens(item: FormItem, env: RowEnvironment) -> bool:
    """Whether a question is shown: one with a meaning while it is not asked waits for the answer that opens it."""
    if item.unasked is not None and item.when is not None and rule(item.when).evaluate(env) is None:
        return env[item.id] is not None
    return asked(item, env)


def fields_of(
    place: Place, typed: Typed, language: str, problems: Sequence[Problem] = (), *, fresh: bool = True,
    drafted: frozenset[str] = frozenset(), theirs: Mapping[str, Theirs] = MappingProxyType({}),
) -> list[Field]:  # fmt: skip
    """Every question of a form as the page shows it; `fresh` when what is typed is what is saved."""
    shows, saved, behind = asked_now(place, typed), place.saved, place.behind()
    notices = _notices(place, saved, behind, language) if fresh else {}
    queries = place.queries
    return [
        _field(
            place, item, typed, language, shows[item.id] or item.id in theirs,
            saved=saved[item.id], queries=tuple(query for query in queries if query.item == item.id),
            drafted=item.id in drafted, theirs=theirs.get(item.id),
            prior=_prior(place, item, behind, language),
            flag=_flag(place, item, saved[item.id], behind),
            problems=tuple((p.id, *say.said(p, language)) for p in problems if p.where == item.id),
            notices=notices.get(item.id, ()),
        )
        for item in place.items
    ]  # fmt: skip


def _field(
    place: Place, item: FormItem, typed: Typed, language: str, is_asked: bool, *, saved: Answer,
    queries: tuple[Query, ...], prior: str, flag: str, problems: tuple[tuple[str, str, str], ...],
    notices: tuple[str, ...], drafted: bool, theirs: Theirs | None,
) -> Field:  # fmt: skip
    options = _options(place, item, typed.texts[item.id], language)
    return Field(
        item=item,
        kind=_kind(item, options),
        label=item.label.in_(language),
        help=item.help.in_(language) if item.help else "",
        hint=_hint(item, language),
        typed=without_unit(item, typed.texts[item.id])[0],
        missing=typed.missing.get(item.id, ""),
        options=options,
        reasons=_reasons(place, typed.missing.get(item.id, ""), language),
        words=answer_words(place.seen, place.subject, item, saved, language),
        asked=is_asked,
        section=item.section.in_(language) if item.section else "",
        prior=prior,
        flag=flag,
        problems=problems,
        notices=notices,
        queries=queries,
        drafted=drafted,
        theirs=theirs,
        units=units_of(item, typed.texts[item.id], language),
        converted=converted(place.protocol, item, typed.texts[item.id], language),
        file=saved if isinstance(saved, FileReference) else None,
        lost=_lost(item, typed.texts[item.id], saved),
    )


def _lost(item: FormItem, text: str, saved: Answer) -> str:
    """The name of a file that was chosen and is not the saved one: a page cannot hold it."""
    chosen = parse("file", text) if item.type == "file" and text else None
    return chosen.name if isinstance(chosen, FileReference) and chosen != saved else ""


def reasons_of(place: Place, language: str) -> tuple[Option, ...]:
    """Why an answer can be missing on this form, each with the digit that chooses it."""
    codes = enumerate(place.missing, start=1)
    return tuple(Option(code, say.missing_reason(code, language), str(key)) for key, code in codes)


def _reasons(place: Place, chosen: str, language: str) -> tuple[Option, ...]:
    """The reasons to choose from, and the one that was chosen when the protocol still listed it."""
    listed = reasons_of(place, language)
    gone = chosen in REASONS and chosen not in place.missing
    return (*listed, Option(chosen, say.missing_reason(chosen, language))) if gone else listed


def _kind(item: FormItem, options: Sequence[Option]) -> str:
    if item.type == "link":
        return "select"
    if options:
        return "segments" if _breadth(options) <= _BROADEST else "select"
    return _CONTROLS.get(item.type, "text")


_CONTROLS: Final = {
    "integer": "number", "decimal": "number", "date": "date", "partial_date": "date", "file": "file",
}  # fmt: skip


def _breadth(options: Sequence[Option]) -> int:
    """How broad a row of options is: letters, a Chinese one counting two, and the room around each."""
    letters = "".join(option.label for option in options)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in letters) + 3 * (len(options) + 1)


def _options(place: Place, item: FormItem, chosen: str, language: str) -> tuple[Option, ...]:
    if item.type == "yes_no":
        pairs = [("no", say.text("answer.no", language), "N"), ("yes", say.text("answer.yes", language), "Y")]
    elif item.type == "state":
        pairs = [(state, say.text(f"state.{state}", language), STATE_KEYS[state]) for state in _state_order()]
    elif item.type == "choice":
        entries = place.protocol.code_lists.get(item.codes, ())
        pairs = [(entry.code, entry.label.in_(language), str(n)) for n, entry in enumerate(entries, start=1)]
    elif item.type == "link":
        pairs = [(*row, "") for row in rows_to_choose(place.seen, place.subject, item, chosen, language)]
    else:
        return ()
    return tuple(Option(value, label, key, value == chosen) for value, label, key in pairs)


def _state_order() -> tuple[str, ...]:
    """Absent first: it is the answer given most often."""
    return ("absent", *(state for state in STATES if state != "absent"))


def _hint(item: FormItem, language: str) -> str:
    if item.type in ("date", "partial_date"):
        return say.text(f"entry.hint.{item.type}", language)
    if item.type == "file":
        return say.text("file.takes", language, kinds=in_kinds(item.media), most=item.megabytes)
    hints = []
    if item.expected is not None:
        low, high = (format(bound, "f") for bound in item.expected)
        unit = f" {say.unit(item.unit, language)}" if item.units else ""
        hints.append(say.text("entry.hint.expected", language, low=low, high=high) + unit)
    if item.beyond is not None:
        signs = [sign for sign, taken in (("<", item.beyond.below), (">", item.beyond.above)) if taken]
        hints.append(say.text("entry.hint.signs", language, signs=" ".join(signs)))
    return " · ".join(hints)


def _prior(place: Place, item: FormItem, behind: Environment, language: str) -> str:
    """The answer before this visit. Judgements in four states and guesses are given without looking back."""
    belief = place.protocol.masking.belief
    guessed = belief is not None and place.form.id in belief.forms
    if (
        guessed
        or not place.seen.role.looks_back
        or item.type in ("text", "link", "file")
        or any(other.type == "state" for other in place.form.items)
    ):
        return ""
    return say.words(behind.given_before(item.id), language, item, place.protocol)


def _flag(place: Place, item: FormItem, answer: Answer, behind: Environment) -> str:
    """H above and L below the limits of normal, by the answer that is saved: `<0.1` lies below 0.1."""
    if not item.analyte or not isinstance(answer, int | Decimal | Reported):
        return ""
    number = in_own_unit(item_of(item, place.protocol), Decimal(answer) if isinstance(answer, int) else answer)
    for limit, side, flag in (("uln", 1, "H"), ("lln", -1, "L")):
        bound = behind.get(f"{item.id}.{limit}")
        if number is not None and isinstance(bound, Decimal) and beyond(number, answer, bound) == side:
            return flag
    return ""


def _notices(
    place: Place, saved: Mapping[str, Answer], behind: Environment, language: str
) -> dict[str, tuple[str, ...]]:
    """What edit checks remark on the saved answers without asking anything."""
    found: dict[str, tuple[str, ...]] = {}
    for finding in findings(place.protocol, place.form, saved, behind):
        rules = [check.expect for check in place.form.checks if check.id == finding.check]
        if finding.strength == "notable" and finding.item in saved and place.seen.rule(*rules):
            found[finding.item] = (*found.get(finding.item, ()), finding.message.in_(language))
    return found
