"""What a notice says of a home is what is so: the conditions, the fees, the days. Held under the lock when issued."""

from datetime import date, timedelta
from typing import Any

import pytest

from documents.papers.kinds.cert_notice import opening
from documents.papers.models import Paper
from documents.papers.powers import notice_state
from documents.papers.selectors.papers import notice_preview, notice_snapshot
from documents.papers.selectors.windows import working_window
from documents.papers.services import issue_paper
from projects.casework.models import Holiday
from projects.gates.models import Pause
from projects.ledger.models import Unit
from projects.office.choices import FEE_SETTINGS, fee_code, fees_of
from projects.office.selectors.checklists import office_settings
from registry.accounts.models import Setting
from registry.kernel.festivals import statutory_days
from registry.kernel.scope import EVERYTHING, scope_of
from registry.kernel.stages import HousingType, Use
from registry.store.guard import fixture_writes
from tests.factories.accounts import DISTRICT
from tests.factories.projects import TODAY, Estate, lay_blocker, moment, on_day
from tests.factories.trials import refused

CAN = "已具备申请不动产转移登记的条件"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


def unit_of(key: int) -> Unit:
    return Unit.objects.select_related("building__project").get(pk=key)


def snapshot(estate: Estate, unit: Unit, on: date = TODAY) -> dict[str, Any]:
    return notice_snapshot(project=estate.project, unit=unit, place="一层大厅", phone="19900000000", issued_on=on)[0]


def issue(estate: Estate, unit: Unit, words: dict[str, Any]) -> Paper:
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=estate.cast.township.actor, project=estate.project, kind="cert_notice", snapshot=words,
            issued_on=TODAY, unit=unit,
        )  # fmt: skip
    return paper


def pause(estate: Estate) -> None:
    with fixture_writes():
        Pause.objects.create(
            project=estate.project, scope=EVERYTHING.to_data(), organ="朝阳区专班", basis="×函〔2022〕1号", reason="核查",
            starts=date(2022, 3, 1), recorded_at=moment(TODAY), act_id=1,
        )  # fmt: skip


def test_a_home_that_can_be_accepted_is_told_so_and_when(story: Estate) -> None:
    made = snapshot(story, story.unit())

    assert made["state"] == {"code": "ready"}
    assert made["opening"] == f"您的房屋{CAN}，请按下列时间、地点提交材料。"
    assert (made["window"]["from"], made["window"]["to"]) == ("2022-03-15", "2022-04-14"), "qingming in between"
    assert made["fee_note"].endswith("依据发改价格规〔2016〕2559号。")
    assert made["heads"]["materials"] == "须提交的材料"


def test_a_home_that_cannot_is_told_what_is_open_and_gets_no_time(story: Estate) -> None:
    """Whatever keeps it: the building, a matter of its own, a pause, in this order from the last to the first."""
    unit, shop = story.unit(), unit_of(story.shops[0])
    said = {"building": snapshot(story, shop)}
    lay_blocker(story, "U01", scope_of(units=story.homes[:1]), on=date(2022, 3, 1))
    said["matter"] = snapshot(story, unit)
    pause(story)
    said["paused"] = snapshot(story, unit)

    for code, made in said.items():
        assert made["state"]["code"] == code
        assert CAN not in str(made)
        assert (made["window"], made["late"], made["heads"]["materials"]) == ({}, "", "须准备的材料")
        assert made["opening"].endswith("请先准备下列材料，具备条件后另行通知，不必现在到场。")
    assert said["building"]["opening"].startswith("您的房屋尚有规划核验、竣工备案、")
    assert "买卖合同没有网签，或合同原件没有找到" in said["matter"]["opening"]
    assert "自2022年3月1日起由朝阳区专班暂停受理" in said["paused"]["opening"]
    assert CAN not in notice_preview(unit, on=TODAY)


def test_a_shop_at_fault_is_sent_no_notice(story: Estate) -> None:
    shop = unit_of(story.shops[1])

    with refused("P03-0001的过错范围内.*整改并经核验前不出具办证通知书", code="state"):
        snapshot(story, shop)
    assert "过错范围内" in notice_preview(shop, on=TODAY)
    with refused("过错范围内", code="state"):
        issue(story, shop, {**snapshot(story, story.unit()), "state": {"code": "ready"}})
    assert not Paper.objects.exists()


def test_what_was_ready_when_the_form_was_opened_is_asked_again_under_the_lock(story: Estate) -> None:
    ready = snapshot(story, story.unit())
    lay_blocker(story, "U01", scope_of(units=story.homes[:1]), on=date(2022, 3, 1))

    with refused("办理情况已变动", code="changed"):
        issue(story, story.unit(), ready)
    assert issue(story, story.unit(), snapshot(story, story.unit())).number
    assert CAN not in opening(notice_state(story.unit(), TODAY))


@pytest.mark.parametrize(
    ("housing", "use", "amount"),
    [
        ("commercial", "dwelling", "80.00"), ("reform", "dwelling", "80.00"), ("resettlement", "dwelling", "80.00"),
        ("affordable", "dwelling", "免收"), ("commercial", "retail", "550.00"), ("affordable", "retail", "550.00"),
        ("commercial", "ancillary", "550.00"), ("affordable", "parking", "80.00"), ("resettlement", "storage", "80.00"),
    ],
)  # fmt: skip
def test_the_fee_is_that_of_the_use_and_the_kind_of_housing(cast: Any, housing: str, use: str, amount: str) -> None:
    settings = office_settings(DISTRICT, on=TODAY)
    rows = fees_of(housing, use, tax="assessed", fund="unpaid" if use == "dwelling" else "", settings=settings)

    assert rows[0]["amount"] == amount
    names = [row["name"] for row in rows[1:]]
    assert names == (["契税", "住宅专项维修资金"] if use == "dwelling" else ["契税"]), "who has no fund pays none"


def test_what_is_settled_is_not_asked_for_again_and_a_district_has_its_own_fee(cast: Any) -> None:
    with fixture_writes():
        Setting.objects.create(
            name="fee.resettlement", area_code=DISTRICT, value=0, effective_on=date(2022, 3, 1), reason="×函〔2022〕2号",
            recorded_at=moment(TODAY), act_id=1,
        )  # fmt: skip
    for on, amount in ((date(2022, 2, 28), "80.00"), (TODAY, "免收")):
        settings = office_settings(DISTRICT, on=on)
        rows = fees_of("resettlement", "dwelling", tax="settled", fund="settled", settings=settings)
        assert [row["amount"] for row in rows] == [amount, "已办结", "已交清"]
    assert office_settings("110106", on=TODAY)["fee.resettlement"] == 80


def test_every_kind_and_use_has_a_fee() -> None:
    declared = {spec.name for spec in FEE_SETTINGS}
    codes = {fee_code(housing, use) for housing in HousingType for use in Use}

    assert codes <= declared
    assert codes | {"fee.copy", "fee.basis"} == declared


def test_no_window_begins_or_ends_on_a_day_off(db: None) -> None:
    """Every day of a year that nobody has published yet: the days off of law hold, and the paper says it may move."""
    with fixture_writes():
        Holiday.objects.filter(year=2031).delete()
    off = statutory_days(2031) | statutory_days(2032)
    for n in range(0, 365, 7):
        starts, ends, remark = working_window(date(2031, 1, 1) + timedelta(n), first=5, days=22)
        assert {starts, ends}.isdisjoint(off)
        assert max(starts.weekday(), ends.weekday()) < 5
        assert "2031年" in remark
