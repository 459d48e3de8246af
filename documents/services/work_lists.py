"""Lists of buildings, gate steps, blockers and letters: each row by the same service as the form, tried, then done."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from documents.intake.list_columns import COLUMNS
from documents.intake.list_rows import ListLine, read_list
from documents.services.work_deeds import (
    Deed,
    blocker_deeds,
    building_deeds,
    letter_deeds,
    nothing_wrong,
    step_deeds,
    unknown_in_blockers,
    unknown_in_letters,
    unknown_in_steps,
)
from documents.services.work_known import Known, known_blockers, known_buildings, known_steps
from documents.services.work_projects import misplaced, project_deeds
from projects.ledger.models import Project
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import ColumnSet
from registry.kernel.errors import DomainError

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
VERDICTS: Final = ((NEW, "新增", ""), (CHANGED, "变更", ""), (SAME, "已有", ""), (REFUSED, "退回", "late"))


@dataclass(frozen=True)
class WorkList:
    """One kind of list: its columns, who may send it, what its rows name and do, and what of it is known already.

    `check` and `deeds` are given the project, or None for the list of projects itself. Rows alike in the column
    `together` are one paper: one bad row refuses all of them.
    """

    name: str
    label: str
    permission: Permission
    check: Callable[[Any], Callable[[ListLine], list[str]]]
    deeds: Callable[[Any, Sequence[ListLine]], list[Deed]]
    known: Callable[[Project], list[Known]] | None
    example: Mapping[str, str]
    rules: tuple[str, ...]
    together: str = ""

    @property
    def is_written_out(self) -> bool:
        """Whether what is known can be written out as such a list."""
        return self.known is not None

    @property
    def columns(self) -> ColumnSet:
        """The one declaration of its columns."""
        return COLUMNS[self.name]


LISTS: Final = {
    one.name: one
    for one in (
        WorkList(
            "projects", "项目", Permission.PROJECT_CREATE, misplaced, project_deeds, None,
            {"code": "CY-0001", "name": "某某小区", "district_code": "110105", "district_name": "朝阳区",
             "township_code": "110105001", "township_name": "某某街道", "housing_type": "商品房",
             "taken_in_on": "2022-01-10"},
            ("一个项目一行。编号已有、名称相同的不重复纳入；资料要改的到项目资料里改。", "集体土地、过了截止日期的不纳入。"),
        ),
        WorkList(
            "buildings", "楼栋", Permission.UNIT_PLACE, nothing_wrong, building_deeds, known_buildings,
            {"project": "CY-0001", "number": "9号楼", "construction_no": "B-9", "police_no": "12", "survey_no": "0009"},
            ("一栋一行。楼号没有的新增，有的按填的改，空格不改。", "清单里没有的楼栋不会删除。"),
        ),
        WorkList(
            "steps", "环节", Permission.STEP_RECORD, unknown_in_steps, step_deeds, known_steps,
            {"project": "CY-0001", "gate": "规划核验", "status": "已过", "buildings": "1-12", "part": "住宅",
             "document_no": "×规自核〔2022〕12号", "organ": "规自分局", "issued_on": "2022-03-01"},
            ("文号、环节、结论、部分、日期都相同的行记为一次。", "不能过的户由系统留下，并说明被什么挡住。"),
        ),
        WorkList(
            "blockers", "堵点", Permission.BLOCKER_RAISE, unknown_in_blockers, blocker_deeds, known_blockers,
            {"project": "CY-0001", "type": "P03", "buildings": "1、2", "uses": "住宅", "found_on": "2022-01-20"},
            ("一个堵点一行。类型、发现日期、事由、范围都相同的不重复登记。",),
        ),
        WorkList(
            "letters", "承诺函", Permission.INSTRUMENT_DRAFT, unknown_in_letters, letter_deeds, None,
            {"project": "CY-0001", "letter": "关于补缴土地出让金的承诺函", "issuer": "某某乡人民政府",
             "recipient": "规自分局", "blockers": "F01-0001", "fault": "开发单位欠缴土地出让金",
             "end_state": "补缴土地出让金", "due_on": "2023-06-30", "proof": "缴款凭证", "verifier": "规自分局"},
            ("一个承诺事项一行，「承诺函」相同的行是同一份函。", "只起草，不签署；签署、同意仍在承诺函页面办。"),
            together="letter",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """One deed of a list beside the ledger: its rows as the sender sees them, and what it does or why it does not."""

    rows: tuple[int, ...]
    label: str
    verdict: str
    said: str

    @property
    def rows_label(self) -> str:
        """The rows, joined."""
        shown = "、".join(map(str, self.rows[:6]))
        return f"{shown}等{len(self.rows)}行" if len(self.rows) > len(self.rows[:6]) else shown


def read_upload(kind: WorkList, project: Project | None, content: bytes, file_name: str) -> list[ListLine]:
    """This will read an upload under the guard. Raises DomainError with the reason if the file is refused."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        path = Path(folder) / f"upload{Path(file_name).suffix.lower()[:8]}"
        path.write_bytes(content)
        return read_list(path, kind.name, expected_project=project.code if project else "")


def take_list(
    *, actor: Actor, project: Project | None, kind: WorkList, lines: Sequence[ListLine], is_trial: bool = False
) -> list[Listed]:
    """This will do what the rows of a list say in one transaction, and tell of each row; a refused row is left out.

    With `is_trial` all of it is taken back: the rules that refuse are then those of the acts themselves.
    """
    actor.require(kind.permission)
    wrong = _wrong(kind, project, lines)
    found = [Listed((row,), "", REFUSED, " ".join(said)) for row, said in wrong.items()]
    with transaction.atomic():
        found += [_done(actor, deed) for deed in kind.deeds(project, [one for one in lines if one.row not in wrong])]
        transaction.set_rollback(is_trial)
    return sorted(found, key=lambda one: one.rows)


def _wrong(kind: WorkList, project: Project | None, lines: Sequence[ListLine]) -> dict[int, list[str]]:
    """All that is wrong with each row as it stands, and the rows that go with a bad one."""
    check = kind.check(project)
    wrong = {line.row: said for line in lines if (said := [*line.errors, *check(line)])}
    bad: dict[str, int] = {}
    for line in lines:
        if kind.together and line.row in wrong:
            bad.setdefault(line.texts.get(kind.together, ""), line.row)
    for line in lines:
        first = bad.get(line.texts.get(kind.together, ""))
        if first is not None and line.row not in wrong:
            wrong[line.row] = [f"第 {first} 行有错，同一份函的行都没有写入。请一起改好再传。"]
    return wrong


def _done(actor: Actor, deed: Deed) -> Listed:
    if deed.refusal:
        return Listed(deed.rows, deed.label, REFUSED, deed.refusal)
    if deed.do is None:
        return Listed(deed.rows, deed.label, SAME, "台账已有，不再记")
    try:
        with transaction.atomic():
            said = deed.do(actor)
    except DomainError as refusal:
        return Listed(deed.rows, deed.label, REFUSED, refusal.message)
    return Listed(deed.rows, deed.label, CHANGED if deed.is_change else NEW, said)


def rows_present(found: Iterable[Listed]) -> int:
    """This will count the rows that were read: every one has its verdict."""
    return sum(len(one.rows) for one in found)
