"""授权委托书 and 预约单: true of the home and its booking, offered from it; every kind that was asked for is there."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from documents.papers.kinds import BY_CODE, KINDS
from documents.papers.models import OutsideKind, Paper
from documents.papers.navigation import ACTIONS
from documents.papers.powers import OPEN_TO_DEVELOPERS
from documents.papers.services import read_pdf
from projects.ledger.models import Unit
from projects.office.models import Booking
from registry.store.clock import ledger_today
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate

# Kinds as the register of kinds names them: what organs and offices make here, and what other systems make.
ASKED = set(
    (
        "办证通知书 领证通知书 材料接收清单 材料补充告知单 政府承诺函 企业承诺书 延期批复 承诺事项销号确认单 "
        "整改通知书 催办函 督办通知 通报 约谈通知 约谈记录 会议纪要 会议议程 吹哨报到单 材料移交清单 "
        "不动产权证书领取签收表 授权委托书 预约单 项目简报"
    ).split()
)
RECORDED = {"补正材料告知书", "受理凭证", "容缺受理告知书", "首次登记公告"}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def text_of(paper: Paper) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_pdf(paper))).pages).replace("\n", "")


def test_every_kind_that_was_asked_for_is_made_or_recorded() -> None:
    assert {kind.label for kind in KINDS} >= ASKED
    assert {kind.label for kind in OutsideKind} >= RECORDED
    assert not RECORDED & {kind.label for kind in KINDS}, "papers of the registration system are never made here"


def test_a_holder_lets_another_act_by_a_form_that_is_filled_in_by_hand(estate: Estate) -> None:
    unit = estate.unit()
    page, issue = (reverse(name, args=[estate.project.code, unit.pk]) for name in ("progress:unit", "papers:proxy"))
    assert "出授权委托书" in sign_in(estate.cast.developer).get(page).content.decode()
    assert "出授权委托书" not in sign_in(estate.cast.district).get(page).content.decode()

    looked = sign_in(estate.cast.developer).post(issue, {"preview": "1"})
    assert looked["Content-Type"] == "application/pdf"
    assert sign_in(estate.cast.developer).post(issue, {"save": "1"}).status_code == 302

    paper = Paper.objects.get()
    text = text_of(paper)
    for words in ("委托人", "受托人", "□领取证书", "不包括处分不动产", "不得转委托", "当面签署", unit.room):
        assert words in text
    assert paper.number == f"{estate.project.code}-WT-{ledger_today().year}-00001"
    assert paper.addressee_masked == unit.holders_masked
    with fixture_writes():
        Unit.objects.filter(pk=unit.pk).update(certificate="issued")
    assert "出授权委托书" not in sign_in(estate.cast.developer).get(page).content.decode()
    assert "不能出具授权委托书" in sign_in(estate.cast.developer).post(issue, {"save": "1"}).content.decode()


def test_a_slip_says_the_half_hour_that_was_booked(estate: Estate) -> None:
    unit = estate.unit()
    page, issue = (reverse(name, args=[estate.project.code, unit.pk]) for name in ("progress:unit", "papers:booking"))
    assert "出预约单" not in sign_in(estate.cast.township).get(page).content.decode()
    assert "没有待办的预约" in sign_in(estate.cast.township).post(issue, {"save": "1"}).content.decode()
    day = ledger_today() + timedelta(days=3)
    with fixture_writes():
        Booking.objects.create(unit=unit, opened_for=estate.project.pk, day=day, at="09:30", seat=1, act_id=1)

    assert "出预约单" in sign_in(estate.cast.township).get(page).content.decode()
    assert sign_in(estate.cast.township).post(issue, {"save": "1"}).status_code == 302

    text = text_of(Paper.objects.get())
    weekday = "一二三四五六日"[day.weekday()]
    for words in (
        f"{day.year}年{day.month}月{day.day}日（星期{weekday}）09:30",
        "身份证件原件",
        "不是登记机构的受理凭证",
    ):
        assert words in text


def test_what_names_people_is_read_by_who_may_see_them() -> None:
    assert {"power_of_attorney", "booking_slip"} <= OPEN_TO_DEVELOPERS
    assert all(BY_CODE[code].names_people for code in ("power_of_attorney", "booking_slip"))
    assert {"papers:proxy", "papers:booking"} <= {action.view for action in ACTIONS}
