"""Drafts for Word and WPS: the words of the paper, in its order, marked on every page, never with a number."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from documents.papers.kinds import BY_CODE
from documents.papers.selectors.samples import sample_of
from documents.render.docx import MARK, UNNUMBERED, draft_docx
from documents.render.font_roles import UnprintableText

OFFICE = {
    "office.registry": "示例登记中心", "office.signing": "驻场窗口", "office.hours": "9:00—17:00", "fee.basis": "示例文号",
    "claim.all": True,
}  # fmt: skip
ON = date(2022, 3, 8)


def drafted(kind: str, **changed: Any) -> Any:
    declared = BY_CODE[kind]
    sample = {**sample_of(kind, office=OFFICE, on=ON), **changed}
    headed = declared.headed(sample, organ="示例乡人民政府", issued_on=ON)
    full = declared.completed(headed, number="示例政函〔2022〕1号", made_at="2022-03-08T00:00:00+08:00", digest="")
    return Document(BytesIO(draft_docx(declared.template, full)))


def lines(draft: Any) -> list[str]:
    return [text for paragraph in draft.paragraphs if (text := paragraph.text.strip())]


def test_a_letter_reads_as_its_paper_does() -> None:
    draft = drafted("commitment")

    said = lines(draft)
    assert said[:4] == [
        "示例乡人民政府",
        UNNUMBERED,
        "关于示例小区底商夹层整改的承诺函",
        "示例区历史遗留项目工作专班：",
    ]
    assert [line for line in said if line[1:2] == "、"] == [
        "一、承诺事项", "二、适用范围", "三、监督检查", "四、责任承担", "五、销号条件",
    ]  # fmt: skip
    assert said[-3:] == ["特此承诺。", "示例乡人民政府", "（印章）2022年3月8日"]
    assert "示例政函" not in "".join(said), "a draft bears no number"
    assert [section.header.paragraphs[0].text for section in draft.sections] == [MARK]
    assert draft.core_properties.title == "关于示例小区底商夹层整改的承诺函"


def test_a_notice_has_its_tables_and_no_code() -> None:
    draft = drafted("cert_notice", verify={"url": "https://example.invalid/v/ABCD/", "code": "ABCD"})

    facts, papers, fees, *_ = draft.tables
    assert [cell.text for cell in facts.rows[0].cells] == ["房屋坐落", "示例小区9号楼2单元2003室"]
    assert [cell.text for cell in papers.rows[0].cells] == ["序号", "材料", "要求", "说明"]
    assert [row.cells[1].text for row in papers.rows[1:]] == ["不动产登记申请书", "身份证件", "购房合同"]
    assert fees.rows[1].cells[1].text == "80.00"
    assert "ABCD" not in "".join(lines(draft)), "a draft proves nothing"


def test_what_looks_like_markup_is_text() -> None:
    said = lines(drafted("commitment", facts=["<b>粗</b>&amp;<script>alert(1)</script>"]))
    assert "<b>粗</b>&amp;<script>alert(1)</script>" in said


def test_a_character_without_a_face_refuses_the_draft() -> None:
    with pytest.raises(UnprintableText):
        drafted("commitment", facts=["\U0010fffd"])
