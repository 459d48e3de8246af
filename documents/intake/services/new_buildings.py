"""Buildings that a unit list would lay: named in the preview, written only if somebody ticks them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from documents.intake.models import ImportSession, SessionState, StagedRow
from documents.intake.reading.codes import CODES
from documents.intake.reading.unit_columns import HEADER
from projects.ledger.locks import lock_project
from projects.ledger.models import Building, Project
from projects.progress.services.place import Placement
from registry.audit.recording import record
from registry.kernel.addresses import join_numbers
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import Row, write
from registry.store.locks import lock

NEW, AGREED, KNOWN = "new_buildings", "agreed_buildings", "known_buildings"  # of a session's params
CODE: Final = "NEW_BUILDING"


class BuildingsRefused(DomainError):
    """Buildings that can't be agreed to."""


@dataclass(frozen=True)
class NewBuildings:
    """The buildings that a list would lay beside those that the project has. A first list lays them without a tick."""

    known: frozenset[str]
    new: frozenset[str]

    @classmethod
    def of(cls, project: Project, placement: Placement) -> "NewBuildings":
        """Find the buildings of added units that the project lacks. One query."""
        known = frozenset(Building.objects.filter(project=project).values_list("number", flat=True))
        return cls(known, frozenset(row.place[0] for row in placement.added) - known)

    @property
    def params(self) -> dict[str, Any]:
        """What a session keeps of them."""
        if not self.new:
            return {}
        return {NEW: sorted(self.new), KNOWN: join_numbers(self.known), AGREED: []}

    @property
    def warnings(self) -> set[str]:
        """Say of a first list that it lays buildings."""
        return {"NEW_BUILDINGS"} if self.new and not self.known else set()

    def is_held(self, number: str) -> bool:
        """Tell whether the rows of a building wait for a tick."""
        return bool(self.known) and number in self.new

    def fault(self, row: int, number: str) -> dict[str, str]:
        """The fault of a row whose building is not there; `building` is what a tick agrees to."""
        column = HEADER["building"]
        said = CODES[CODE].message(building=join_numbers([number]), known=join_numbers(self.known))
        return {"column": column, "code": CODE, "message": f"第 {row} 行“{column}”{said}", "building": number}


def held_buildings(session: ImportSession) -> list[tuple[str, str]]:
    """List the buildings that wait for a tick: number, and what to say of it. No query."""
    if not session.params.get(KNOWN):
        return []
    waiting = [number for number in session.params.get(NEW, ()) if number not in session.params.get(AGREED, ())]
    return [(number, f"将新建楼栋：{join_numbers([number])}（项目现有{session.params[KNOWN]}）") for number in waiting]


@write(Permission.IMPORT_STAGE, on="session")
def agree_buildings(*, actor: Actor, session: ImportSession, numbers: Collection[str]) -> ImportSession:
    """Take in the rows of buildings that the sender says are new. Refused: none chosen, one that does not wait."""
    if session.project_id is not None:
        lock_project(session.project_id)
    current = lock(session, "project")
    if current.state != SessionState.STAGED:
        raise BuildingsRefused(f"这次导入现在是“{current.get_state_display()}”，不能办理该操作。请刷新页面后查看。")
    waiting = {number for number, _ in held_buildings(current)}
    if not numbers or not set(numbers) <= waiting:
        raise BuildingsRefused("未选择定要新建的楼栋。请勾选后再提交。", field="building")
    before = {"outcome": current.outcome}
    held = current.staged_rows.filter(verdict="refused", codes=f" {CODE} ").values_list("id", "errors")
    taken = [key for key, errors in held if errors[0].get("building") in numbers]
    for start in range(0, len(taken), 900):
        part = StagedRow.objects.filter(id__in=taken[start : start + 900])
        part.update(verdict="added", errors=[], codes="")
    current.params = {**current.params, AGREED: sorted({*current.params.get(AGREED, ()), *numbers})}
    current.added, current.refused = current.added + len(taken), current.refused - len(taken)
    current.outcome = "rows" if current.refused else "accept"
    current.save(update_fields=["params", "added", "refused", "outcome"])

    record(
        event="import.buildings",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name, "buildings": join_numbers(numbers)},
        rows=Row.if_changed(current, before),
    )
    return current
