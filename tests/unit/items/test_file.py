"""Files as answers: what they are is read from their first bytes, and one text stands for one reference."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.items import FileReference, Item, Missing, Problem, parse, read, refer, shown, write
from equipoise.items.file import clean_name, media_of, parse_file

PDF, JPEG, PNG = b"%PDF-1.7\nscan", b"\xff\xd8\xff\xe0scan", b"\x89PNG\r\n\x1a\nscan"
REPORT = Item("report", "file", media=("application/pdf", "image/png"), largest=1_000)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png"),
        (b"", "application/octet-stream"), (b"MZ\x90", "application/octet-stream"),
        (b"<html>%PDF-", "application/octet-stream"), (PNG[:7], "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_first_bytes_say_what_a_file_is(content, media):
    assert media_of(content) == media


@pytest.mark.parametrize(
    ("given_name", "media", "name"),
    [
        ("report.pdf", "application/pdf", "report.pdf"), ("Scan.PDF", "application/pdf", "Scan.PDF"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"), ("scan.exe", "application/pdf", "scan.exe.pdf"),
        ("../../etc/passwd", "image/png", "passwd.png"), ("C:\\scans\\a.png", "image/png", "a.png"),
        ('a"b;c\r\n%41.pdf', "application/pdf", "a_b_c_41.pdf"), ("\u202efdp.exe", "application/pdf", "fdp.exe.pdf"),
        ("", "application/pdf", "file.pdf"), (" . ", "image/jpeg", "file.jpg"),
        ("化验单.pdf", "application/pdf", "化验单.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 96 + ".pdf"), ("notes", "text/plain", "notes"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned_and_ends_in_what_the_file_is(given_name, media, name):
    assert clean_name(given_name, media) == name


@given(st.text(), st.sampled_from([PDF, JPEG, PNG, b"other"]))
def test_what_is_written_is_read_back_exactly_whatever_the_name(name, content):
    file = refer(name, content)
    assert (file.digest, file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert parse("file", write(file)) == file
    assert clean_name(file.name, file.media) == file.name
    assert len(file.name) <= 100
    assert not set(file.name) & set('/\\:"<>|;%\r\n')


@pytest.mark.parametrize(
    "written",
    [
        "", "report.pdf", "0" * 63 + " 4 application/pdf a.pdf", "A" * 64 + " 4 application/pdf a.pdf",
        "a" * 64 + " 04 application/pdf a.pdf", "a" * 64 + " 4 pdf a.pdf", "a" * 64 + " 4 application/pdf a.exe",
        "a" * 64 + " 4 application/pdf ../a.pdf", "a" * 64 + " 4 application/pdf ", 7,
    ],
)  # fmt: skip
def test_no_other_text_is_a_file(written):
    with pytest.raises(ValueError, match="is not"):
        parse("file", written)


def test_an_item_takes_its_kinds_up_to_its_size():
    file = refer("report.pdf", PDF)
    assert read(REPORT, shown(file)) == file
    assert read(REPORT, "") is None
    assert read(REPORT, "?ND") == Missing("ND")
    assert parse("file", {"missing": "ND"}) == Missing("ND")
    largest, beyond = (FileReference("a" * 64, size, "application/pdf", "a.pdf") for size in (1_000, 1_001))
    assert read(REPORT, str(largest)) == largest
    for text, problem in (
        ("report.pdf", "items.E020"), (shown(refer("photo.pdf", JPEG)), "items.E021"),
        (shown(refer("report.pdf", b"MZ")), "items.E021"), (str(beyond), "items.E022"),
    ):  # fmt: skip
        found = read(REPORT, text)
        assert isinstance(found, Problem)
        assert (found.id, found.where) == (problem, "report")


def test_a_reference_is_what_it_says():
    assert str(parse_file("a" * 64 + " 9 image/png a b.png")) == "a" * 64 + " 9 image/png a b.png"
