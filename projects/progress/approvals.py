"""Corrections as acts that need a second person."""

from collections.abc import Sequence
from typing import Any

from projects.ledger.models import Unit
from projects.progress.services.corrections import correct_unit
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.kernel.authority import Actor, Permission
from registry.kernel.stages import Track, stage_of
from registry.store.clock import shanghai_day

CORRECTION = "unit.correction"


def _unit(approval: Approval) -> Unit:
    unit: Unit = Unit.objects.select_related("building__project").get(pk=approval.payload["unit"])
    return unit


def _carry_out(*, actor: Actor, approval: Approval) -> Any:
    return correct_unit.inner(  # type: ignore[attr-defined]
        actor=actor,
        unit=_unit(approval),
        track=Track(approval.payload["track"]),
        on=shanghai_day(approval.proposed_at),
        reason=approval.payload["reason"],
        proposer=approval.proposed_by.name if approval.proposed_by else "",
    )


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    unit, track = _unit(approval), Track(approval.payload["track"])
    return (
        ("项目", unit.building.project.name),
        ("户", f"{unit.building}{unit}"),
        ("更正", f"{track.label}：现在是「{stage_of(track, getattr(unit, track.value)).label}」，退回上一步"),
        ("原因", approval.payload["reason"]),
    )


KIND = ApprovalKind(
    kind=CORRECTION,
    label="确认更正",
    permission=Permission.CORRECTION_APPROVE,
    propose=Permission.CORRECTION_PROPOSE,
    carry_out=_carry_out,
    subject=_unit,
    lines=_lines,
)
