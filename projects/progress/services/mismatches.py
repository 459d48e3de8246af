"""Rows of the lists of other offices that fit no home or contradict the ledger: kept, then settled one by one.

What a list states is the other office's act. A row that the ledger can't follow is settled by the home that it meant,
which then goes where the list says by the rules of every move, or goes back to who made the list, with what is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.ledger.locks import lock_project
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.ledger.selectors.names import at_place
from projects.progress.models import Mismatch, MismatchEnd, MismatchKind
from projects.progress.services.advance import move_units
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.reasons import ASKED, is_substantial
from registry.kernel.stages import Track, order, stage_of
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock

ROOM: Final = "请按楼-单元-户号填写，如9-3-502。"


class MismatchRefused(DomainError):
    """A row that can't be settled so."""


@dataclass(frozen=True)
class UnmatchedRow:
    """A row of a list that the ledger could not follow: the home as named, why not."""

    kind: MismatchKind
    named: str
    said: str


@write(Permission.UNIT_ADVANCE, on="project")
def note_mismatches(
    *, actor: Actor, project: Project, track: Track, to: str, file_name: str, rows: Sequence[UnmatchedRow]
) -> int:
    """Keep the rows of a list that fit no home or contradict the ledger; how many are new.

    A row that stands open from an earlier list is kept once. Refused: a list of a step that is not the actor's.
    """
    _require_step(actor, track, to)
    locked = lock_project(project.pk)
    act = current_act()
    standing = Mismatch.objects.filter(project=locked, track=track.value, stage=to, settled_as="")
    known = set(standing.values_list("named", flat=True))
    fresh = {row.named[:120]: row for row in rows if row.named[:120] not in known}
    made = [
        Mismatch(
            project=locked, kind=row.kind.value, named=named, track=track.value, stage=to, said=row.said[:300],
            file_name=file_name[:200], noted_on=act.today, act_id=act.id,
        )
        for named, row in fresh.items()
    ]  # fmt: skip
    Mismatch.objects.bulk_create(made)
    record(
        event="list.mismatched",
        subject=locked,
        chain=locked.pk,
        facts={"file": file_name, "stage": stage_of(track, to).label, "count": len(made)},
        rows=[Row.added(row, "named", "said") for row in made],
    )
    return len(made)


@write(Permission.UNIT_ADVANCE, on="mismatch")
def settle_mismatch(
    *, actor: Actor, mismatch: Mismatch, on: date, home: Unit | None = None, answer: str = ""
) -> Mismatch:
    """Settle a row by the home that it means, which goes where the list says; or give it back with what is wrong.

    Refused: settled already; a home of another project, or one that the rules of the move refuse; neither a home nor
    words; a step that is not the actor's.
    """
    track = Track(mismatch.track)
    _require_step(actor, track, mismatch.stage)
    project = lock_project(mismatch.project_id)
    current: Mismatch = lock(mismatch)
    act = current_act()
    if current.settled_as:
        said = (
            f"{current.named}已由{current.settled_by}于{current.settled_on}处理：{current.get_settled_as_display()}。"
        )
        raise MismatchRefused(f"{said}请刷新页面。", code="settled")
    rows = []
    if home is not None:
        rows = _carried(actor, project, current, home, on)
        current.settled_as, current.unit = MismatchEnd.MATCHED.value, home
    elif is_substantial(answer):
        current.settled_as = MismatchEnd.RETURNED.value
    else:
        raise MismatchRefused(f"请填写所指的户，或写明清单有误的内容，{ASKED}。", field="answer")
    before = {"settled_as": "", "unit_id": None, "answer": "", "settled_on": None, "settled_by": ""}
    current.answer, current.settled_on, current.settled_by = answer.strip()[:300], act.today, actor.name
    current.settled_act_id = act.id
    current.save(update_fields=["settled_as", "unit", "answer", "settled_on", "settled_by", "settled_act_id"])
    record(
        event="list.mismatch_settled",
        subject=current,
        chain=project.pk,
        facts={
            "named": current.named, "stage": current.stage_label, "how": current.get_settled_as_display(),
            "unit": f"（{home.building}{home}）" if home is not None else "",
        },
        reason=answer.strip(),
        rows=[Row.changed(current, before), *rows],
    )  # fmt: skip
    return current


def _carried(actor: Actor, project: Project, row: Mismatch, home: Unit, on: date) -> list[Row]:
    """Bring the home where the list says, if it is not there or beyond."""
    track = Track(row.track)
    if home.building.project_id != project.pk:
        raise MismatchRefused("所填的户不属于本项目。请核对。", field="home")
    here = getattr(home, track.value)
    if here and order(track, here) >= order(track, row.stage):
        return []
    outcome = move_units(
        actor=actor, project=project, unit_ids=[home.pk], track=track, to=row.stage, occurred_on=on
    )  # fmt: skip
    if outcome.refused:
        raise MismatchRefused(outcome.refused[0].reason, field="home", code="contradictory")
    return outcome.rows(track, row.stage, dict.fromkeys(outcome.moved, on))


def home_called(project: Project, text: str) -> Unit:
    """Return the one home of a project that a text names. One query. Refused: none, or several."""
    place = at_place(project, text)
    rows = Unit.objects.none() if place is None else Unit.objects.filter(IN_THE_BOOKS, place)
    homes = list(rows.select_related("building__project").order_by("id")[:2])
    if len(homes) != 1:
        said = f"“{text}”对应多户" if homes else f"本项目未找到“{text}”"
        raise MismatchRefused(f"{said}。{ROOM}", field="home")
    home: Unit = homes[0]
    return home


def _require_step(actor: Actor, track: Track, to: str) -> None:
    if not actor.may_advance(track, to):
        raise PermissionRefused(
            f"{actor.role.label}不能将户办理至“{stage_of(track, to).label}”，不能处理这种清单。请由有权的单位办理。"
        )
