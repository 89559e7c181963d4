"""A scanned report on a form: chosen, saved with the form, handed out to those who see the answer and to nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from equipoise.items import FileReference, Missing, refer
from equipoise.ledger.models import StoredFile
from equipoise.ledger.store import Ledger
from tests.web.web_pages import item_html, opened, problem_ids

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
    answer = uploaded(coordinator, content, ana="negative", ana_titre="")
    html = answer.content.decode()
    assert (answer.status_code, saved()) == (422, before)
    assert problem_ids(item_html(html, "screening_report")) == {problem}
    assert {"en": "Choose it again.", "zh": "请重新选择。"}[language] in item_html(html, "screening_report")
    assert inputs_of(html)["ana_titre"] == "", "what was typed is there still"
    assert not StoredFile.objects.exists()


def test_more_than_one_request_may_bring_is_counted_and_not_kept(enter, settings):
    settings.UPLOADS = 10
    answer = uploaded(enter("coordinator"))
    assert problem_ids(item_html(answer.content.decode(), "screening_report")) == {"desk.E042"}


def test_a_text_in_place_of_a_file_names_nobodys_file(enter):
    uploaded(enter("coordinator"))
    other = FORM.replace("01-001", "02-001")
    coordinator = enter("coordinator", "02")
    page = coordinator.get(other)
    if page.status_code == 200:
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
        assert f"{file.name} ({file.size / 1_000_000:.2f} MB, SHA-256 {file.digest})" in trail
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


def test_a_hidden_question_has_no_file(enter, monkeypatch):
    uploaded(enter("coordinator"))
    monitor, path = enter("monitor"), address(saved()["screening_report"])
    assert monitor.get(path).status_code == 200
    monkeypatch.setattr("equipoise.web.visibility.Sight.item", lambda self, form, item: item != "screening_report")
    assert monitor.get(path).status_code == 404
