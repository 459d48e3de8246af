"""Why a project and each of its buildings can or can't go on: numbers and names, from the same gates as the units."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from projects.gates.models import Blocker
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Building, Project
from registry.kernel.gates import Gate, GateTable, ProjectFacts, ReasonKind, compute_gates
from registry.kernel.gates.grouped import BuildingGates
from registry.kernel.gates.reasons import Line
from registry.kernel.gates.table import label_list
from registry.kernel.stages import Use


@dataclass(frozen=True)
class PlaceReasons:
    """A place (the project, a building) with its sentences; `lines` is what `gates/_why.html` shows."""

    name: str
    number: str
    homes: int
    cleared: int
    ready: int
    lines: tuple[Line, ...]


def reasons_by_place(project: Project, *, on: date) -> list[PlaceReasons]:
    """Explain the project first, then each building. Ten queries whatever their number."""
    facts = facts_of([project.pk])[project.pk]
    table = compute_gates(facts, on=on)
    blockers = {b.number: b for b in Blocker.objects.filter(project=project).select_related("responsible")}
    rows = list(Building.objects.filter(project=project).order_by("number_order", "id"))
    whole = _place("全项目", "", list(table.buildings.values()), facts, table, blockers)
    return [whole, *(_place(b.name, b.number, [table.buildings[b.pk]], facts, table, blockers) for b in rows)]


def _place(
    name: str,
    number: str,
    gates: list[BuildingGates],
    facts: ProjectFacts,
    table: GateTable,
    blockers: dict[str, Blocker],
) -> PlaceReasons:
    homes = [building.columns.use_mask(Use.DWELLING) & building.counted for building in gates]

    def count(figure: str) -> int:
        return sum((building.figure(figure) & mask).bit_count() for building, mask in zip(gates, homes, strict=True))

    due = sum(mask.bit_count() for mask in homes)
    ready = count("ready")
    lines = [*_blocked(gates, facts, table, blockers), *_missing(gates, homes), *_paused(gates)]
    if ready:
        lines.append(Line(ReasonKind.READY, f"住宅{ready:,}套可以受理。"))
    if not lines:
        lines.append(Line(ReasonKind.MISSING, "无需说明。"))
    return PlaceReasons(name, number, due, count("cleared"), ready, tuple(lines))


def _blocked(
    gates: list[BuildingGates], facts: ProjectFacts, table: GateTable, blockers: dict[str, Blocker]
) -> list[Line]:
    lines = []
    for blocker in table.blockers:
        reliefs = [
            relief for relief in facts.reliefs if relief.blocker_id == blocker.id and relief.is_in_force(table.on)
        ]
        caught = fault = lifted = 0
        for building in gates:
            passed = building.passed.get(blocker.gate, 0) if not blocker.gate.is_unit_level else 0
            mask = blocker.scope.mask(building.columns) & building.counted & ~passed
            wrong = mask & blocker.at_fault.mask(building.columns)
            free = 0
            for relief in reliefs:
                free |= relief.scope.mask(building.columns)
            caught += (mask & ~wrong & ~free).bit_count()
            lifted += (mask & ~wrong & free).bit_count()
            fault += wrong.bit_count()
        known = blockers.get(blocker.number)
        holder = f"，责任单位为{known.responsible}" if known is not None and known.responsible else ""
        head = f"{label_list(blocker.gates)}被{blocker.number} {blocker.label}限制"
        if caught:
            lines.append(Line(ReasonKind.BLOCKED, f"{head}：{caught:,}户{holder}。"))
        if fault:
            lines.append(Line(ReasonKind.FAULT, f"{head}：{fault:,}户在过错范围内，整改并经核验后方可办理{holder}。"))
        if lifted:
            papers = "、".join(dict.fromkeys(relief.label for relief in reliefs if relief.label))
            lines.append(
                Line(ReasonKind.LIFTED, f"{blocker.number}已由{papers or '决定'}解除{lifted:,}户，待机关办理环节。")
            )
    return lines


def _missing(gates: list[BuildingGates], homes: list[int]) -> list[Line]:
    waiting: dict[Gate, int] = defaultdict(int)
    for building, mask in zip(gates, homes, strict=True):
        for gate in building.plan:
            waiting[gate] += (mask & ~building.passed[gate]).bit_count()
    missing = [gate for gate in Gate.building_gates() if waiting[gate]]
    if not missing:
        return []
    first = missing[0]
    return [
        Line(
            ReasonKind.MISSING,
            f"住宅尚未办结：{label_list(missing)}。最先的是{first.label}，差{waiting[first]:,}套，由{first.spec.organ.label}办。",
        )
    ]


def _paused(gates: list[BuildingGates]) -> list[Line]:
    paused = sum((building.paused & building.counted).bit_count() for building in gates)
    return [Line(ReasonKind.PAUSED, f"暂停受理{paused:,}户。")] if paused else []
