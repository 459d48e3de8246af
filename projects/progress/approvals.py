"""Corrections as acts that need a second person."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from projects.ledger.models import Project, Unit
from projects.progress.models import Residual
from projects.progress.services.bulk_undo import plan_bulk_undo, undo_bulk
from projects.progress.services.corrections import correct_unit, last_move
from projects.progress.services.residual import RESIDUAL, sign_residuals
from projects.progress.services.standing import change_standing
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Actor, Permission
from registry.kernel.stages import HOLD_REASONS, Standing, Track, stage_of
from registry.store.clock import shanghai_day

CORRECTION = "unit.correction"
STANDING = "unit.standing"


UNDO_BULK = "units.undo"


def _unit(approval: Approval) -> Unit:
    unit: Unit = Unit.objects.select_related("building__project").get(pk=approval.payload["unit"])
    return unit


def _carry_out(*, actor: Actor, approval: Approval) -> Any:
    return correct_unit.within(
        actor=actor,
        unit=_unit(approval),
        track=Track(approval.payload["track"]),
        on=shanghai_day(approval.proposed_at),
        reason=approval.payload["reason"],
        first=first_of(approval),
    )


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    unit, track = _unit(approval), Track(approval.payload["track"])
    return (
        ("项目", unit.building.project.name),
        ("户", f"{unit.building}{unit}"),
        ("更正", f"{track.label}：现在是“{stage_of(track, getattr(unit, track.value)).label}”，退回上一步"),
        ("原因", approval.payload["reason"]),
    )


def _correction_state(approval: Approval) -> Sequence[tuple[str, str]]:
    unit, track = _unit(approval), Track(approval.payload["track"])
    move = last_move(unit, track)
    return (
        ("户", f"{unit.building}{unit}"),
        ("现在", stage_of(track, getattr(unit, track.value)).label),
        ("要退回的记录", f"第{move.pk}号，{move.occurred_on}" if move else "没有"),
        ("状态", Standing(unit.standing).label),
    )


def _correction_about(approval: Approval) -> object:
    return [approval.payload["unit"], approval.payload["track"]]


KIND = ApprovalKind(
    kind=CORRECTION,
    label="确认更正",
    permission=Permission.CORRECTION_APPROVE,
    propose=Permission.CORRECTION_PROPOSE,
    carry_out=_carry_out,
    subject=_unit,
    lines=_lines,
    rests_on=_correction_state,
    about=_correction_about,
)


def _project(approval: Approval) -> Project:
    found: Project = Project.objects.get(pk=approval.project_key or 0)
    return found


def _sign(*, actor: Actor, approval: Approval) -> Any:
    return sign_residuals.within(actor=actor, project=_project(approval), residual_ids=approval.payload["residuals"])


def _residual_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    rows = list(Residual.objects.filter(id__in=approval.payload["residuals"]).select_related("unit__building"))
    named = "、".join(f"{row.unit.building}{row.unit}" for row in rows[:20])
    first = rows[0]
    return (
        ("项目", _project(approval).name),
        ("户", f"{named}{'等' if len(rows) > 20 else ''}，共{len(rows)}户"),
        ("原因", HOLD_REASONS[first.reason]),
        ("依据", f"{first.evidence}（附件见项目“清零核对”）"),
        ("复查日期", str(first.review_on)),
    )


def _residual_state(approval: Approval) -> Sequence[tuple[str, str]]:
    rows = Residual.objects.filter(id__in=approval.payload["residuals"]).select_related("unit__building").order_by("id")
    ended = {True: "，已另行提请或已办"}
    return [
        (
            f"{row.unit.building}{row.unit}",
            f"{_unit_words(row.unit)}；{HOLD_REASONS[row.reason]}，{row.evidence}，复查{row.review_on}"
            + ended.get(row.starts is not None or row.ends is not None, ""),
        )
        for row in rows
    ]


def _unit_words(unit: Unit) -> str:
    return f"{stage_of(Track.CERTIFICATE, unit.certificate).label}，{Standing(unit.standing).label}"


def _standing_state(approval: Approval) -> Sequence[tuple[str, str]]:
    units = Unit.objects.filter(id__in=approval.payload["units"]).select_related("building").order_by("id")
    return [(f"{unit.building}{unit}", _unit_words(unit)) for unit in units]


def _standing_now(approval: Approval) -> dict[str, Any]:
    """How the one unit of a page stands; a proposal about several shows none."""
    units = approval.payload["units"]
    return dict(Unit.objects.filter(id__in=units).values("standing").first() or {}) if len(units) == 1 else {}


def _standing_about(approval: Approval) -> object:
    return sorted(approval.payload["units"])


def _carry_standing(*, actor: Actor, approval: Approval) -> Any:
    words = approval.payload
    return change_standing.within(
        actor=actor,
        project=_project(approval),
        unit_ids=words["units"],
        standing=Standing(words["standing"]),
        reason=words["reason"],
        evidence=words["evidence"],
        on=date.fromisoformat(words["on"]),
        review_on=date.fromisoformat(words["review_on"]) if words["review_on"] else None,
        first=first_of(approval),
    )


def _standing_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    words = approval.payload
    units = Unit.objects.filter(id__in=words["units"]).select_related("building")[:20]
    return (
        ("项目", _project(approval).name),
        ("户", f"{'、'.join(f'{unit.building}{unit}' for unit in units)}，共{len(words['units'])}户"),
        ("改为", Standing(words["standing"]).label),
        ("原因", f"{HOLD_REASONS.get(words['reason'], '')}；{words['evidence']}"),
    )


def _carry_undo(*, actor: Actor, approval: Approval) -> Any:
    return undo_bulk.within(
        actor=actor,
        project=_project(approval),
        act_id=approval.payload["act"],
        reason=approval.payload["reason"],
        first=first_of(approval),
    )


def _undo_state(approval: Approval) -> Sequence[tuple[str, str]]:
    plan = plan_bulk_undo(project=_project(approval), act_id=approval.payload["act"])
    moves, kept = [move.pk for move in plan.moves], [row.key for row in plan.kept]
    return (
        ("要退回的户", f"{len(moves)}户（核对码{check_mark(moves)}）"),
        ("之后有改动、保留的户", f"{len(kept)}户（核对码{check_mark(kept)}）"),
    )


def _undo_about(approval: Approval) -> object:
    return approval.payload["act"]


def _undo_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    plan = plan_bulk_undo(project=_project(approval), act_id=approval.payload["act"])
    kept = "；".join(f"{one.label}（{one.why}）" for one in plan.kept[:10])
    return (
        ("项目", _project(approval).name),
        ("撤销", f"{shanghai_day(plan.told.at)} {plan.told.who}：{plan.told.text}"),
        ("退回", f"{len(plan.moves)}户退回“{plan.words}”" if plan.moves else "没有可退回的户"),
        ("保留", f"{len(plan.kept)}户之后有改动：{kept}" if plan.kept else "没有"),
        ("原因", approval.payload["reason"]),
    )


KINDS = (
    KIND,
    ApprovalKind(
        kind=UNDO_BULK,
        label="撤销批量办理",
        permission=Permission.CORRECTION_APPROVE,
        propose=Permission.CORRECTION_PROPOSE,
        carry_out=_carry_undo,
        subject=_project,
        lines=_undo_lines,
        rests_on=_undo_state,
        about=_undo_about,
    ),
    ApprovalKind(
        kind=RESIDUAL,
        label="复核余户",
        permission=Permission.UNIT_STANDING,
        propose=Permission.UNIT_STANDING,
        carry_out=_sign,
        subject=_project,
        lines=_residual_lines,
        rests_on=_residual_state,
    ),
    ApprovalKind(
        kind=STANDING,
        label="挂账、核减",
        permission=Permission.UNIT_STANDING,
        propose=Permission.UNIT_STANDING,
        carry_out=_carry_standing,
        subject=_project,
        lines=_standing_lines,
        rests_on=_standing_state,
        about=_standing_about,
        stands=_standing_now,
    ),
)
