"""Files that arrive with a form: kept in memory up to a bound, so that one too large costs no other answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from equipoise.items import FileReference, refer
from equipoise.web.entry import Place


class BoundedUploads(FileUploadHandler):
    """The files of one request, of which no more than `settings.UPLOADS` bytes are kept; each one's size is true."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what fits; what does not is counted and let go."""
        self.kept += self.content.write(raw_data[: settings.UPLOADS - self.kept])

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """The file with its true size, its content perhaps cut short."""
        self.content.seek(0)
        described = (self.field_name, self.file_name, self.content_type, file_size, self.charset)
        return InMemoryUploadedFile(self.content, *described, self.content_type_extra)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that was chosen for a question."""

    reference: FileReference
    content: bytes


def chosen(files: Mapping[str, object], place: Place) -> dict[str, Chosen]:
    """The files that were sent for those of the questions that are seen and take one."""
    asked = [item.id for item in place.items if item.type == "file" and item.id in files]
    return {item: _chosen(cast("UploadedFile[Any]", files[item])) for item in asked}


def _chosen(upload: "UploadedFile[Any]") -> Chosen:
    content = upload.read()
    return Chosen(replace(refer(upload.name or "", content), size=upload.size or 0), content)
