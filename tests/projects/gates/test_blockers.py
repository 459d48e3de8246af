"""Blockers: raised with a scope and those at fault, resolved, withdrawn; readiness follows in the same act."""

from datetime import date
from typing import Any

import pytest

from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services import raise_blocker, resolve_blocker, withdraw_blocker
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Use
from tests.factories.projects import (
    FAULT,
    FOUND,
    HOMES,
    TODAY,
    Estate,
    lay_blocker,
    lay_strange_estate,
    moment,
    on_day,
)
from tests.factories.trials import last_act, refused

SHOPS = scope_of(uses={Use.RETAIL})


def raise_on(estate: Estate, code: str = "P03", **more: Any) -> Blocker:
    with on_day(TODAY):
        return raise_blocker(
            **{
                "actor": estate.cast.district.actor, "project": estate.project,
                "type": BlockerType.objects.get(code=code), "title": "", "scope": EVERYTHING, "at_fault": NOTHING,
                "found_on": FOUND, **more,
            }
        )  # fmt: skip


def cleared(estate: Estate, on: date = TODAY, **known: Any) -> tuple[int, int]:
    """Cleared homes and shops."""
    counter = readiness_counts([estate.project.id], on=on, **known)[estate.project.id]
    return counter[("cleared", "dwelling")], counter[("cleared", "retail")]


def test_a_blocker_keeps_its_scope_and_shuts_those_it_catches(estate: Estate) -> None:
    assert cleared(estate) == (12, 3)

    blocker = raise_on(estate, at_fault=FAULT, title="底商加建夹层")

    version = BlockerVersion.objects.get()
    assert (blocker.number, blocker.gate, blocker.units_caught, blocker.units_at_fault) == (
        "P03-0001", "planning_verification", 15, 1,
    )  # fmt: skip
    assert (Scope.from_data(version.scope), Scope.from_data(version.at_fault)) == (EVERYTHING, FAULT)
    assert (cleared(estate, date(2019, 10, 19)), cleared(estate, FOUND)) == ((12, 3), (0, 0))
    act = last_act()
    assert (act.event, act.chain, act.subject_key) == ("blocker.raised", estate.project.id, blocker.pk)
    assert act.facts == {"number": "P03-0001", "title": "底商加建夹层", "units": 15, "at_fault": 1, "watched": 0}


def test_a_blocker_of_some_leaves_the_others_alone(estate: Estate) -> None:
    assert raise_on(estate, scope=SHOPS).units_caught == 3

    assert cleared(estate) == (12, 0)


def test_numbers_go_on_within_a_type_over_all_projects(estate: Estate) -> None:
    raise_on(estate, number="P03-9999")
    other = lay_strange_estate(estate.cast)
    actor = estate.cast.strange_district.actor

    numbers = [raise_on(other, actor=actor, title=title).number for title in ("加建夹层", "改变用途")]

    assert numbers == ["P03-10000", "P03-10001"], "numbers are compared as numbers, not as text"
    assert raise_on(estate, "D01").number == "D01-0001"


def test_a_blocker_out_of_the_ledgers_scope_is_refused(estate: Estate) -> None:
    with refused("小产权房不在台账范围内.*应不予纳入", field="type"):
        raise_on(estate, "L06")


def test_a_blocker_found_ahead_is_refused(estate: Estate) -> None:
    with refused("发现日期2022-03-09尚未到来。请填写实际发生的日期", field="found_on"):
        raise_on(estate, found_on=date(2022, 3, 9))


def test_the_same_blocker_is_not_raised_twice(estate: Estate) -> None:
    actor, first = estate.cast.district.actor, raise_on(estate, scope=SHOPS, title="加建夹层")
    said = "台账已有这个堵点：P03-0001“加建夹层”，类型、发现日期、事由、范围都相同，"

    with refused(f"{said}尚未解决.*写明区别", field="title"):
        raise_on(estate, scope=SHOPS, title=" 加建夹层 ")
    others = [
        raise_on(estate, scope=SHOPS, title="占用消防通道"),
        raise_on(estate, title="加建夹层"),
        raise_on(estate, "P01", scope=SHOPS, title="加建夹层"),
        raise_on(estate, scope=SHOPS, title="加建夹层", found_on=date(2019, 10, 21)),
    ]
    assert Blocker.objects.count() == 1 + len(others)
    with on_day(TODAY):
        resolve_blocker(actor=actor, blocker=first, resolved_on=TODAY, resolution="已拆除")
    with refused(f"{said}已于2022-03-08解决", field="title"):
        raise_on(estate, scope=SHOPS, title="加建夹层")
    with on_day(TODAY):
        withdraw_blocker(actor=actor, blocker=others[0], reason="登记错了项目")
    assert raise_on(estate, scope=SHOPS, title="占用消防通道").number == "P03-0005", "one withdrawn never was"


