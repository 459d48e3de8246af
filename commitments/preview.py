"""The effect of an instrument in primitives, for its page: before → after, what stays shut, who comes next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments.models import Instrument, InstrumentState
from commitments.selectors import Effect, ShutGroup, effect_of, relief_of
from projects.gates.selectors.blockers import building_names_of
from registry.kernel.scope import Scope, building_names

UNSIGNED = (InstrumentState.DRAFT, InstrumentState.COUNTERSIGN, InstrumentState.SIGNED)


@dataclass(frozen=True)
class Preview:
    """What the page of an instrument shows of its effect."""

    effect: Effect
    gained: int
    is_draft: bool
    clauses: tuple[dict[str, Any], ...]
    fault: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    fault_count: int
    others_count: int
    next_steps: tuple[tuple[str, str], ...]


def preview_of(instrument: Instrument, *, on: date) -> Preview:
    """This will compute the effect of an instrument as of a day (of its effective day, once it has one)."""
    names = building_names_of(instrument.project_id)
    clauses = list(instrument.clauses.select_related("instrument", "blocker").order_by("ordinal"))
    is_draft = instrument.state in UNSIGNED
    drafted = [relief_of(clause, starting=on) for clause in clauses] if is_draft else []
    effect = effect_of(project=instrument.project, drafted=drafted, on=on)
    fault = [_group(group, names) for group in effect.shut if group.is_fault]
    others = [_group(group, names) for group in effect.shut if not group.is_fault]
    return Preview(
        effect=effect,
        gained=effect.cleared_after - effect.cleared_before,
        is_draft=is_draft,
        clauses=tuple(
            {
                "ordinal": clause.ordinal,
                "blocker": clause.blocker.number,
                "label": clause.blocker.title,
                "inside": Scope.from_data(clause.scope_in).describe(names),
                "outside": _words(Scope.from_data(clause.scope_out), names),
                "ends": clause.ends,
            }
            for clause in clauses
        ),
        fault=tuple(fault),
        others=tuple(others),
        fault_count=sum(group["count"] for group in fault),
        others_count=sum(group["count"] for group in others),
        next_steps=tuple((gate.label, gate.spec.organ) for gate in effect.next_gates),
    )


def _words(scope: Scope, names: dict[int, str]) -> str:
    return scope.describe(names) if scope.terms else "没有"


def _group(group: ShutGroup, names: dict[int, str]) -> dict[str, Any]:
    what = f"{group.use}，{group.features}" if group.features else f"{group.use}，未改"
    return {
        "what": what,
        "count": group.count,
        "where": building_names([names.get(int(key), key) for key in group.buildings]),
    }
