"""Every service of projects: denied without the right, unknown to strangers, undone if its record fails."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from projects.casework.selectors.leverage import ranked_moves
from projects.casework.services.leverage import keep_leverage
from projects.gates.models import BasisDocument, BlockerType, Pause
from projects.gates.services import (
    change_scope,
    check_condition,
    describe_blocker,
    end_pause,
    pause_acceptances,
    raise_blocker,
    record_steps,
    reopen_blocker,
    resolve_blocker,
    revoke_document,
    withdraw_blocker,
)
from projects.gates.services.recount import note_counted, recount_figures
from projects.ledger.choices import AliasKind, ApplicantKind, DeveloperCondition, NameScheme, ProjectStatus
from projects.ledger.models import Building
from projects.ledger.models.project import NoteKind
from projects.ledger.services.buildings import keep_building, take_back_building
from projects.ledger.services.names import accept_names
from projects.ledger.services.particulars import add_alias, name_applicant, set_developer
from projects.ledger.services.projects import add_note, change_project, take_in_project, take_out_project
from projects.progress.models import Residual
from projects.progress.services import advance_units, change_standing, correct_unit, place_units
from projects.progress.services.bulk_undo import bulk_acts, undo_bulk
from projects.progress.services.distinct_projects import mark_distinct, unmark_distinct
from projects.progress.services.fund import open_fund_tracks
from projects.progress.services.merge import merge_projects
from projects.progress.services.residual import close_out, propose_residual, return_lapsed_residuals, sign_residuals
from projects.progress.services.split import split_project
from projects.progress.services.stage_list import carry_out_list
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.kernel.stages import Standing, Track
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from registry.web.attachments.services import Upload
from tests.factories.accounts import DISTRICT, lay_setting
from tests.factories.projects import (
    FOUND,
    HOMES,
    PLACED,
    TODAY,
    Estate,
    home,
    lay_blocker,
    lay_step,
    move,
    on_day,
    project_words,
)
from tests.factories.trials import (
    Prepared,
    Trial,
    services_of,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)
from tests.projects.app_trials import OF_APPS

MARCH = date(2022, 3, 1)


def of_project(service: Callable[..., Any], **words: Any) -> Callable[[Estate], Prepared]:
    """An act on the project that needs nothing laid before."""

    def prepare(estate: Estate) -> Prepared:
        return lambda actor: service(actor=actor, project=estate.project, **words)

    return prepare


def take_in(estate: Estate) -> Prepared:
    return lambda actor: take_in_project(actor=actor, **project_words(estate.cast, code="CY-9002"))


def count_leverage(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    counted = [ranked for _, ranked in ranked_moves([estate.project.id], on=MARCH)]
    assert [move.blockers for ranked in counted for move in ranked.moves] == [(blocker.id,)]
    return lambda actor: keep_leverage(actor=actor, on=MARCH, counted=counted)


def raise_p03(estate: Estate) -> Prepared:
    type_ = BlockerType.objects.get(code="P03")
    return lambda actor: raise_blocker(
        actor=actor, project=estate.project, type=type_, title="", scope=EVERYTHING, at_fault=NOTHING, found_on=FOUND
    )


def resolve(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    return lambda actor: resolve_blocker(
        actor=actor, blocker=blocker, resolved_on=MARCH, resolution="×规自核〔2022〕1号"
    )


def withdraw(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    return lambda actor: withdraw_blocker(actor=actor, blocker=blocker, reason="登记错了项目")


def say_anew(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    return lambda actor: describe_blocker(actor=actor, blocker=blocker, words={"cause": "底商加建夹层"})


def take_out(estate: Estate) -> Prepared:
    with on_day(PLACED):
        taken = take_in_project(actor=estate.cast.district.actor, **project_words(estate.cast, code="CY-9009"))
    return lambda actor: take_out_project(actor=actor, project=taken, reason="编号写错")


def call_units(estate: Estate) -> Prepared:
    return lambda actor: accept_names(
        actor=actor, building=estate.buildings[0], scheme=NameScheme.SALES, names={estate.homes[0]: "甲-201"},
        starts=MARCH,
    )  # fmt: skip


def rescope(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    return lambda actor: change_scope(
        actor=actor, blocker=blocker, scope=HOMES, at_fault=NOTHING, effective_on=MARCH, reason="商铺不涉及"
    )


def reopen(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    with on_day(MARCH):
        resolve_blocker(actor=estate.cast.district.actor, blocker=blocker, resolved_on=MARCH, resolution="×1号")
    return lambda actor: reopen_blocker(actor=actor, blocker=blocker, reopened_on=TODAY, reason="又加建")


def check(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate, "A03")
    return lambda actor: check_condition(actor=actor, blocker=blocker, checked_on=MARCH, document="评估报告")


def record_step(estate: Estate) -> Prepared:
    return lambda actor: record_steps(
        actor=actor, project=estate.project, gate=Gate.LAND_SUPPLY, status=StepStatus.PASSED, buildings=(), part=None,
        document_no="×政地〔2022〕27号", organ="规自分局（演示）", issued_on=MARCH, effective_on=MARCH,
    )  # fmt: skip


def revoke(estate: Estate) -> Prepared:
    lay_step(estate, Gate.LAND_SUPPLY, PLACED)
    document = BasisDocument.objects.get()
    return lambda actor: revoke_document(actor=actor, document=document, revoked_on=MARCH, reason="文件作废")


def pause(estate: Estate) -> Prepared:
    return lambda actor: pause_acceptances(
        actor=actor, project=estate.project, scope=EVERYTHING, organ="区专班", basis="×专班〔2022〕1号",
        reason="系统升级", starts=MARCH,
    )  # fmt: skip


def end(estate: Estate) -> Prepared:
    with on_day(MARCH):
        pause(estate)(estate.cast.district.actor)
    paused = Pause.objects.get()
    return lambda actor: end_pause(actor=actor, pause=paused, ends=TODAY, reason="升级完成")


def notify(estate: Estate) -> Prepared:
    return lambda actor: advance_units(
        actor=actor, project=estate.project, unit_ids=estate.homes[:2], track=Track.CERTIFICATE, to="notified",
        occurred_on=MARCH,
    )  # fmt: skip


def hold(estate: Estate) -> Prepared:
    return lambda actor: change_standing(
        actor=actor, project=estate.project, unit_ids=estate.homes[:1], standing=Standing.HELD, reason="unreachable",
        evidence="三次电话未果", on=MARCH, review_on=date(2022, 9, 1),
    )  # fmt: skip


def leave_over(estate: Estate) -> Prepared:
    return lambda actor: propose_residual(
        actor=actor, project=estate.project, unit_ids=estate.homes[:1], reason="unreachable", evidence="三次送达无人",
        review_on=date(2022, 9, 1), uploads=[Upload("回证.pdf", b"%PDF-1.7")],
    )  # fmt: skip


def _left_over(estate: Estate) -> list[int]:
    with on_day(MARCH):
        leave_over(estate)(estate.cast.district_second.actor)
    return list(Residual.objects.values_list("id", flat=True))


def sign_left_over(estate: Estate) -> Prepared:
    keys = _left_over(estate)
    return lambda actor: sign_residuals(actor=actor, project=estate.project, residual_ids=keys)


def return_left_over(estate: Estate) -> Prepared:
    keys = _left_over(estate)
    with on_day(MARCH):
        sign_residuals(actor=estate.cast.district.actor, project=estate.project, residual_ids=keys)
    with fixture_writes():
        Residual.objects.update(proposed_on=date(2022, 2, 1), review_on=date(2022, 3, 7))
    return lambda actor: return_lapsed_residuals(actor=actor, project=estate.project, on=TODAY)


def pay_for_shops(estate: Estate) -> Prepared:
    lay_setting("fund.retail", True, area_code=DISTRICT, since=TODAY)
    return lambda actor: open_fund_tracks(actor=actor, project=estate.project)


def declare_zero(estate: Estate) -> Prepared:
    with on_day(MARCH):
        change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=[*estate.homes[1:], *estate.shops],
            standing=Standing.EXCLUDED, reason="duplicate", evidence="重复", on=MARCH,
            first=FirstPerson.of(estate.cast.district_second.person),
        )  # fmt: skip
    keys = _left_over(estate)
    with on_day(MARCH):
        sign_residuals(actor=estate.cast.district.actor, project=estate.project, residual_ids=keys)
    return lambda actor: close_out(actor=actor, project=estate.project, status=ProjectStatus.ZEROED, on=MARCH)


def join(estate: Estate) -> Prepared:
    with on_day(PLACED):
        twin = take_in_project(actor=estate.cast.district.actor, **project_words(estate.cast, code="CY-9005"))
    return lambda actor: merge_projects(actor=actor, project=estate.project, absorbed=twin, on=MARCH, reason="同一项目")


def keep_apart(estate: Estate) -> Prepared:
    with on_day(PLACED):
        twin = take_in_project(actor=estate.cast.district.actor, **project_words(estate.cast, code="CY-9007"))
    return lambda actor: mark_distinct(actor=actor, project=estate.project, other=twin, reason="分别立项")


def think_again(estate: Estate) -> Prepared:
    judge = keep_apart(estate)
    with on_day(PLACED):
        judged = judge(estate.cast.district.actor)
    return lambda actor: unmark_distinct(actor=actor, apart=judged, reason="查明为同一宗地")


def part(estate: Estate) -> Prepared:
    keys = [estate.buildings[0].id]
    return lambda actor: split_project(
        actor=actor, project=estate.project, building_ids=keys, code="CY-9006", name="二期", on=MARCH, reason="分期"
    )


def take_back(estate: Estate) -> Prepared:
    move(estate, estate.homes[:2], "notified", MARCH)
    act = bulk_acts(estate.project)[0].act_id
    return lambda actor: undo_bulk(
        actor=actor, project=estate.project, act_id=act, reason="整批点错", first=FirstPerson(0, "丙乡")
    )


def correct(estate: Estate) -> Prepared:
    move(estate, estate.homes[:1], "notified", MARCH)
    return lambda actor: correct_unit(
        actor=actor,
        unit=estate.unit(),
        track=Track.CERTIFICATE,
        on=TODAY,
        reason="点错了户",
        first=FirstPerson(0, "丙乡"),
    )


def as_district(event: str, prepare: Callable[[Estate], Prepared], *, stranger: str = "strange_district") -> Trial:
    return Trial(event, "district", stranger, prepare)


def take_building(estate: Estate) -> Prepared:
    with on_day(PLACED):
        keep_building(actor=estate.cast.district.actor, project=estate.project, number="7", words={})
    return lambda actor: take_back_building(
        actor=actor, building=Building.objects.get(number="7"), before=None, reason="传错了"
    )


def move_homes(estate: Estate) -> Prepared:
    days = {key: TODAY.isoformat() for key in estate.homes[:2]}
    return lambda actor: carry_out_list(
        actor=actor,
        project=estate.project,
        days=days,
        track=Track.CERTIFICATE,
        to="notified",
        file_name="登簿清单.xlsx",
    )


TRIALS: dict[str, Trial] = {
    **OF_APPS,
    "take_in_project": as_district("project.taken_in", take_in, stranger=""),
    "take_out_project": as_district("project.taken_out", take_out),
    "describe_blocker": as_district("blocker.described", say_anew),
    "change_project": as_district(
        "project.changed", of_project(change_project, changes={"officer": "某人"}, effective_on=MARCH)
    ),
    "add_alias": as_district("alias.added", of_project(add_alias, kind=AliasKind.NICKNAME, text="老演示")),
    "set_developer": as_district(
        "developer.set", of_project(set_developer, name="演示置业", condition=DeveloperCondition.REVOKED)
    ),
    "name_applicant": as_district(
        "applicant.named",
        of_project(name_applicant, kind=ApplicantKind.AGENT, name="演示街道办", basis="纪要1号", effective_on=MARCH),
    ),
    "add_note": as_district(
        "note.added", of_project(add_note, kind=NoteKind.PROGRESS, text="已恢复2间。", noted_on=MARCH)
    ),
    "raise_blocker": as_district("blocker.raised", raise_p03),
    "resolve_blocker": as_district("blocker.resolved", resolve),
    "withdraw_blocker": as_district("blocker.withdrawn", withdraw),
    "accept_names": as_district("unit_names.accepted", call_units),
    "change_scope": as_district("blocker.rescoped", rescope),
    "reopen_blocker": as_district("blocker.reopened", reopen),
    "check_condition": as_district("condition.checked", check),
    "record_steps": Trial("steps.recorded", "department", "strange_department", record_step),
    "revoke_document": Trial("steps.revoked", "department", "strange_department", revoke),
    "pause_acceptances": as_district("pause.decided", pause),
    "end_pause": as_district("pause.ended", end),
    "keep_building": as_district("building.laid", of_project(keep_building, number="7", words={"police_no": "12"})),
    "take_back_building": as_district("building.removed", take_building),
    "carry_out_list": Trial("units.listed", "township", "strange_township", move_homes),
    "place_units": as_district(
        "units.placed", of_project(place_units, rows=[home("3", "1", 2, 2)], placed_on=MARCH, source="补录")
    ),
    "advance_units": Trial("units.advanced", "township", "strange_township", notify),
    "change_standing": as_district("units.standing_changed", hold),
    "propose_residual": as_district("residual.proposed", leave_over),
    "sign_residuals": as_district("residual.signed", sign_left_over),
    "return_lapsed_residuals": as_district("residual.returned", return_left_over),
    "open_fund_tracks": as_district("units.fund_opened", pay_for_shops),
    "close_out": as_district("project.closed_out", declare_zero),
    "merge_projects": as_district("project.merged", join),
    "mark_distinct": as_district("project.set_apart", keep_apart),
    "unmark_distinct": as_district("project.alike_again", think_again),
    "split_project": as_district("project.split", part),
    "undo_bulk": as_district("units.undone", take_back),
    "correct_unit": as_district("unit.corrected", correct),
    "note_counted": Trial(
        "figures.counted", "auditor", "", lambda _: lambda actor: note_counted(actor=actor), denied="district"
    ),
    "recount_figures": Trial(
        "figures.recounted", "auditor", "", lambda _: lambda actor: recount_figures(actor=actor), denied="district"
    ),
    "keep_leverage": Trial("leverage.counted", "city", "", count_leverage),
}
STRANGERS = [name for name, trial in TRIALS.items() if trial.stranger]


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("projects.") - services_of("projects.leads.")


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(TRIALS[name], estate)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_service_is_unknown_to_a_stranger_and_writes_nothing(estate: Estate, name: str) -> None:
    try_as_a_stranger(TRIALS[name], estate)


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(TRIALS[name], estate, monkeypatch)


def test_a_developer_moves_homes_of_its_own_project_only(estate: Estate) -> None:
    act = notify(estate)
    own, other = estate.cast.developer.actor, estate.cast.strange_developer.actor
    assert (estate.project.id in own.project_ids, other.project_ids) == (True, frozenset())

    try_as_a_stranger(Trial("units.advanced", "developer", "strange_developer", lambda _: act), estate)
    with on_day(TODAY):
        moved = act(own).moved
    assert moved == tuple(estate.homes[:2])
