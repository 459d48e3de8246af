"""Corrections: a move entered by mistake is reversed by a move, with a second person."""

from datetime import date

from django.db.models import Max

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_unit
from projects.ledger.models import Move, Unit
from projects.ledger.services.books import NewMove, post
from projects.ledger.services.certificates import end_certificates
from projects.progress.services.advance import account_of
from projects.progress.services.submissions import standing_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.gates.rest import PAST
from registry.kernel.stages import Track, at_or_beyond, stage_of
from registry.kernel.tally import Account
from registry.store.acts import Row, within_act, write
from registry.store.second import FirstPerson, always


class CorrectionRefused(DomainError):
    """A correction that can't be made."""


def last_move(unit: Unit, track: Track) -> Move | None:
    """Return the last advance of a unit on a track that was not reversed. One query."""
    return (
        Move.objects.filter(unit=unit, track=track.value, reversed_by__isnull=True)
        .filter(kind__in=(MoveKind.ADVANCE, MoveKind.BACK))
        .order_by("-id")
        .first()
    )


@write(Permission.CORRECTION_APPROVE, on="unit", second_person=always("更正"))
def correct_unit(*, actor: Actor, unit: Unit, track: Track, on: date, reason: str, first: FirstPerson | None) -> Move:
    """Reverse the last move of a unit on a track: a new fact, whose past stays readable.

    Called when a second person approves a proposed correction. Refused if there is nothing to reverse, or if tax or
    fund would fall open under a unit that is recorded. The reversal is stated for the day of the move it reverses; if
    the unit's standing or use changed since, for the day of that change: else the days between would not add up.
    With the issue go the numbers of the certificates: what is not issued has none.
    """
    current = lock_unit(unit)
    move = last_move(current, track)
    if move is None:
        raise CorrectionRefused(f"{current.building}{current}没有可更正的“{track.label}”记录。")
    if not reason.strip():
        raise CorrectionRefused("未填写更正原因。", field="reason")
    if track == Track.CERTIFICATE and current.certificate == "collected" and current.pk in standing_of([current.pk]):
        raise CorrectionRefused(
            f"{current.building}{current}已登记送件或退回。请先在户页面撤销该项登记，再更正收材料。"
        )
    if track != Track.CERTIFICATE and current.certificate in at_or_beyond(Track.CERTIFICATE, "recorded"):
        raise CorrectionRefused(f"{current.building}{current}已登簿，不能只退“{track.label}”。请先更正登簿。")
    row = reverse_move(current, track, move, reason)
    record(
        event="unit.corrected",
        subject=current,
        chain=current.building.project_id,
        facts={
            "unit": f"{current.building}{current}",
            "frm": stage_of(track, getattr(current, track.value)).label,
            "to": stage_of(track, str(move.from_stage)).label,
            "proposer": first.name if first else actor.name,
            "on": on,
        },
        reason=reason,
        rows=[row],
    )
    reversal: Move = Move.objects.get(reverses=move)
    return reversal


@within_act
def reverse_move(unit: Unit, track: Track, move: Move, reason: str) -> Row:
    """Post the reverse of a unit's last move, stated for its day or a later change's; what hung on it goes too.

    The unit is locked and keeps the stage that it was read with.
    """
    frm = account_of(unit, track)
    to = Account(frm.building, frm.use, frm.standing, track, str(move.from_stage))
    last_on = Move.objects.filter(unit=unit, track=track.value).aggregate(last=Max("occurred_on"))["last"]
    post([NewMove(unit.id, track, MoveKind.CORRECTION, frm, to, last_on, move.id, reason[:200])])
    ended: list[str] = []
    if track == Track.CERTIFICATE:
        before = last_move(unit, track)
        Unit.objects.filter(pk=unit.pk).update(certificate_on=before.occurred_on if before else None)
        if frm.stage == "issued":
            ended = end_certificates([unit.id])
        if frm.stage in PAST:
            refresh_readiness([unit.building.project_id])
    return _reversed_row(unit, track, to.stage, ended)


def _reversed_row(unit: Unit, track: Track, to: str, ended: list[str]) -> Row:
    before, after = {track.value: getattr(unit, track.value)}, {track.value: to}
    if ended:
        before["certificate_no"], after["certificate_no"] = "、".join(ended), ""
    return Row.of("ledger_unit", unit.id, before=before, after=after)
