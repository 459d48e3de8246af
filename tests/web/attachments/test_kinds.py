"""Kinds of files: by what they hold, never by what they are called."""

import pytest

from registry.kernel.errors import DomainError
from registry.web.attachments.kinds import JPEG, LIMIT, OFD, PDF, PNG, clean_name, kind_of

PDF_BYTES = b"%PDF-1.7\nscan"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("复函.pdf", PDF_BYTES, PDF),
        ("现场.JPG", b"\xff\xd8\xff\xe0photo", JPEG),
        ("现场.jpeg", b"\xff\xd8\xff\xe1photo", JPEG),
        ("图.png", b"\x89PNG\r\n\x1a\n...", PNG),
        ("公文.ofd", b"PK\x03\x04....OFD.xml", OFD),
    ],
)
def test_kind_is_told_by_the_first_bytes(name, content, kind):
    assert kind_of(name, content) is kind


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.pdf", b"", "是空文件.*重新扫描"),
        ("页面.pdf", b"<html><script>", "不是PDF、JPG、PNG或OFD"),
        ("台账.xlsx", b"PK\x03\x04[Content_Types].xml", "不是PDF、JPG、PNG或OFD"),
        ("程序.pdf", b"MZ\x90\x00", "不是PDF"),
        ("复函.jpg", PDF_BYTES, "内容是PDF，和文件名不符"),
        ("复函", PDF_BYTES, "内容是PDF，和文件名不符"),
        ("大.pdf", PDF_BYTES.ljust(LIMIT + 1, b" "), "超过20MB"),
    ],
)
def test_other_files_are_refused_with_how_to_mend_it(name, content, words):
    with pytest.raises(DomainError, match=words):
        kind_of(name, content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\扫描\\复函.pdf", "复函.pdf"),
        ("复\r\n函\u202e.pdf", "复函.pdf"),
        ("", "未命名"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_its_last_part_without_what_cannot_be_printed(given, kept):
    assert clean_name(given) == kept
