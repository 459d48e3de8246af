"""What a notice asks a family to bring: the checklist in force on the day of issue, and what was printed stays."""

from datetime import date
from typing import Any

import pytest

from documents.papers.kinds import CertNotice
from documents.papers.models import Paper
from documents.papers.selectors.papers import notice_snapshot
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.selectors.windows import working_window
from documents.papers.services import issue_paper, read_pdf
from documents.render.pdf import render_pdf
from projects.ledger.choices import HOUSING_TYPES
from projects.ledger.models import Unit
from projects.office.choices import CHECKLISTS, TOLD_AT_THE_COUNTER, fees_of
from projects.office.models import ChecklistItem
from projects.office.selectors.checklists import checklist_of, office_settings
from registry.kernel.errors import Refused
from registry.store.guard import fixture_writes
from tests.documents.render import samples
from tests.factories.accounts import DISTRICT
from tests.factories.projects import TODAY, Estate, on_day

READY = {"code": "ready"}


@pytest.fixture
def estate(estate: Estate, tmp_path: Any, settings: Any) -> Estate:
    settings.FILES_DIR = tmp_path
    return estate


def snapshot(estate: Estate, unit: Unit | None = None, on: date = TODAY) -> dict[str, Any]:
    words = {"place": "演示小区1号楼", "phone": "19900000000", "issued_on": on}
    return notice_snapshot(project=estate.project, unit=unit or estate.unit(), **words)[0]


def state(**changes: Any) -> None:
    """Lay one line of the resettlement list from TODAY on."""
    line = {
        "applies_to": "resettlement", "ordinal": 1, "name": "权利人身份证明", "form": "both", "copies": 2,
        "condition": "", "supplier": "owner", "note": "", "effective_on": TODAY, **changes,
    }  # fmt: skip
    with fixture_writes():
        ChecklistItem.objects.create(**line)


def test_a_notice_asks_for_the_checklist_of_its_housing_type(estate: Estate) -> None:
    made = snapshot(estate)
    items = [item for item in checklist_of("resettlement", on=TODAY) if item.fact not in TOLD_AT_THE_COUNTER]

    assert [one["name"] for one in made["materials"]] == [item.name for item in items if not item.condition]
    assert [(one["condition"], one["name"]) for one in made["also"]] == [
        (item.condition, item.name) for item in items if item.condition
    ]
    assert made["materials"][0] == {
        "name": "权利人身份证明",
        "form": "原件核验，复印件1份",
        "note": "全体共有人均须提供",
    }
    assert [line["note"] for line in made["materials"][-2:]] == [
        "由税务机关出具；可现场办理，无需提前办理",
        "由住房资金管理机构出具；可现场交存",
    ]


def test_the_list_in_force_on_the_day_of_issue_counts(estate: Estate) -> None:
    state()
    state(name="演示新增材料", ordinal=2)

    before, after = snapshot(estate, on=date(2022, 3, 7)), snapshot(estate)

    assert before["materials"][0]["form"] == "原件核验，复印件1份"
    assert after["materials"][0]["form"] == "原件核验，复印件2份"
    assert "演示新增材料" not in str(before)
    assert "演示新增材料" in str(after["materials"])


def test_a_shop_brings_the_papers_of_a_shop(estate: Estate) -> None:
    shop = Unit.objects.select_related("building__project").get(pk=estate.shops[0])

    assert [one["name"] for one in snapshot(estate, shop)["materials"]][1] == "商业用房买卖合同"


def test_without_a_list_there_is_no_notice(estate: Estate) -> None:
    with pytest.raises(Refused, match="安置房在1999-12-31没有材料清单"):
        snapshot(estate, on=date(1999, 12, 31))


def test_what_was_printed_stays_when_the_list_changes(estate: Estate) -> None:
    with on_day(TODAY):
        issue_paper(
            actor=estate.cast.township.actor, project=estate.project, kind="cert_notice",
            snapshot=snapshot(estate), issued_on=TODAY, unit=estate.unit(),
        )  # fmt: skip
    paper = Paper.objects.get()
    printed = read_pdf(paper)

    state(name="演示新增材料", ordinal=2)

    assert paper.template_version == "3"
    assert "演示新增材料" not in str(snapshot_of(paper))
    assert render_pdf(CertNotice.template, snapshot_of(paper)).bytes == printed


def test_a_notice_of_the_first_version_is_printed_as_it_was(db: None) -> None:
    old = samples.cert_notice()
    assert "also" not in old

    again = render_pdf(CertNotice.template, old)

    assert again.pages == 1
    assert again.bytes == render_pdf(CertNotice.template, {**old, "also": []}).bytes
    more = {"condition": "继承取得", "name": "公证书", "form": "原件1份", "note": ""}
    assert again.bytes != render_pdf(CertNotice.template, {**old, "also": [more]}).bytes


@pytest.mark.parametrize("code", [code for code, _ in CHECKLISTS])
def test_the_notice_of_every_list_keeps_to_one_page(estate: Estate, code: str) -> None:
    items = [item for item in checklist_of(code, on=TODAY) if item.fact not in TOLD_AT_THE_COUNTER]
    settings = office_settings(DISTRICT, on=TODAY)
    housing, use = (code, "dwelling") if code in dict(HOUSING_TYPES) else ("commercial", code)
    made = CertNotice.snapshot(
        issuer="演示小区一期驻场办证服务中心", issued_on=TODAY, recipients="演示甲、演示乙",
        location="朝阳区演示家园三期9号楼2单元11层1103", use="住宅", area="89.52", state=READY, settings=settings,
        place="演示家园三期12号楼南侧社区服务用房一层办证大厅", phone="19900000000",
        fees=fees_of(housing, use, tax="assessed", fund="unpaid", settings=settings),
        window=working_window(TODAY, first=5, days=22),
        materials=[
            {"name": item.name, "form": item.form_words, "condition": item.condition, "note": item.note_words}
            for item in items
        ],
    )  # fmt: skip

    full = CertNotice.completed(made, number="CY9001-2022-00001", made_at="2022-03-08T10:00:00+08:00", digest="0" * 16)
    assert render_pdf(CertNotice.template, full).pages == 1
