"""What keeps a file out: programs, locks, a second file in the same bytes, and the place where a picture was taken."""

import struct
import tracemalloc
import zlib
from io import BytesIO
from random import Random

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from equipoise.items import content as looked_at
from equipoise.items import faults
from equipoise.items.content import _MOST, _MOST_IN_ALL
from equipoise.items.file import MEGABYTE

ACTION = b"<< /S /JavaScript /JS (app.alert) >>"
HIDDEN = b"2 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n"
LATITUDE = {1: "N", 2: (31.0, 12.0, 0.0), 3: "E", 4: (121.0, 26.0, 0.0)}


def found(content):
    return [problem.id for problem in faults("report", "report.pdf", content)]


def pdf(*parts):
    return b"%PDF-1.7\n" + b"".join(parts) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def picture(kind, gps=None):
    """A picture as another program writes it."""
    image, written = Image.new("RGB", (8, 8), "white"), BytesIO()
    described = image.getexif()
    described[0x010F] = "a camera"
    described.get_ifd(0x8825).update(gps or {})
    image.save(written, kind, exif=described)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"1 0 obj\n<< /Type /Catalog /OpenAction [3 0 R /XYZ null null 0] >>\nendobj\n"),
        pdf(HIDDEN % zlib.compress(b"3 0 << /A << /S /URI /URI (https://who.int) >> >>")),
        pdf(HIDDEN % zlib.compress(Random(1).randbytes(100_000))),
        pdf(b"4 0 obj\n<< /Length 8 /Filter /DCTDecode >>\nstream\n\xff\xd8\xff\xe0 ...\nendstream\nendobj\n"),
        pdf(b"5 0 obj\n<< /Type /ObjStm /N 0 >>\nstream\n\nendstream\nendobj\n"),
        picture("JPEG"), picture("PNG"), picture("JPEG", {29: "2021:03:19"}), b"\xff\xd8\xff\xe0", b"%PDF-",
        b"\xff\xd8\xff\xe1\0\x10Exif\0\0II*\0\x08",  # broken off
    ],
)  # fmt: skip
def test_an_ordinary_scan_or_picture_is_kept(content):
    assert found(content) == []


def test_what_the_typesetter_makes_is_kept():
    content = typst.compile(b'#link("https://who.int")[The report] #lorem(300)')
    assert found(content) == []


@pytest.mark.parametrize(
    "active",
    [
        ACTION, ACTION.replace(b"JavaScript", b"J#61vaScript"), b"<< /S /Launch /F (a.exe) >>",
        b"<< /EF 1 /EmbeddedFile >>", b"<< /Names << /EmbeddedFiles 7 0 R >> >>", b"<< /Subtype /RichMedia >>",
        b"<< /S/SubmitForm/F (x) >>", b"<< /S /ImportData >>",
        b"<< /S /Rendition >>", b"<< /S /GoToE >>", b"<< /AcroForm << /XFA [1 0 R] >> >>",
    ],
)  # fmt: skip
def test_a_pdf_that_acts_is_refused_in_clear_and_compressed(active):
    assert found(pdf(b"1 0 obj\n", active, b"\nendobj\n")) == ["items.E023"]
    assert found(pdf(HIDDEN % zlib.compress(b"3 0 " + active))) == ["items.E023"]


def test_a_name_that_only_begins_alike_is_no_action():
    assert found(pdf(b"<< /JavaScripture 1 /Launchpad 2 >>")) == []


@pytest.mark.parametrize(
    "locked",
    [
        b"<< /Encrypt 9 0 R >>", b"<< /Encr#79pt 9 0 R >>", HIDDEN % b"not deflated",
        (HIDDEN % zlib.compress(ACTION)).replace(b"/FlateDecode", b"[/ASCIIHexDecode /FlateDecode]"),
        (HIDDEN % zlib.compress(ACTION)).replace(b"/FlateDecode", b"/FlateDecode /DecodeParms << /Predictor 12 >>"),
        HIDDEN % zlib.compress(ACTION)[:12], HIDDEN % zlib.compress(bytes(_MOST + 1)),
    ],
)  # fmt: skip
def test_a_pdf_that_cannot_be_looked_into_is_refused(locked):
    assert found(pdf(locked)) == ["items.E026"]


def test_a_pdf_that_breaks_off_in_a_compressed_object_is_refused():
    assert found(pdf(HIDDEN % zlib.compress(Random(1).randbytes(100_000)))[:50_000]) == ["items.E026"]


def test_what_unfolds_to_too_much_together_is_refused_and_never_held_at_once(monkeypatch):
    together = _MOST_IN_ALL // _MOST
    monkeypatch.setattr(looked_at, "_MOST", MEGABYTE)
    monkeypatch.setattr(looked_at, "_MOST_IN_ALL", together * MEGABYTE)
    largest = HIDDEN % zlib.compress(bytes(MEGABYTE))
    tracemalloc.start()
    try:
        assert found(pdf(largest * together)) == []
        assert tracemalloc.get_traced_memory()[1] < 5 * MEGABYTE < together * MEGABYTE
    finally:
        tracemalloc.stop()
    assert found(pdf(largest * together, HIDDEN % zlib.compress(b"3"))) == ["items.E026"]


@pytest.mark.parametrize("whole", [pdf(), picture("JPEG"), picture("PNG")], ids=["pdf", "jpeg", "png"])
def test_a_file_that_is_two_is_refused(whole):
    archive = b"PK\x03\x04 entry PK\x05\x06" + bytes(18)
    assert found(whole + archive) == ["items.E024"]
    assert found(whole + archive + bytes(65_535)) == ["items.E024"], "an archive may end in a long remark"
    assert found(whole[:8] + b"\n<ScRiPt>alert(1)</ScRiPt>" + whole[8:]) == ["items.E024"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_in_which_a_pdf_begins_is_refused(kind):
    whole = picture(kind)
    assert found(whole[:8] + b"\n%PDF-1.4" + whole[8:]) == ["items.E024"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_says_where_it_was_taken_is_refused(kind):
    taken = picture(kind, LATITUDE)
    assert found(taken) == ["items.E025"]
    assert found(pdf(b"<< /Filter /DCTDecode >>\nstream\n", taken, b"\nendstream\n")) == ["items.E025"]


def test_either_order_of_bytes_and_the_other_kind_of_metadata_are_read():
    tags = struct.pack(">HHHIIIHHHIII", 1, 0x8825, 4, 1, 26, 0, 1, 2, 5, 3, 44, 0)
    big = b"\xff\xd8\xff\xe1\x00\x40Exif\0\0MM\0*" + struct.pack(">I", 8) + tags
    assert found(big) == ["items.E025"]
    xmp = b"http://ns.adobe.com/xap/1.0/\0<rdf:Description exif:GPSLatitude='31,12N'/>"
    assert found(b"\xff\xd8\xff\xe1\x00\x60" + xmp) == ["items.E025"]


def test_every_problem_has_the_files_name_and_what_to_do():
    (problem,) = faults("report", "report.pdf", pdf(ACTION))
    assert problem.where == "report"
    assert "report.pdf" in problem.message
    assert problem.hint


@given(st.sampled_from([pdf(HIDDEN % zlib.compress(b"3 0")), picture("JPEG", LATITUDE), picture("PNG")]), st.data())
def test_whatever_the_bytes_are_there_is_an_answer(whole, data):
    cut = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=40))
    assert set(found(whole[:cut] + noise + whole[cut:])) <= {f"items.E02{n}" for n in range(3, 7)}
