"""Files as answers: named in Chinese, never sniffed, never cached."""

from urllib.parse import quote

from django.http import HttpResponse


def download(content: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """This will hand a file to the browser under a Chinese name (RFC 6266)."""
    response = HttpResponse(content, content_type=content_type)
    way = "inline" if inline else "attachment"
    safe = "".join(character for character in name if character.isprintable() and character not in '\\/:*?"<>|')
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(safe)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
