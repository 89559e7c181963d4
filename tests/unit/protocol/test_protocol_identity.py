"""A study keeps its protocol: a newer version of the program gives a protocol that it opened before the same digest."""

import json
from pathlib import Path

from protocol_cases import SMALL, parts

from equipoise.protocol.load import digest, load
from equipoise.protocol.parts import Part, later
from equipoise.protocol.schema import Protocol

# By the version (git) that brought a part, the keys it put into every digest. Such a list is taken from that version's
# own code: `[name for name, field in Part.model_fields.items() if not field.exclude_if]`.
GOLDEN = Path(__file__).parents[2] / "golden" / "protocol" / "keys_of_digests.json"
KEYS = {part: keys for brought in json.loads(GOLDEN.read_text("utf-8")).values() for part, keys in brought.items()}


def test_an_older_protocol_has_the_digest_it_had():
    """What `digest` of the versions 9b8d3bb, 7c2d80f and 8a4dd2f (git) made of tests/protocols/small.yaml."""
    assert digest(load(SMALL)[0]) == "c0f015287e6229d0a6ead5b031384952c71f8b2318fe527cd573da5693a5338b"


def test_every_digest_has_the_keys_it_had_and_no_later_one():
    found = {model.__name__: model for model in parts(Protocol, "", {})}
    assert found.keys() == KEYS.keys(), "a new part stands in the list with the keys it came with"
    for name, model in found.items():
        always = {key for key, field in model.model_fields.items() if field.exclude_if is None}
        assert always == set(KEYS[name]), f"{name}: a new key is written with later(), and none goes"
        for key, field in model.model_fields.items():
            unsaid = field.exclude_if is None or field.exclude_if(field.get_default(call_default_factory=True))
            assert unsaid, f"{name}.{key} is in the digest of a protocol that does not mention it"


def test_a_later_key_is_in_the_digest_once_it_says_something_else():
    class Visit(Part):
        fasting: bool = later(False)
        hours: int | None = later(ge=1)

    assert Visit().model_dump() == Visit(fasting=False, hours=None).model_dump() == {}
    assert Visit(fasting=True, hours=8).model_dump() == {"fasting": True, "hours": 8}


def test_a_role_that_does_not_look_back_makes_another_protocol():
    scope = "    scope: site\n"
    assert scope in SMALL
    texts = [SMALL.replace(scope, f"{scope}    looks_back: {said}\n", 1) for said in ("yes", "no")]
    same, other = (digest(load(text)[0]) for text in texts)
    assert same == digest(load(SMALL)[0]) != other
