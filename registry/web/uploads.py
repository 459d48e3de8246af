"""How an upload is kept while it is read: under a name of ours, whatever its sender called it."""

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


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
