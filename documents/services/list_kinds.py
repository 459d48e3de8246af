"""The kinds of lists that come in as files: who may send one, its example and rules, what its rows do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from documents.intake.list_columns import COLUMNS, SENT_BY, UNITS
from documents.services.lists import Listed, Taken
from documents.services.stage_lists import take_stages
from documents.services.work_deeds import (
    blocker_deeds,
    building_deeds,
    nothing_wrong,
    step_deeds,
    unknown_in_blockers,
    unknown_in_steps,
)
from documents.services.work_known import Known, known_blockers, known_buildings, known_steps
from documents.services.work_letters import known_letters, letter_deeds, unknown_in_letters
from documents.services.work_lists import Checks, Deeds, take_deeds
from documents.services.work_projects import known_projects, misplaced, project_deeds
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.columns import ColumnSet
from registry.kernel.errors import DomainError, NotFound

PROJECTS: Final = "projects"
STAGES: Final = "stages"


@dataclass(frozen=True)
class ListKind:
    """One kind of list.

    `check` tells what a row names that is not there, `deeds` what its rows do: none for unit lists, which are placed as
    a whole, and for lists of stages, which are one act. `known` writes out what the ledger has of them, given the
    project or, for the list of projects, the actor; `undo` is who may take one back; `together` is the header of the
    column by which rows are one paper.
    """

    name: str
    label: str
    example: Mapping[str, str]
    rules: tuple[str, ...]
    check: Checks = nothing_wrong
    deeds: Deeds | None = None
    known: Callable[[Any], list[Known]] | None = None
    undo: Permission = Permission.IMPORT_ACCEPT
    together: str = ""

    @property
    def permission(self) -> Permission:
        """Who may send one."""
        return SENT_BY[self.name]

    @property
    def columns(self) -> ColumnSet:
        """The one declaration of its columns."""
        return COLUMNS[self.name]

    @property
    def is_written_out(self) -> bool:
        """Whether what is known can be written out as such a list."""
        return self.known is not None

    @property
    def is_of_project(self) -> bool:
        """Whether it is sent under a project; the list of projects itself is not."""
        return self.name != PROJECTS

    @property
    def is_placed(self) -> bool:
        """Whether it is a unit list, placed as a whole on a day."""
        return self.name == UNITS

    @property
    def unit(self) -> str:
        """What its rows are counted in."""
        return "户" if self.name in (UNITS, STAGES) else "项"

    def take(self, taken: Taken, *, is_trial: bool) -> list[Listed]:
        """Do what the rows say, or try it and take it back."""
        if self.deeds is not None:
            return take_deeds(taken, check=self.check, deeds=self.deeds, together=self.together, is_trial=is_trial)
        if self.name != STAGES:
            raise DomainError("清册按入账日期写入，不在这里办。")
        return take_stages(taken, is_trial=is_trial)

    def takes_two(self, actor: Actor) -> bool:
        """Return whether a second person accepts what the actor sends: a firm's files always need one."""
        if self.is_placed:
            return not actor.can(Permission.IMPORT_ACCEPT)
        return actor.role == Role.DEVELOPER


KINDS: Final = {
    one.name: one
    for one in (
        ListKind(
            UNITS, "清册",
            {"project": "CY-0001", "building": "9号楼", "entrance": "3", "floor": "5", "room": "502", "use": "住宅",
             "area": "86.50", "holder": "徐某", "identity_kind": "居民身份证", "identity": "110105190101011235",
             "phone": "19900000001", "agreement": "AZ-2011-0001", "remark": ""},
            ("一户一行；共有人可以各写一行，也可以写在一格里用、隔开，姓名、证件、电话同序。",
             "台账没有的户新增，有的按填的改，空格不改；清册里没有的户不会删除。",
             "证件号码、单元号、合同号所在列保持“文本”，不要改成数值。", "合计行、标题行会跳过，不当作户。"),
        ),
        ListKind(
            PROJECTS, "项目",
            {"code": "CY-0001", "name": "某某小区", "district_code": "110105", "district_name": "朝阳区",
             "township_code": "110105001", "township_name": "某某街道", "housing_type": "商品房",
             "taken_in_on": "2022-01-10"},
            ("一个项目一行。编号没有的纳入；已有的按填的改名称、类型、坐落、责任人、销售日期，空格不改。",
             "集体土地、过了截止日期的不纳入。"),
            check=misplaced, deeds=project_deeds, known=known_projects,
            undo=Permission.PROJECT_CREATE,
        ),
        ListKind(
            "buildings", "楼栋",
            {"project": "CY-0001", "number": "9号楼", "construction_no": "B-9", "police_no": "12", "survey_no": "0009"},
            ("一栋一行。楼号没有的新增，有的按填的改，空格不改。", "清单里没有的楼栋不会删除。"),
            check=nothing_wrong, deeds=building_deeds, known=known_buildings,
            undo=Permission.UNIT_PLACE,
        ),
        ListKind(
            "steps", "环节",
            {"project": "CY-0001", "gate": "规划核验", "status": "已过", "buildings": "1-12", "part": "住宅",
             "document_no": "×规自核〔2022〕12号", "organ": "规自分局", "issued_on": "2022-03-01"},
            ("文号、环节、结论、部分、日期都相同的行记为一次。", "不能过的户由系统留下，并说明被什么挡住。"),
            check=unknown_in_steps, deeds=step_deeds, known=known_steps,
            undo=Permission.STEP_REVOKE,
        ),
        ListKind(
            "blockers", "堵点",
            {"project": "CY-0001", "type": "P03", "buildings": "1、2", "uses": "住宅", "found_on": "2022-01-20"},
            ("一个堵点一行。类型、发现日期、事由、范围都相同的不重复登记。", "填了堵点编号的，按填的改事由、成因、范围。"),
            check=unknown_in_blockers, deeds=blocker_deeds, known=known_blockers,
            undo=Permission.BLOCKER_UPDATE,
        ),
        ListKind(
            "letters", "承诺函",
            {"project": "CY-0001", "letter": "关于补缴土地出让金的承诺函", "issuer": "某某乡人民政府",
             "recipient": "规自分局", "blockers": "F01-0001", "fault": "开发单位欠缴土地出让金",
             "end_state": "补缴土地出让金", "due_on": "2023-06-30", "proof": "缴款凭证", "verifier": "规自分局"},
            ("一个承诺事项一行，「承诺函」相同的行是同一份函，按行序是第一项、第二项。",
             "只起草、改草稿，不签署；签署、同意仍在承诺函页面办。"),
            check=unknown_in_letters, deeds=letter_deeds,
            known=known_letters, undo=Permission.INSTRUMENT_DRAFT, together="承诺函",
        ),
        ListKind(
            STAGES, "办理",
            {"project": "CY-0001", "building": "9号楼", "entrance": "3", "room": "502", "on": "2022-03-07"},
            ("一户一行，按楼栋、单元、户号对台账；施工、销售、公安、测绘的户名也认。",
             "对不上、与台账矛盾的退回，说明怎么办。"),
            undo=Permission.CORRECTION_PROPOSE,
        ),
    )
}  # fmt: skip


def kind_called(name: str) -> ListKind:
    """Return a kind of list by its name. Raises NotFound."""
    if name not in KINDS:
        raise NotFound("没有这种清单。")
    return KINDS[name]
