"""The chain matrix: at a glance, where each building of a project stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.gates.models import GateStep
from projects.gates.selectors.spans import chain_marks
from projects.ledger.models import Building
from registry.kernel.gates import Gate, Mark
from registry.kernel.stages import Part

CELLS: dict[str, tuple[str, str]] = {
    Mark.PASSED.value: ("✓", "y"),
    Mark.BY_COMMITMENT.value: ("诺", "nuo"),
    Mark.BY_OPINION.value: ("意", "yi"),
    Mark.IN_PROGRESS.value: ("办", "ban"),
    Mark.FAULT.value: ("错", "cuo"),
    Mark.SHUT.value: ("堵", "du"),
    Mark.OPEN.value: ("·", ""),
    Mark.ABSENT.value: ("", "wu"),
}
PART_LABELS = {Part.DWELLING: "住宅", Part.NON_DWELLING: "商业、配套"}


@dataclass(frozen=True)
class MatrixRow:
    """One gate of one part; `wide` is said once where one document passed everything."""

    gate: str
    part: str
    is_first: bool
    is_last: bool
    cells: tuple[tuple[str, str], ...]
    wide: str = ""


@dataclass(frozen=True)
class Matrix:
    """A block of at most forty buildings."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]


def matrix_of(
    project: Any, buildings: Sequence[Building], steps: Sequence[GateStep], *, on: date
) -> tuple[Matrix, ...]:
    """Return the matrix in blocks of forty buildings. One query."""
    marks = chain_marks(project.id, on=on)
    documents: dict[str, list[GateStep]] = defaultdict(list)
    for step in steps:
        documents[step.gate].append(step)
    return tuple(_block(buildings[start : start + 40], marks, documents) for start in range(0, len(buildings), 40))


def _block(
    buildings: Sequence[Building], marks: dict[tuple[int, str], str], documents: dict[str, list[GateStep]]
) -> Matrix:
    rows: list[MatrixRow] = []
    for place, gate in enumerate(Gate.building_gates()):
        by_part = {
            part: [marks.get((building.id, part.value), "-" * 12)[place] for building in buildings] for part in Part
        }
        present = [part for part in Part if any(mark != Mark.ABSENT.value for mark in by_part[part])]
        flat = {mark for part in present for mark in by_part[part] if mark != Mark.ABSENT.value}
        if flat == {Mark.PASSED.value}:
            rows.append(MatrixRow(gate.label, "", True, True, (), _wide(documents.get(gate.value, []))))
            continue
        for n, part in enumerate(present):
            cells = tuple(CELLS[mark] for mark in by_part[part])
            rows.append(MatrixRow(gate.label, PART_LABELS[part], n == 0, n == len(present) - 1, cells))
    return Matrix(tuple((building.number, building.name) for building in buildings), tuple(rows))


def _wide(steps: Sequence[GateStep]) -> str:
    papers = list(dict.fromkeys(step.document.number for step in steps if step.document))
    if not papers:
        return "✓ 全部楼栋"
    first = steps[0]
    more = f"等{len(papers)}份文件" if len(papers) > 1 else ""
    return f"✓ 全部楼栋，{papers[0]}{more}，{first.effective_on}"
