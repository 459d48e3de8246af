"""The effect of an instrument in primitives, for its page: before → after, what stays shut, who comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments.models import Clause, Instrument, InstrumentState
from commitments.selectors import (
    Effect,
    ShutGroup,
    effect_of,
    effect_of_ending,
    effect_of_resolving,
    relief_of,
)
from projects.gates.selectors.blockers import building_names_of
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from registry.kernel.gates import ReliefFact
from registry.kernel.scope import Scope, building_names
from registry.kernel.stages import Track, at_or_beyond

UNSIGNED = (InstrumentState.DRAFT, InstrumentState.COUNTERSIGN, InstrumentState.SIGNED)


@dataclass(frozen=True)
class Preview:
    """What the page of an instrument shows of its effect."""

    effect: Effect
    gained: int
    is_draft: bool
    clauses: tuple[dict[str, Any], ...]
    fault: tuple[dict[str, Any], ...]
    lapsed: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    fault_count: int
    lapsed_count: int
    others_count: int
    next_steps: tuple[tuple[str, str], ...]


def preview_of(instrument: Instrument, *, on: date) -> Preview:
    """Compute the effect of an instrument as of a day (of its effective day, once it has one)."""
    names = building_names_of(instrument.project_id)
    clauses = list(instrument.clauses.select_related("instrument", "blocker").order_by("ordinal"))
    is_draft = instrument.state in UNSIGNED
    drafted = [relief_of(clause, starting=on) for clause in clauses] if is_draft else []
    effect = effect_of(project=instrument.project, drafted=drafted, on=on)
    fault = [_group(group, names) for group in effect.shut if group.is_fault]
    lapsed = [_group(group, names) for group in effect.shut if group.is_lapsed]
    others = [_group(group, names) for group in effect.shut if not group.is_fault and not group.is_lapsed]
    return Preview(
        effect=effect,
        gained=effect.cleared_after - effect.cleared_before,
        is_draft=is_draft,
        clauses=tuple(_clause(clause, names, on) for clause in clauses),
        fault=tuple(fault),
        lapsed=tuple(lapsed),
        others=tuple(others),
        fault_count=sum(group["count"] for group in fault),
        lapsed_count=sum(group["count"] for group in lapsed),
        others_count=sum(group["count"] for group in others),
        next_steps=tuple((gate.label, gate.spec.organ.label) for gate in effect.next_gates),
    )


@dataclass(frozen=True)
class DraftPreview:
    """What a letter that is being written would do."""

    effect: Effect
    fault_count: int
    others_count: int

    @property
    def gained(self) -> int:
        """Homes that would be cleared."""
        return self.effect.cleared_after - self.effect.cleared_before

    @property
    def shut_count(self) -> int:
        """Units that would stay shut."""
        return self.fault_count + self.others_count


def preview_of_draft(project: Project, drafted: Sequence[ReliefFact], *, on: date) -> DraftPreview:
    """Compute the effect of reliefs that are written nowhere yet. 9 queries, no writes."""
    effect = effect_of(project=project, drafted=drafted, on=on)
    fault = sum(group.count for group in effect.shut if group.is_fault)
    return DraftPreview(effect, fault, sum(group.count for group in effect.shut) - fault)


def clauses_in_words(instrument: Instrument) -> tuple[dict[str, Any], ...]:
    """Return the clauses of an instrument as its page reads them. Two queries."""
    names = building_names_of(instrument.project_id)
    rows = instrument.clauses.select_related("blocker").order_by("ordinal")
    return tuple(_clause(clause, names, date.max) for clause in rows)


def _clause(clause: Clause, names: dict[int, str], on: date) -> dict[str, Any]:
    return {
        "ordinal": clause.ordinal,
        "blocker": clause.blocker.number,
        "label": clause.blocker.title,
        "inside": Scope.from_data(clause.scope_in).describe(names),
        "outside": _words(Scope.from_data(clause.scope_out), names),
        "starts": clause.starts,
        "ends": clause.ends,
        "lapses_on": clause.lapses_on,
        "is_lapsed": clause.lapses_on is not None and clause.lapses_on <= on,
    }


def _words(scope: Scope, names: dict[int, str]) -> str:
    return scope.describe(names) if scope.terms else "没有"


def _group(group: ShutGroup, names: dict[int, str]) -> dict[str, Any]:
    what = f"{group.use}，{group.features}" if group.features else f"{group.use}，未改"
    return {
        "what": what,
        "count": group.count,
        "where": building_names([names.get(int(key), key) for key in group.buildings]),
    }


@dataclass(frozen=True)
class Ending:
    """What the end of an instrument would do, shown before it is done."""

    effect: Effect
    accepted: int
    issued: int

    @property
    def shut(self) -> int:
        """Homes that are cleared now and would not be any more."""
        return self.effect.cleared_before - self.effect.cleared_after

    @property
    def freed(self) -> int:
        """Units that would be cleared, homes and others."""
        gained = self.effect.cleared_after - self.effect.cleared_before
        return gained + self.effect.others_cleared_after - self.effect.others_cleared_before

    def lines(self) -> tuple[tuple[str, str], ...]:
        """The same in words, for who must agree."""
        gates = "；".join(
            f"{gate.gate.label}：{-gate.dwellings_gained}套不能再办"
            for gate in self.effect.gates
            if gate.dwellings_gained < 0
        )
        return (
            ("恢复为未打通的住宅", f"{self.shut}套"),
            ("停办的环节", gates or "无，相关环节均已办结"),
            ("不受影响", f"已受理{self.accepted}户，其中已发证{self.issued}户"),
        )


def ending_of(instrument: Instrument, *, on: date) -> Ending:
    """Compute what revoking or lapsing an instrument would do on a day. 13 queries, no writes."""
    return _ending(instrument, effect_of_ending(instrument=instrument, on=on))


def closing_of(instrument: Instrument, blocker_ids: list[int], *, on: date) -> Ending:
    """Compute what resolving the blockers of a letter would do on a day. 11 queries, no writes."""
    effect = effect_of_resolving(project=instrument.project, blocker_ids=blocker_ids, on=on)
    return _ending(instrument, effect)


def _ending(instrument: Instrument, effect: Effect) -> Ending:
    units = Unit.objects.filter(IN_THE_BOOKS, building__project=instrument.project_id)
    return Ending(
        effect,
        accepted=units.filter(certificate__in=at_or_beyond(Track.CERTIFICATE, "accepted")).count(),
        issued=units.filter(certificate="issued").count(),
    )
