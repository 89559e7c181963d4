"""Canonical JSON: one value has one spelling in bytes, so that a hash of it means something."""

import hashlib
import json
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

_SAFE_INTEGER: Final = 2**53 - 1


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes of a JSON value without fractions.

    Numbers with a fraction are refused: decimals are written as text, which keeps "1.10" from becoming 1.1.
    """
    _refuse_inexact(value)
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Json) -> str:
    """The SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _ordered(value: Json) -> Json:
    """Keys sorted by UTF-16 code units (RFC 8785, section 3.2.3)."""
    if isinstance(value, dict):
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    return value


def _refuse_inexact(value: Json) -> None:
    match value:
        case None | str() | bool():
            return
        case int():
            if abs(value) > _SAFE_INTEGER:
                raise TypeError(f"{value} is beyond the integers JSON keeps exactly; write it as text")
        case list():
            for item in value:
                _refuse_inexact(item)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise TypeError(f"a key must be text, not {key!r}")
                _refuse_inexact(item)
        case _:
            raise TypeError(f"{value!r} has no exact JSON; write a decimal or a date as text")
