"""The page that checks a published table: pasted, sent, or one that ships; nothing of it is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.accounts import sign_in
from tests.factories.projects import Estate

PAGE = "/documents/reports/foreign/"
TABLE = "标题：某市3月\n期间：2022年2月\n项目,数,率,属于\n受理,100,,\n甲,60,60%,受理\n乙,41,40%,受理\n"


def said(client: Client, **sent: object) -> str:
    return client.post(PAGE, sent).content.decode()


def test_a_pasted_table_is_checked(story: Estate) -> None:
    page = said(sign_in(story.cast.city), sheet=TABLE)
    assert "有3处不符，照录原数，不作改动。" in page
    assert [
        words in page for words in ("标题写3月，期间是2022年2月", "2项合计101，所列100，多1", "41÷受理100＝41.00%")
    ] == [True] * 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_is_as_good_as_paste(story: Estate, encoding: str) -> None:
    file = SimpleUploadedFile("表.csv", TABLE.encode(encoding))
    assert "2项合计101，所列100，多1" in said(sign_in(story.cast.district), file=file)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "请粘贴一张表，或选一个.csv文件"),
        ({"sheet": "受理,100"}, "第一行应是表头"),
        ({"file": b"\x00\x01PK"}, "文件不是文本"),
        ({"file": b"x" * 200_001}, "文件超过200 KB"),
    ],
)
def test_what_is_no_table_is_refused_in_words(story: Estate, sent: dict[str, object], words: str) -> None:
    given = {
        name: SimpleUploadedFile("a", value) if isinstance(value, bytes) else value for name, value in sent.items()
    }
    assert words in said(sign_in(story.cast.city), **given)


def test_a_shipped_table_and_quoted_figures_are_shown(story: Estate) -> None:
    page = sign_in(story.cast.city).get(PAGE, {"example": "P5"}).content.decode()
    assert ("以受理各项之和195,532为分母则相符" in page, "7,899户" in page, "公布数与台账数" in page) == (
        True,
        True,
        True,
    )
    assert sign_in(story.cast.city).get(PAGE, {"example": "P99"}).status_code == 404
