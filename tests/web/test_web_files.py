"""A scanned report on a form: saved with the form, handed out to those who see the answer and to nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from equipoise.items import FileReference, Missing, refer
from equipoise.ledger.files import write_files
from equipoise.ledger.models import StoredFile
from equipoise.ledger.store import Ledger
from equipoise.web import language as say
from tests.web.web_pages import inputs, item_html, key, opened, problem_ids

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

FORM = "/demo/subjects/01-001/screening/screening_laboratory/1/"
SCAN, PHOTO = b"%PDF-1.7 the report", b"\xff\xd8\xff\xe0 the report"


def uploaded(client, content=SCAN, name="report.pdf", reason="the report came", **changes):
    """The form sent as a browser sends it, with a file that claims to be a PDF."""
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(FORM, {**opened(client, FORM), "reason": reason, **changes, "screening_report": file})


def saved(code="01-001"):
    return Ledger.of("demo").snapshot().subjects[code].values["screening", "screening_laboratory", 1]


def address(file, form=FORM):
    return f"{form}screening_report/file/{file.digest}/"


def test_a_file_is_saved_with_its_form_and_handed_out_harmless(enter):
    nurse = enter("coordinator")
    assert uploaded(nurse).status_code == 302
    file = saved()["screening_report"]
    assert file == refer("report.pdf", SCAN)
    page = nurse.get(FORM).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert address(file) in item_html(page, "screening_report")
    answer = nurse.get(address(file))
    assert (answer.status_code, answer.content) == (200, SCAN)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_saving_again_without_choosing_keeps_the_file(enter):
    coordinator = enter("coordinator")
    uploaded(coordinator)
    acts = Ledger.of("demo").snapshot().acts
    coordinator.post(FORM, opened(coordinator, FORM))
    assert Ledger.of("demo").snapshot().acts == acts
    answer = coordinator.post(FORM, {**opened(coordinator, FORM), "missing.screening_report": "LOST", "reason": "x"})
    assert (answer.status_code, saved()["screening_report"]) == (302, Missing("LOST"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"MZ program", "items.E021"), (b"", "items.E021"), (b"%PDF-" + bytes(10_000_000), "items.E022")],
)
def test_a_file_that_is_wrong_or_too_large_is_named_and_nothing_else_is_lost(enter, language, content, problem):
    coordinator = enter("coordinator", language=language)
    before = saved()
    answer = uploaded(coordinator, content, ana="negative")
    html = answer.content.decode()
    assert (answer.status_code, saved()) == (422, before)
    assert problem_ids(item_html(html, "screening_report")) == {problem}
    assert {"en": "Choose it again.", "zh": "请重新选择。"}[language] in item_html(html, "screening_report")
    assert inputs(html)["ana"] == "negative", "what was typed is there still"
    assert not StoredFile.objects.exists()


def test_more_than_one_request_may_bring_is_counted_and_not_kept(enter, settings):
    settings.UPLOADS = 10
    answer = uploaded(enter("coordinator"))
    assert problem_ids(item_html(answer.content.decode(), "screening_report")) == {"desk.E042"}


def test_a_text_in_place_of_a_file_names_nobodys_file(enter):
    uploaded(enter("coordinator"))
    other = FORM.replace("01-001", "02-001")
    coordinator = enter("coordinator", "02")
    named = str(saved()["screening_report"])
    coordinator.post(other, {**opened(coordinator, other), "screening_report": named, "reason": "x"})
    assert saved("02-001").get("screening_report") is None
    assert coordinator.get(address(saved()["screening_report"])).status_code == 404, "another site's"
    assert coordinator.get(address(saved()["screening_report"], other)).status_code == 404, "another participant's"


def test_an_earlier_file_stays_where_the_trail_names_it(enter):
    coordinator = enter("coordinator")
    uploaded(coordinator)
    uploaded(coordinator, PHOTO, "photo.pdf")
    old, new = refer("report.pdf", SCAN), refer("photo.pdf", PHOTO)
    assert (saved()["screening_report"], new.name) == (new, "photo.pdf.jpg")
    trail = coordinator.get(f"{FORM}screening_report/trail/").content.decode()
    for file in (old, new):
        assert f"{file.name} (1 kB, SHA-256 {file.digest})" in trail
        assert f'href="{address(file)}"' in trail
    export = b"".join(enter("monitor").get("/demo/trail/export.csv?subject=01-001").streaming_content).decode()
    assert old.digest in export
    assert new.digest in export
    assert coordinator.get(address(old)).content == SCAN
    assert coordinator.get(address(FileReference("0" * 64, 1, "", ""))).status_code == 404


def test_the_printed_casebook_names_the_file_with_its_digest(enter):
    coordinator = enter("coordinator")
    uploaded(coordinator)
    printed = coordinator.get("/demo/subjects/01-001/casebook.html").content.decode()
    assert saved()["screening_report"].digest in printed
    assert "report.pdf" in printed


def test_who_does_not_see_the_form_or_is_masked_from_it_comes_to_no_file(enter):
    uploaded(enter("coordinator"))
    hidden = "/demo/subjects/01-001/log/masked_results/1/"
    unmasked, file = enter("unmasked_monitor"), refer("igg.pdf", SCAN + b" IgG 3.1")
    upload = SimpleUploadedFile(file.name, SCAN + b" IgG 3.1")
    sent = {**opened(unmasked, hidden), "masked_report": upload, "reason": "the report came"}
    assert unmasked.post(hidden, sent).status_code == 302
    paths = {address(saved()["screening_report"]): [], f"{hidden}masked_report/file/{file.digest}/": []}
    across = FORM + f"screening_report/file/{file.digest}/"
    protocol = Ledger.of("demo").protocol
    for role in protocol.roles:
        client = enter(role.id)
        answered = {path: client.get(path).status_code for path in (*paths, across)}
        nothing = 404 if "view" in role.may else 403
        assert set(answered.values()) <= {200, nothing}, role.id
        assert answered[across] == nothing, "one form's file is not found at another"
        for path, roles in paths.items():
            roles += [role] if answered[path] == 200 else []
    seen, kept_back = paths.values()
    assert {"coordinator", "investigator", "monitor"} <= {role.id for role in seen}
    assert {role.id for role in seen} & {"pharmacist", "assessor"} == set()
    assert [role.id for role in kept_back if role.masked] == []
    assert "unmasked_monitor" in {role.id for role in kept_back}


def test_a_content_that_no_act_names_is_shown_to_nobody(enter):
    orphan = refer("orphan.pdf", b"%PDF-1.7 orphan")
    with connection.cursor() as cursor:
        write_files(cursor, {orphan.digest: b"%PDF-1.7 orphan"})
    assert enter("coordinator").get(address(orphan)).status_code == 404


def test_a_file_that_was_changed_underneath_is_not_handed_out(enter, administrator):
    coordinator = enter("coordinator")
    uploaded(coordinator)
    file = saved()["screening_report"]
    administrator("UPDATE ledger_file SET content = %s", b"%PDF-1.7 another one")
    answer = coordinator.get(address(file))
    assert answer.status_code == 422
    assert problem_ids(answer.content.decode()) == {"web.E009"}


def test_two_who_choose_a_file_at_once_both_see_both_and_the_second_decides(enter):
    first, second = enter("coordinator"), enter("investigator")
    sent = opened(second, FORM)
    uploaded(first)
    mine = SimpleUploadedFile("mine.jpg", PHOTO)
    answer = second.post(FORM, {**sent, "screening_report": mine, "reason": "x"})
    part = item_html(answer.content.decode(), "screening_report")
    assert problem_ids(part) == {"web.E002"}
    assert 'data-typed=""' in part, "to take theirs is to choose none"
    assert "mine.jpg" in part
    assert saved()["screening_report"] == refer("report.pdf", SCAN)


def test_of_a_file_a_draft_holds_only_why_there_is_none(enter):
    coordinator = enter("coordinator")
    sent = {"key": key(), "missing.screening_report": "LOST", "screening_report_unknown": "x"}
    assert "words" in coordinator.post(f"{FORM}draft/", sent).json()
    page = coordinator.get(FORM).content.decode()
    assert inputs(page)["missing.screening_report"] == "LOST"
    assert saved().get("screening_report") is None


def test_sizes_are_said_as_people_say_them():
    for size, words in ((1, "1 kB"), (1_000, "1 kB"), (412_300, "413 kB"), (1_540_000, "1.5 MB")):
        assert f"({words}, SHA-256" in say.words(FileReference("a" * 64, size, "image/png", "a.png"), "en")
