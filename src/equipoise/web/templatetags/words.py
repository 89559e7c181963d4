"""Words in templates: every fixed text, label, date and answer passes through here, in the reader's language."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context

from equipoise.conduct.snapshot import Query
from equipoise.envelopes.labels import LENGTH
from equipoise.protocol.schema import Label, Protocol
from equipoise.web import language as say
from equipoise.web.texts import TEXTS
from equipoise.web.trail import own_half as in_one_language
from equipoise.web.views.rendering import new_key as make_key

register = template.Library()


def _language(context: Context) -> str:
    return str(context.get("language", "en"))


@register.simple_tag(takes_context=True)
def t(context: Context, identifier: str, *parts: object, **params: object) -> str:
    """A fixed text; further parts are joined to the id, as in {% t "visit." state %}."""
    return say.text(identifier + "".join(map(str, parts)), _language(context), **params)


@register.simple_tag(takes_context=True)
def label(context: Context, words: Label) -> str:
    """A text of the protocol."""
    return words.in_(_language(context))


@register.simple_tag(takes_context=True)
def roleword(context: Context, protocol: Protocol, role: str) -> str:
    """A role as its protocol calls it."""
    return protocol.role_by_id[role].label.in_(_language(context))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None) -> str:
    """A date, or a dash."""
    return say.day(value, _language(context)) if value else "–"


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime, zone: str) -> str:
    """A moment with its time zone."""
    return say.moment(value, zone, _language(context))


@register.simple_tag(takes_context=True)
def minute(context: Context, value: datetime, zone: str) -> str:
    """A moment to the minute, at a place whose time zone stands elsewhere on the page."""
    return say.minute(value, zone, _language(context))


@register.simple_tag(takes_context=True)
def coded(context: Context, family: str, value: str) -> str:
    """The word for a code of a family, or the code itself where there is none."""
    identifier = f"{family}.{value}"
    return say.text(identifier, _language(context)) if identifier in TEXTS else value


@register.simple_tag(takes_context=True)
def own_half(context: Context, query: Query) -> str:
    """What a query asks, in one language where it was asked in two."""
    return in_one_language(query.text, query.check, _language(context))


@register.simple_tag
def new_key() -> str:
    """A key for one act."""
    return make_key()


@register.filter
def card_label(label: str) -> str:
    """The label of an envelope as its card has it: two groups of four."""
    return f"{label[:4]}-{label[4:]}" if len(label) == LENGTH else label


@register.filter
def get(mapping: Any, key: str) -> Any:
    """What a mapping holds under a key."""
    return mapping.get(key, "")


@register.filter
def unit(written: str, language: str) -> str:
    """A unit in a language with its powers raised: 10^9/L is shown as 10⁹/L."""
    return say.unit(written, language)


@register.filter
def kilobytes(size: int) -> str:
    """A file's size in kB, at least 1."""
    return f"{max(1, round(size / 1000)):,} kB"
