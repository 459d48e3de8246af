"""How an upload is kept while it is read: under a name of ours, whatever its sender called it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class UploadTooLarge(RequestDataTooBig):
    """A file that is larger than its page takes: refused by its announced size, before a byte of it is read."""


@dataclass(frozen=True)
class UploadLimit:
    """What the pages under an address take at most, and what to say of more."""

    prefix: str
    size: int
    said: str


LIMITS: dict[str, UploadLimit] = {}
ENVELOPE = 64 * 1024  # what a form may hold beside its file


def declare_upload_limit(*limits: UploadLimit) -> None:
    """Limit what may be sent to pages, in the app's `ready()`."""
    for limit in limits:
        LIMITS[limit.prefix] = limit


class LimitedUploadHandler(FileUploadHandler):
    """Refuse what is announced larger than its page takes. It keeps nothing itself, so it stands first."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        """Look at the size that the browser announces."""
        path = META.get("PATH_INFO", "")
        for limit in LIMITS.values():
            if path.startswith(limit.prefix) and content_length > limit.size + ENVELOPE:
                raise UploadTooLarge(limit.said)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave what comes to the handlers behind."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


class UnnamedUploadHandler(TemporaryFileUploadHandler):
    """Write a large upload to a temporary file without the sender's suffix.

    Django puts the text behind the last dot into the name of its file; one of 120 Chinese characters is longer than
    a file system takes.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the file; it is shown under the sender's name all the same."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = TemporaryUploadedFile("upload", self.content_type, 0, self.charset, self.content_type_extra)
        self.file.name = self.file_name
