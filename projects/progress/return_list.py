"""The list of what the registration centre gave back: each row by the same service as the page of the home."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from projects.ledger.models import Project, Unit
from projects.progress.lists import STAGE_COLUMNS, homes_meant, listed_buildings, stage_example
from projects.progress.models import ReturnKind, Submission
from projects.progress.services.submissions import WITH_PAPER, return_units, standing_of, take_back_submission
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import ChangedRow, ListRow, RowOutcome, RowPlan
from registry.store.clock import database_now, shanghai_day

RETURNS: Final = "returns"
PAPER: Final = "告知书编号"
RETURN_COLUMNS: Final = ColumnSet(
    (
        *(column for column in STAGE_COLUMNS if column.name != "on"),
        Column("kind", "退回方式", width=14, required=True, synonyms=("退件类型", "处理结果"),
               choices=tuple(Choice(one.value, str(one.label)) for one in ReturnKind)),
        Column("lacks", "退回原因", width=40, required=True, synonyms=("补正内容", "所缺材料", "退件原因"),
               note="一次写明所缺的全部材料"),
        Column("paper_no", PAPER, kind="code", width=24, synonyms=("补正告知书编号", "文书编号"),
               note="补正、不予受理必填"),
        Column("on", "退回日期", kind="date", width=12, synonyms=("日期", "补正日期", "退件日期"), note="不填按上传当日"),
    )
)  # fmt: skip


def plan_return_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Give back the papers of each home that a row means; what stands so already is left. Five queries."""
    meant, wrong = homes_meant(project, lines, RETURN_COLUMNS)
    now = standing_of([unit.id for _, unit, _ in meant])
    plans = [RowPlan(one.rows, one.label, refusal=one.faults[0].message, header=one.faults[0].header) for one in wrong]
    return plans + [_return_plan(project, row, unit, label, now.get(unit.id)) for row, unit, label in meant]


def _return_plan(project: Project, row: ListRow, unit: Unit, label: str, stands: Submission | None) -> RowPlan:
    texts, kind = row.texts, ReturnKind(row.texts["kind"])
    on = date.fromisoformat(texts["on"]) if texts["on"] else shanghai_day(database_now())
    if stands is not None and stands.returned_on is not None and unit.certificate == "collected":
        if (stands.returned_on, stands.kind) == (on, kind.value):
            return RowPlan((row.row,), label, said=f"台账已登记{on}退回，不再记")
        return RowPlan(
            (row.row,),
            label,
            refusal=f"台账已登记{stands.returned_on}退回，之后没有重新送件。请核对。",
            header="退回日期",
        )
    if kind in WITH_PAPER and not texts["paper_no"]:
        return RowPlan((row.row,), label, refusal=f"{kind.label}须填写登记机构出具的告知书编号。", header=PAPER)

    def do(actor: Actor) -> RowOutcome:
        return_units(
            actor=actor, project=project, unit_ids=[unit.id], on=on, kind=kind, lacks=texts["lacks"],
            paper_no=texts["paper_no"],
        )  # fmt: skip
        key = Submission.objects.get(unit=unit, ended_act_id__isnull=True).pk
        return RowOutcome(f"{on}退回（{kind.label}）", (ChangedRow(key),))

    return RowPlan((row.row,), label, do)


def take_back_return(actor: Actor, key: int, before: Before, reason: str) -> None:
    """Take back the return that a row noted."""
    submission = Submission.objects.select_related("unit__building__project").get(pk=key)
    take_back_submission(actor=actor, submission=submission, reason=reason)


RETURN_LIST: Final = ListKind(
    RETURNS,
    "退回补正",
    columns=RETURN_COLUMNS,
    limits={"building": 40, "entrance": 10, "room": 20, "unit_code": 60, "lacks": 300, "paper_no": 80},
    example={
        "project": "CY-0001", "building": "9号楼", "entrance": "3", "room": "502", "kind": "补正",
        "lacks": "共有人身份证明复印件", "paper_no": "补正告知〔2022〕15号", "on": "2022-03-07",
    },
    rules=(
        "一户一行，按楼栋、单元、户号对台账；只登记已收材料、尚未受理的户。",
        "补正、不予受理填写登记机构出具的告知书编号；退回后户的阶段不变，补齐后重新送件。",
    ),
    unit="户",
    sent_by=Permission.UNIT_ADVANCE,
    undone_by=Permission.UNIT_ADVANCE,
    plan=plan_return_rows,
    take_back=take_back_return,
    table="progress_submission",
    example_in=stage_example,
    listed=listed_buildings,
)  # fmt: skip
