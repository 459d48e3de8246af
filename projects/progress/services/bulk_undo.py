"""Taking back a whole bulk move: every home that nobody touched since goes back by a move; the others stay, named."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Move, Project, Unit
from projects.ledger.services.books import NewMove, post
from projects.progress.services.undo import CHUNK, account_on, touched_since
from registry.audit.recording import record
from registry.audit.selectors import Happening, acts_of_project, happening
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.gates.rest import PAST
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, write
from registry.store.bulk import update_rows
from registry.store.second import FirstPerson, always
from registry.store.undo import KeptRow

BULK = ("units.advanced", "units.listed")


class BulkUndoRefused(DomainError):
    """A bulk move that can't be taken back."""


@dataclass(frozen=True)
class BulkUndoPlan:
    """What taking back a bulk move would do: the moves to reverse, the homes kept and why, those back already."""

    told: Happening
    moves: tuple[Move, ...]
    kept: tuple[KeptRow, ...]
    back: int

    @property
    def words(self) -> str:
        """Where the homes go back to, by stage."""
        first = self.moves[0] if self.moves else None
        return "" if first is None else stage_of(Track(first.track), str(first.from_stage)).label


def bulk_acts(project: Project, *, limit: int = 30) -> list[Happening]:
    """List the bulk moves of a project, newest first. One query."""
    return [happening(act) for act in acts_of_project(project.id, events=BULK)[:limit]]


def plan_bulk_undo(*, project: Project, act_id: int) -> BulkUndoPlan:
    """Return what taking back a bulk move would do. Writes nothing. Raises NotFound for any other act."""
    act = acts_of_project(project.id, events=BULK).filter(id=act_id).first()
    if act is None:
        raise NotFound("没有这次批量办理，或不在本项目。")
    of_act = Move.objects.filter(act_id=act_id, kind=MoveKind.ADVANCE, unit__building__project=project)
    rows = list(of_act.select_related("unit__building", "reversed_by").order_by("id"))
    standing = [move for move in rows if not hasattr(move, "reversed_by")]
    since = touched_since(of_act.values_list("unit_id", flat=True), act_id)
    kept = tuple(
        KeptRow(move.unit_id, f"{move.unit.building}{move.unit}", since[move.unit_id])
        for move in standing
        if move.unit_id in since
    )
    moves = tuple(move for move in standing if move.unit_id not in since)
    return BulkUndoPlan(happening(act), moves, kept, len(rows) - len(standing))


@write(Permission.CORRECTION_APPROVE, on="project", second_person=always("撤销批量办理"))
def undo_bulk(*, actor: Actor, project: Project, act_id: int, reason: str, first: FirstPerson | None) -> BulkUndoPlan:
    """Take back a bulk move, home by home, each by a move stated for the day of the one it reverses.

    Called when a second person approves. A home that a later act touched is kept as it is and named. Refused without a
    reason, or if nothing is left to take back: the same undo twice changes nothing and says so.
    """
    lock_project(project.pk)
    if not reason.strip():
        raise BulkUndoRefused("未填写撤销原因。", field="reason")
    plan = plan_bulk_undo(project=project, act_id=act_id)
    if not plan.moves:
        raise BulkUndoRefused("无可撤销的户：所涉户已退回上一阶段，或其后又有办理，均予保留。")
    keys = [move.unit_id for move in plan.moves]
    lock_units(None, keys, also_retired=True)
    post([_reversal(move, reason) for move in plan.moves])
    track = Track(plan.moves[0].track)
    if track == Track.CERTIFICATE:
        _set_days_back(keys)
        if any(move.to_stage in PAST for move in plan.moves):
            refresh_readiness([project.id])

    record(
        event="units.undone",
        subject=project,
        chain=project.id,
        facts={
            "what": plan.told.text,
            "count": len(keys),
            "kept": len(plan.kept),
            "proposer": first.name if first else actor.name,
        },
        reason=reason,
        rows=[
            Row.of(
                "ledger_unit", move.unit_id, before={track.value: move.to_stage}, after={track.value: move.from_stage}
            )
            for move in plan.moves
        ],
    )
    return plan


def _reversal(move: Move, reason: str) -> NewMove:
    return NewMove(
        move.unit_id, Track(move.track), MoveKind.CORRECTION, account_on(move, "to"), account_on(move, "from"),
        move.occurred_on, move.id, reason[:200],
    )  # fmt: skip


def _set_days_back(keys: Sequence[int]) -> None:
    """Give each home the day of the certificate move that stands last now."""
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        standing = Move.objects.filter(
            unit_id__in=part, track=Track.CERTIFICATE.value, reversed_by__isnull=True,
            kind__in=(MoveKind.ADVANCE, MoveKind.BACK),
        )  # fmt: skip
        last = dict(standing.order_by("id").values_list("unit_id", "occurred_on"))
        update_rows(Unit, ("certificate_on",), [(last.get(key), key) for key in part])
