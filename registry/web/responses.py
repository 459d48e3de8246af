"""Files as answers: named in Chinese, never sniffed, never cached."""

from typing import Final, TypeVar
from urllib.parse import quote

from django.http import HttpResponse
from django.http.response import HttpResponseBase

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
R = TypeVar("R", bound=HttpResponseBase)


def download(content: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """Hand a file to the browser under a Chinese name (RFC 6266)."""
    return attachment(HttpResponse(content, content_type=content_type), name, inline=inline)


def attachment(response: R, name: str, *, inline: bool = False) -> R:
    """Name an answer as a file; for one that is streamed as well."""
    way = "inline" if inline else "attachment"
    safe = "".join(character for character in name if character.isprintable() and character not in '\\/:*?"<>|')
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(safe)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
