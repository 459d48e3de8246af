"""Texts of papers: worded by a district from a day on, by two persons; into the paper, never into its layout."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents.papers.models import Paper
from documents.papers.selectors.papers import notice_snapshot
from documents.papers.selectors.samples import sample_of
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services import issue_paper
from documents.papers.words import BLOCKS, BY_NAME, TextBlock, worded
from registry.accounts.models import Approval, Setting
from registry.accounts.services.settings import decide_setting
from registry.kernel.wording import filled
from registry.store.second import FirstPerson
from tests.factories.accounts import DISTRICT, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused

OPENING, LATE = "text.cert_notice.opening", "text.cert_notice.late"
HOSTILE = "<b>粗</b>{坐落}<script>alert(1)</script>@import url(x)"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def notice(estate: Estate) -> Paper:
    snapshot, masked = notice_snapshot(
        project=estate.project, unit=estate.unit(), place="一层大厅", phone="19900000000", issued_on=TODAY
    )
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=estate.cast.township.actor, project=estate.project, kind="cert_notice", snapshot=snapshot,
            issued_on=TODAY, addressee_masked=masked, unit=estate.unit(),
        )  # fmt: skip
    return paper


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_the_default_is_what_the_kind_says_and_another_wording_takes_its_place(block: TextBlock) -> None:
    office = {spec: f"〔{spec}〕" for spec in ("office.registry", "office.signing", "office.hours", "fee.basis")} | {
        "claim.all": True
    }
    sample = sample_of(block.kind, office=office, on=TODAY)
    stands = sample[block.key] if block.line is None else sample[block.key][block.line]

    values = {name: value(sample, office) for name, value in block.fields.items()}
    assert filled(block.text, values) == stands
    block.check(block.text)
    said = worded(block.kind, sample, {block.key: "改写的文字"}, office)
    assert (said[block.key] if block.line is None else said[block.key][block.line]) == "改写的文字"
    assert {key for key in sample if said[key] != sample[key]} == {block.key}
    assert worded(block.kind, sample, {}, office) == sample


def test_a_notice_says_what_its_district_says_from_the_day_on(story: Estate) -> None:
    lay_setting(OPENING, "贵户{坐落}可以来办了。", area_code=DISTRICT, since=TODAY)
    lay_setting(LATE, "以后再说。", area_code=DISTRICT, since=date(2022, 3, 9))
    lay_setting(OPENING, "别区的话。", area_code="110101", since=TODAY)

    snapshot = snapshot_of(notice(story))

    assert snapshot["opening"] == f"贵户{snapshot['location']}可以来办了。"
    assert snapshot["late"].startswith("不影响您的权利"), "the other wording holds from tomorrow on"


def test_a_home_that_is_not_ready_is_told_so_whatever_the_district_words(estate: Estate) -> None:
    lay_setting(OPENING, "可以来办了。", area_code=DISTRICT, since=TODAY)
    assert "暂不能受理" in snapshot_of(notice(estate))["opening"]


def test_a_wording_is_proposed_by_one_and_agreed_to_by_another(story: Estate) -> None:
    cast, words = story.cast, {"name": OPENING, "area_code": DISTRICT, "effective_on": TODAY, "reason": "会议定"}
    with on_day(TODAY):
        with refused("没有“{地址}”这个字段，可用的字段是{坐落}、{办理地点}", field="value"):
            decide_setting(
                actor=cast.city.actor, value="请到{地址}", first=FirstPerson.of(cast.system_admin.person), **words
            )
        with refused("改定设置须由两人办理", code="second_person"):
            decide_setting(actor=cast.city.actor, value="请来", first=None, **words)
        decide_setting(actor=cast.city.actor, value="请来", first=FirstPerson.of(cast.system_admin.person), **words)
    assert Setting.objects.get().value == "请来"


def test_the_page_shows_a_sample_and_proposes(story: Estate) -> None:
    admin = sign_in(story.cast.system_admin)
    listed = admin.get(f"{reverse('papers:texts')}?area={DISTRICT}").content.decode()
    address = reverse("papers:text", args=[OPENING, DISTRICT])
    assert address in listed
    words = {"value": HOSTILE, "effective_on": "2099-01-01", "reason": "会议定"}
    assert "起始日期" in admin.post(address, {**words, "effective_on": ""}).content.decode()
    today = {**words, "effective_on": date.today().isoformat()}

    sample = admin.post(address, {**today, "preview": "1"})
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(sample.content)).pages).split())
    assert "<b>粗</b>示例小区9号楼2单元2003室<script>" in text, "it is text, never markup"
    assert not Approval.objects.exists()
    assert admin.post(address, today).status_code == 302
    assert Approval.objects.get().payload["value"] == HOSTILE
    wrong = admin.post(address, {**today, "value": "请到{地址}"}).content.decode()
    assert "没有“{地址}”这个字段" in wrong
    assert OPENING not in sign_in(story.cast.system_admin).get(reverse("accounts:settings")).content.decode()
    assert sign_in(story.cast.developer).get(address).status_code in (403, 404)


def test_names_are_of_one_table() -> None:
    assert len(BY_NAME) == len(BLOCKS)
    assert max(map(len, BY_NAME)) <= 60, "the column of its name"
