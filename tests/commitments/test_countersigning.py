"""Countersigning: side by side, by a limit, silence named, an objection heard."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Countersign, Instrument
from commitments.services import (
    answer_countersign,
    decide_lapse_rule,
    open_countersign,
    return_instrument,
    sign_instrument,
)
from registry.accounts.models import InboxItem
from registry.store.second import FirstPerson
from tests.factories.projects import SIGNED, Estate, draft_letter, lay_blocker, on_day
from tests.factories.trials import last_act, refused

DUE = date(2021, 6, 24)  # five working days after Thursday 17 June 2021
LATE = date(2021, 6, 25)


@pytest.fixture
def letter(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


def ask(estate: Estate, letter: Instrument, on: date = SIGNED, **more: Any) -> Instrument:
    cast = estate.cast
    with on_day(on):
        return open_countersign(
            **{
                "actor": cast.township.actor, "instrument": letter,
                "organisations": [cast.department.organisation, cast.tax.organisation], **more,
            }
        )  # fmt: skip


def answer(estate: Estate, letter: Instrument, by: str, *, agrees: bool = True, comment: str = "") -> Countersign:
    with on_day(SIGNED, 15):
        return answer_countersign(
            actor=getattr(estate.cast, by).actor, instrument=letter, agrees=agrees, comment=comment
        )


def sign(estate: Estate, letter: Instrument, on: date = SIGNED) -> Instrument:
    with on_day(on, 16):
        return sign_instrument(
            actor=estate.cast.township.actor, instrument=letter, number="×政函〔2021〕18号", signed_on=on
        )


def desks() -> set[tuple[str, str]]:
    waiting = InboxItem.objects.filter(done_at__isnull=True).select_related("organisation")
    return {(item.verb, str(item.organisation)) for item in waiting}


def test_units_are_asked_side_by_side_by_a_working_day(estate: Estate, letter: Instrument) -> None:
    asked = ask(estate, letter)

    rows = Countersign.objects.order_by("organisation__code")
    assert asked.state == "countersign"
    assert {(row.round, row.asked_on, row.due_on, row.answer) for row in rows} == {(1, SIGNED, DUE, "waiting")}
    units = {str(estate.cast.department.organisation), str(estate.cast.tax.organisation)}
    assert desks() == {("会签", unit) for unit in units}


def test_all_agree_and_the_letter_is_signed(estate: Estate, letter: Instrument) -> None:
    ask(estate, letter)
    answer(estate, letter, "department")
    with refused(f"{estate.cast.tax.organisation}（2021-06-24前）尚未答复会签", code="countersign_awaited"):
        sign(estate, letter)
    answer(estate, letter, "tax", comment="无意见")
    assert ("签署或修改", str(estate.cast.township.organisation)) in desks()

    assert sign(estate, letter).state == "signed"
    assert last_act().facts["silent"] == ""


def test_an_objection_holds_the_letter_until_a_new_round(estate: Estate, letter: Instrument) -> None:
    ask(estate, letter)
    answer(estate, letter, "department")
    answer(estate, letter, "tax", agrees=False, comment="第二条期限过长")
    with refused("第二条期限过长）不同意", code="countersign_objected"):
        sign(estate, letter)
    with on_day(SIGNED, 17):
        return_instrument(actor=estate.cast.district.actor, instrument=letter, reason="按意见修改")
    assert not [verb for verb, _ in desks() if verb == "会签"]

    ask(estate, letter)
    assert sorted(Countersign.objects.values_list("round", flat=True)) == [1, 1, 2, 2]
    answer(estate, letter, "department")
    answer(estate, letter, "tax")
    assert sign(estate, letter).state == "signed"


def test_silence_beyond_the_limit_is_named(estate: Estate, letter: Instrument) -> None:
    ask(estate, letter)
    answer(estate, letter, "department")
    with refused("尚未答复会签", code="countersign_awaited"):
        sign(estate, letter, DUE)

    assert sign(estate, letter, LATE).state == "signed"
    assert last_act().facts["silent"] == f"（{estate.cast.tax.organisation}逾期未答复会签，视为无意见）"
    assert not [verb for verb, _ in desks() if verb == "会签"]


def test_only_those_asked_answer_and_an_objection_has_its_reason(estate: Estate, letter: Instrument) -> None:
    ask(estate, letter)
    with refused("没有请.*会签", code="not_asked"):
        answer(estate, letter, "centre")
    with refused("不同意的，请写明理由", field="comment"):
        answer(estate, letter, "department", agrees=False)


def test_nobody_the_promisor_or_no_limit_is_refused(estate: Estate, letter: Instrument) -> None:
    with refused("未选择会签单位", field="organisations"):
        ask(estate, letter, organisations=[])
    with refused("无需会签", field="organisations"):
        ask(estate, letter, organisations=[estate.cast.township.organisation])
    for days in (0, 31):
        with refused("答复期限须在1至30个工作日之间", field="workdays"):
            ask(estate, letter, workdays=days)


def test_where_the_district_says_so_no_letter_is_signed_without(estate: Estate, letter: Instrument) -> None:
    with on_day(SIGNED):
        decide_lapse_rule(
            actor=estate.cast.city.actor, district_code="110105", grace_days=30, pauses=False, countersigns=True,
            effective_on=SIGNED, reason="区专班会议纪要", first=FirstPerson.of(estate.cast.system_admin.person),
        )  # fmt: skip
    with refused("承诺函须经专班成员单位会签后签署", code="not_countersigned"):
        sign(estate, letter)
    ask(estate, letter)
    answer(estate, letter, "department")
    answer(estate, letter, "tax")

    assert sign(estate, letter).state == "signed"
