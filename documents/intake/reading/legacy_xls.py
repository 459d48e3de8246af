"""Files of old or foreign programs: recognised by their first bytes, refused with advice, never parsed."""

import re
from typing import Final

from documents.intake.reading.codes import FileRefused

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00", b"\x09\x08\x08\x00")
MARKUP: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|script|tr|td|p)\b", re.IGNORECASE)
STRANGERS: Final = (
    (b"%PDF", "这是 PDF 文件"),
    (b"\x89PNG", "这是图片"),
    (b"\xff\xd8\xff", "这是图片"),
    (b"GIF8", "这是图片"),
    (b"BM", "这是图片"),
    (b"II*\x00", "这是图片"),
    (b"MM\x00*", "这是图片"),
    (b"Rar!", "这是压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "这是压缩包"),
    (b"\x1f\x8b", "这是压缩包"),
    (b"BZh", "这是压缩包"),
    (b"\xfd7zXZ", "这是压缩包"),
    (b"{\\rtf", "这是文字处理文件"),
    (b"\x7fELF", "这是程序"),
    (b"MZ", "这是程序"),
    (b"SQLite format 3", "这是数据库文件"),
)


def refuse_legacy(head: bytes, whole: bytes) -> None:
    """Refuse what is no .xlsx and no text, by name and with advice; text passes. `head` starts `whole`."""
    if head.startswith(OLE):
        raise FileRefused(*_compound(whole))
    if head.startswith(BIFF):
        raise FileRefused("OLD_XLS")
    for magic, what in STRANGERS:
        if head.startswith(magic) and not _is_text(head, magic):
            raise FileRefused("NOT_A_SPREADSHEET", f"{what}，不是表格。请传 .xlsx 或 .csv 文件。")
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text[:13].lower() == b"mime-version:":
        raise FileRefused("HTML_AS_XLS")
    if text.startswith(b"<"):
        if MARKUP.search(text):
            raise FileRefused("HTML_AS_XLS")
        if text.startswith((b"<?xml", b"<!", b"<Workbook")):
            raise FileRefused("NOT_A_SPREADSHEET", "这是 XML 文件。请在Excel/WPS 中打开，另存为 .xlsx 后重新上传。")


def _compound(whole: bytes) -> tuple[str, str]:
    """Tell a password-protected workbook from an old one, and both from other documents of that age."""
    if _holds(whole, "EncryptedPackage") or _holds(whole, "EncryptionInfo"):
        return "ENCRYPTED", ""
    if not (_holds(whole, "Workbook") or _holds(whole, "Book")):
        for stream in ("WordDocument", "PowerPoint Document", "__properties_version1.0"):
            if _holds(whole, stream):
                return "NOT_A_SPREADSHEET", ""
    return "OLD_XLS", ""


def _holds(whole: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in whole


def _is_text(head: bytes, magic: bytes) -> bool:
    """Tell whether letters that happen to be a magic number (BM, MZ) begin an ordinary text."""
    return len(magic) <= 3 and magic.isalnum() and b"\x00" not in head and b"," in head
