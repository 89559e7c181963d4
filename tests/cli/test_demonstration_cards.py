"""The cards of a demonstration: codes in a file, which open what is released, so that a code break can be tried."""

from datetime import UTC, datetime

import pytest

from equipoise.allocator import door
from equipoise.cli import rehearsal
from equipoise.envelopes import Code, open_broken, read_code
from equipoise.protocol.load import load
from tests.cli.conftest import TABLETS


@pytest.mark.django_db(databases=["default", "allocator"])
def test_the_cards_of_a_demonstration_open_what_is_released(tmp_path):
    file, at = TABLETS / "protocol.yaml", datetime(2026, 1, 6, 3, tzinfo=UTC)
    protocol = load(file.read_bytes())[0]
    trial = rehearsal.Trial("practice", file, protocol, None, 1, 2)
    plan = rehearsal.draw_list(trial)
    sealed = rehearsal.seal_list(trial, plan, tmp_path / "cards.txt")
    mark, *lines = (tmp_path / "cards.txt").read_text().splitlines()
    assert (mark, len(lines)) == ("SIMULATED", len(sealed.slots))
    stratum = min(plan)
    door.assign(study="practice", stratum=stratum, subject="11-001", at=at)
    released = door.release_code_break(
        study="practice", subject="11-001", by="i", role="i", reason="drill", at=at, entitled={"i"}
    )
    (code,) = (line.split()[1] for line in lines if line.split()[0].replace("-", "") == released.label)
    assert open_broken(sealed, read_code(code, Code.CARD), released.release).arm == plan[stratum][0]


@pytest.mark.parametrize(
    ("trial", "bound"),
    [
        ("belimumab-sle", {"pharmacist/01": "01", "pharmacist/02": "02", "pharmacist/03": "03"}),
        ("hypertension-tablets", {}),
    ],
)
def test_whose_doses_are_prepared_at_sites_has_a_key_bound_to_each(trial, bound):
    """The keys that choose kits open every site's envelopes; the key files are those of the readers of the register."""
    file = TABLETS.parent / trial / "protocol.yaml"
    rehearsed = rehearsal.Trial("practice", file, load(file.read_bytes())[0], None, 1, 2)
    recipients = rehearsed.recipients()
    assert {each.recipient: each.site for each in recipients if each.site} == bound
    assert {each.recipient for each in recipients if each.role == "pharmacist"} == (set(bound) or {"pharmacist"})
