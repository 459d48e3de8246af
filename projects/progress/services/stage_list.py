"""Carrying out a list of homes and stages that was reconciled with the ledger: one act, all rules checked again."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from projects.ledger.models import Project
from projects.progress.services.advance import Refusal, move_units
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, current_act, write


@dataclass
class ListOutcome:
    """What a list did: homes moved, homes that stood there already, homes refused with the reason, and the act."""

    moved: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    act_id: int = 0
    rows: list[Row] = field(default_factory=list)


class ListRefused(DomainError):
    """A list of which nothing can be carried out; `outcome` says why of each home."""

    def __init__(self, message: str, outcome: ListOutcome) -> None:
        super().__init__(message, rows=tuple(outcome.refused))
        self.outcome = outcome


@write(Permission.UNIT_ADVANCE, on="project")
def carry_out_list(
    *, actor: Actor, project: Project, days: Mapping[int, str], track: Track, to: str, file_name: str
) -> ListOutcome:
    """Move the homes of a reconciled list, each on its day, all rules checked again; one act.

    `days` has the ISO day by unit. Refused if nothing is left to do: the same list twice changes nothing and says so.
    """
    done = ListOutcome(act_id=current_act().id)
    by_day: dict[date, list[int]] = defaultdict(list)
    for unit, day in days.items():
        by_day[date.fromisoformat(day)].append(unit)
    for occurred_on, units in sorted(by_day.items()):
        one = move_units(actor=actor, project=project, unit_ids=units, track=track, to=to, occurred_on=occurred_on)
        done.moved += one.moved
        done.rows += one.rows(track, to, days)
        done.unchanged += one.unchanged
        done.refused += one.refused
    stage = stage_of(track, to)
    if not done.moved:
        raise ListRefused(f"无可办理的户：清单所列户均已为“{stage.label}”，或不符合办理条件。", done)

    record(
        event="units.listed",
        subject=project,
        chain=project.id,
        facts={
            "file": file_name,
            "track": track.label,
            "stage": stage.label,
            "count": len(done.moved),
            "unchanged": len(done.unchanged),
            "refused": len(done.refused),
        },
        rows=done.rows,
    )
    return done
