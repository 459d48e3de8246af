"""A blocker is narrowed, widened, opened again; the condition of a C type is checked before a letter lifts it."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument
from commitments.services import ClauseDraft, sign_instrument
from projects.gates.models import Blocker, BlockerVersion, ConditionCheck
from projects.gates.selectors.conditions import checks_of, unchecked_conditions
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services import change_scope, check_condition, reopen_blocker, resolve_blocker, withdraw_blocker
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Use
from tests.factories.projects import (
    FAULT,
    FOUND,
    HOMES,
    SIGNED,
    TODAY,
    Estate,
    bring_into_force,
    draft_letter,
    lay_blocker,
    lay_strange_estate,
    on_day,
)
from tests.factories.trials import last_act, refused

SHOPS = scope_of(uses={Use.RETAIL})
MARCH = date(2022, 3, 1)


def cleared(estate: Estate, on: date) -> tuple[int, int]:
    counter = readiness_counts([estate.project.id], on=on)[estate.project.id]
    return counter[("cleared", "dwelling")], counter[("cleared", "retail")]


def rescope(estate: Estate, blocker: Blocker, **more: Any) -> Blocker:
    with on_day(TODAY):
        changed: Blocker = change_scope(
            **{
                "actor": estate.cast.district.actor, "blocker": blocker, "scope": SHOPS, "at_fault": FAULT,
                "effective_on": MARCH, "reason": "现场核实，住宅不涉及", **more,
            }
        )  # fmt: skip
    return changed


def test_a_narrowed_blocker_frees_the_others_from_its_day_on(estate: Estate) -> None:
    blocker = rescope(estate, lay_blocker(estate, at_fault=FAULT))

    assert (blocker.units_caught, blocker.units_at_fault) == (3, 1)
    assert [cleared(estate, day) for day in (FOUND, date(2022, 2, 28), MARCH)] == [(0, 0), (0, 0), (12, 0)]
    assert list(BlockerVersion.objects.order_by("id").values_list("kind", "effective_on")) == [
        ("raised", FOUND), ("narrowed", MARCH),
    ]  # fmt: skip
    assert last_act().facts == {
        "number": "P03-0001", "title": blocker.title, "units": 3, "how": "缩小", "on": "2022-03-01", "watched": 0,
    }  # fmt: skip


def test_a_widened_blocker_shuts_more_from_its_day_on(estate: Estate) -> None:
    blocker = lay_blocker(estate, scope=SHOPS, at_fault=FAULT)

    rescope(estate, blocker, scope=EVERYTHING)

    assert [cleared(estate, day) for day in (date(2022, 2, 28), MARCH)] == [(12, 0), (0, 0)]
    assert BlockerVersion.objects.latest("id").kind == "widened"


def test_moving_the_fault_alone_is_a_change(estate: Estate) -> None:
    blocker = lay_blocker(estate, at_fault=FAULT)

    assert rescope(estate, blocker, scope=EVERYTHING, at_fault=SHOPS).units_at_fault == 3
    assert BlockerVersion.objects.latest("id").kind == "widened"


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"reason": " "}, "未填写变更范围的原因", "reason"),
        ({"effective_on": date(2022, 3, 9)}, "日期2022-03-09尚未到来", "effective_on"),
        ({"effective_on": date(2019, 10, 19)}, "生效日期须在上次变动2019-10-20和今日之间", "effective_on"),
        ({"scope": scope_of(uses={Use.PARKING}), "at_fault": NOTHING}, "没有符合条件的户", "scope"),
        ({"scope": HOMES}, "过错范围有1户不在堵点范围内", "at_fault"),
        ({"scope": EVERYTHING}, "新范围与原范围的户相同", "scope"),
    ],
)
def test_a_change_that_cannot_be_is_refused(estate: Estate, words: Any, message: str, field: str) -> None:
    blocker = lay_blocker(estate, at_fault=FAULT)

    with refused(message, field=field):
        rescope(estate, blocker, **words)


def test_a_building_of_another_project_catches_nothing(estate: Estate) -> None:
    blocker, other = lay_blocker(estate), lay_strange_estate(estate.cast)

    with refused("没有符合条件的户", field="scope"):
        rescope(estate, blocker, scope=scope_of(buildings={other.buildings[0].pk}), at_fault=NOTHING)


def solve(estate: Estate, blocker: Blocker, on: date) -> Blocker:
    with on_day(TODAY):
        solved: Blocker = resolve_blocker(
            actor=estate.cast.district.actor, blocker=blocker, resolved_on=on, resolution="×规自核〔2021〕9号"
        )
    return solved


def test_a_reopened_blocker_keeps_the_time_in_between(estate: Estate) -> None:
    blocker, actor = lay_blocker(estate), estate.cast.district.actor
    with on_day(TODAY), refused("未登记解决，无需重新打开"):
        reopen_blocker(actor=actor, blocker=blocker, reopened_on=MARCH, reason="又加建")
    solve(estate, blocker, date(2021, 5, 6))
    with on_day(TODAY):
        with refused("未填写重新打开的原因", field="reason"):
            reopen_blocker(actor=actor, blocker=blocker, reopened_on=MARCH, reason="")
        with refused("须在解决日期2021-05-06和今日之间", field="reopened_on"):
            reopen_blocker(actor=actor, blocker=blocker, reopened_on=date(2021, 5, 5), reason="又加建")
        opened = reopen_blocker(actor=actor, blocker=blocker, reopened_on=MARCH, reason="又加建")

    assert (opened.resolved_on, opened.resolution) == (None, "")
    days = (FOUND, date(2021, 5, 6), date(2022, 2, 28), MARCH)
    assert [cleared(estate, day) for day in days] == [(0, 0), (12, 3), (12, 3), (0, 0)]
    kinds = list(BlockerVersion.objects.order_by("id").values_list("kind", "reason"))
    assert kinds == [("raised", ""), ("resolved", "×规自核〔2021〕9号"), ("reopened", "又加建")]
    assert (last_act().event, last_act().reason) == ("blocker.reopened", "又加建")


def test_a_resolved_or_withdrawn_blocker_keeps_its_scope(estate: Estate) -> None:
    solved, gone = lay_blocker(estate, at_fault=FAULT), lay_blocker(estate, "P05")
    solve(estate, solved, MARCH)
    with on_day(TODAY):
        withdraw_blocker(actor=estate.cast.district.actor, blocker=gone, reason="登记错了")

    for blocker in (solved, gone):
        with refused("已解决或撤销，不能变更范围"):
            rescope(estate, blocker, at_fault=NOTHING)


def check(estate: Estate, blocker: Blocker, **more: Any) -> ConditionCheck:
    words = {"checked_on": SIGNED, "document": "消防评估报告〔2021〕6号", **more}
    with on_day(TODAY):
        made: ConditionCheck = check_condition(actor=estate.cast.district.actor, blocker=blocker, **words)
    return made


def test_a_check_keeps_the_condition_the_paper_the_day_and_who(estate: Estate) -> None:
    blocker = lay_blocker(estate, "A03")

    made = check(estate, blocker, finding="各楼栋合格")

    assert (made.condition, made.document, made.checked_on, made.finding) == (
        "消防评估合格", "消防评估报告〔2021〕6号", SIGNED, "各楼栋合格",
    )  # fmt: skip
    assert estate.cast.district.actor.name in made.checked_by
    assert checks_of(blocker) == [made]
    assert unchecked_conditions([blocker], on=SIGNED) == []
    assert unchecked_conditions([blocker], on=date(2021, 6, 16)) == [(blocker.number, "消防评估合格")]


def test_a_check_without_paper_ahead_or_of_a_type_without_condition_is_refused(estate: Estate) -> None:
    blocker, plain = lay_blocker(estate, "A03"), lay_blocker(estate)

    with refused("未填写依据", field="document"):
        check(estate, blocker, document=" ")
    with refused("核查日期2022-03-09尚未到来", field="checked_on"):
        check(estate, blocker, checked_on=date(2022, 3, 9))
    with refused("不属于附条件的类型"):
        check(estate, plain)
    solve(estate, blocker, MARCH)
    with refused("已解决或撤销，无需再核查"):
        check(estate, blocker)


def test_a_letter_on_a_condition_is_signed_only_after_its_check(estate: Estate) -> None:
    blocker = lay_blocker(estate, "A03")
    with on_day(SIGNED):
        letter = draft_letter(estate, blocker, clauses=[ClauseDraft(blocker, HOMES, condition_met="评估报告")])
        with refused(f"尚无核查记录（{blocker.number}：消防评估合格）.*核查条件", code="condition_unchecked"):
            sign_instrument(
                actor=estate.cast.township.actor, instrument=letter, number="×政函〔2021〕18号", signed_on=SIGNED
            )
    with on_day(SIGNED):
        check_condition(
            actor=estate.cast.district.actor, blocker=blocker, checked_on=SIGNED, document="消防评估报告〔2021〕6号"
        )
    bring_into_force(estate, letter)

    assert Instrument.objects.get(pk=letter.pk).state == "performing"
    assert cleared(estate, SIGNED) == (12, 0)