def test_a_scope_that_catches_nothing_is_refused(estate: Estate) -> None:
    with refused("所选范围内没有符合条件的户。请核对楼栋、用途、特征", field="scope"):
        raise_on(estate, scope=scope_of(uses={Use.PARKING}))


def test_units_of_another_project_are_not_caught(estate: Estate) -> None:
    other = lay_strange_estate(estate.cast)

    with refused("没有符合条件的户", field="scope"):
        raise_on(estate, scope=scope_of(units=other.homes))


def test_those_at_fault_outside_the_scope_are_refused_by_name(estate: Estate) -> None:
    with refused("过错范围有1户不在堵点范围内（1号楼S02）。请缩小过错范围，或扩大堵点范围", field="at_fault"):
        raise_on(estate, scope=HOMES, at_fault=FAULT)


def test_a_resolved_blocker_opens_from_its_day_on(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    on = date(2021, 5, 6)
    with on_day(TODAY):
        solved = resolve_blocker(
            actor=estate.cast.district.actor, blocker=blocker, resolved_on=on, resolution="×规自核〔2021〕9号"
        )

    assert (solved.resolved_on, solved.resolution) == (on, "×规自核〔2021〕9号")
    assert [cleared(estate, day) for day in (date(2021, 5, 5), on)] == [(0, 0), (12, 3)]
    assert cleared(estate, on, known_at=moment(date(2021, 12, 1))) == (0, 0), "it was not known then"
    assert last_act().facts == {
        "number": blocker.number, "title": blocker.title, "on": "2021-05-06", "resolution": "×规自核〔2021〕9号",
    }  # fmt: skip


def test_resolving_out_of_time_without_ground_or_twice_is_refused(estate: Estate) -> None:
    blocker, actor = lay_blocker(estate), estate.cast.district.actor
    with on_day(TODAY):
        with refused("解决日期不得早于发现日期2019-10-20", field="resolved_on"):
            resolve_blocker(actor=actor, blocker=blocker, resolved_on=date(2019, 10, 19), resolution="×")
        with refused("解决日期2022-03-09尚未到来", field="resolved_on"):
            resolve_blocker(actor=actor, blocker=blocker, resolved_on=date(2022, 3, 9), resolution="×")
        with refused("未填写解决依据。请写明文号或办理结果", field="resolution"):
            resolve_blocker(actor=actor, blocker=blocker, resolved_on=TODAY, resolution=" ")
        resolve_blocker(actor=actor, blocker=blocker, resolved_on=TODAY, resolution="×规自核〔2022〕1号")
        with refused("P03-0001已于2022-03-08解决，无须再记"):  # by a page that was opened before
            resolve_blocker(actor=actor, blocker=blocker, resolved_on=TODAY, resolution="×")


def test_a_withdrawn_blocker_never_was_and_stays_on_record(estate: Estate) -> None:
    blocker, actor = lay_blocker(estate), estate.cast.district.actor
    with on_day(TODAY):
        with refused("未填写撤销原因", field="reason"):
            withdraw_blocker(actor=actor, blocker=blocker, reason="")
        gone = withdraw_blocker(actor=actor, blocker=blocker, reason="登记错了项目")
        with refused("P03-0001已经撤销"):
            withdraw_blocker(actor=actor, blocker=blocker, reason="再撤")
        with refused("P03-0001已撤销，无需登记解决"):
            resolve_blocker(actor=actor, blocker=blocker, resolved_on=TODAY, resolution="×")

    assert gone.withdrawn_reason == "登记错了项目"
    assert (cleared(estate, FOUND), cleared(estate)) == ((12, 3), (12, 3))
    assert Blocker.objects.count() == 1
    assert (last_act().event, last_act().reason) == ("blocker.withdrawn", "登记错了项目")


@pytest.mark.parametrize(
    ("player", "code"), [("township", "P03"), ("department", "P03"), ("centre", "J01"), ("tax", "F02")]
)
def test_each_organ_raises_its_own_blockers(estate: Estate, player: str, code: str) -> None:
    actor = getattr(estate.cast, player).actor

    assert raise_on(estate, actor=actor, type=BlockerType.objects.get(code=code)).number == f"{code}-0001"
    assert last_act().actor_organisation == actor.organisation_name
