"""The list of steps: rows of one document are recorded once, by the same service as the form."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from projects.gates.models import BasisDocument, GateStep
from projects.gates.services import record_steps, revoke_document
from projects.gates.services.readiness import counted_once
from projects.ledger.models import Building, Move, Project
from registry.kernel.addresses import join_numbers
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.names import building_number
from registry.kernel.numerals import whole_number
from registry.kernel.stages import Part
from registry.lists.columns import PROJECT
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    KNOWN,
    ChangedRow,
    Check,
    Claim,
    Fault,
    Known,
    ListRow,
    RowOutcome,
    RowPlan,
    split_list,
)
from registry.store.clock import database_now, shanghai_day

EVERY: Final = "全部"  # of buildings, parts, uses; a blank of what stands already leaves it as it is
FORMER: Final = {
    "passed": ("已过", "通过"),
    "by_commitment": ("凭承诺过",),
    "by_opinion": ("凭意见过",),
}  # words of older lists
STATUSES: Final = tuple(Choice(one.value, one.label, FORMER.get(one.value, ())) for one in StepStatus)
PARTS: Final = (*(Choice(one.value, one.label) for one in Part), Choice("all", EVERY, ("整栋", "不分")))

PARTLY: Final = "台账已有，记的是其中{count}栋，不再记；要补记全部楼栋的，楼栋填“全部”"
STEP_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("gate", "环节", width=16, required=True, note="同一文件办多个环节的，一个环节一行",
               choices=tuple(Choice(one.value, one.label) for one in Gate.building_gates())),
        Column("status", "结论", width=10, required=True, choices=STATUSES),
        Column("buildings", "楼栋", width=22, note="如 1-12、15；不填是全部楼栋，已登记的文件不填是不改", synonyms=("涉及楼栋", "楼号")),
        Column("part", "部分", width=12, note="不填是全部，已登记的不填是不改", choices=PARTS),
        Column("document_no", "文号", kind="code", width=26, required=True, note="同一文号的行记为一份文件"),
        Column("title", "文件名称", width=26),
        Column("organ", "发文机关", width=22, required=True, synonyms=("机关", "发文单位")),
        Column("issued_on", "发文日期", kind="date", width=12, required=True, synonyms=("文件日期",)),
        Column("effective_on", "办理日期", kind="date", width=12, note="不填按发文日期", synonyms=("生效日期",)),
    )
)  # fmt: skip


def plan_step_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Record each document once: rows of one number, gate, conclusion, part and day are one. Two queries."""
    buildings = {one.number: one for one in Building.objects.filter(project=project)}
    known, papers = step_keys(project), documents_of(project)
    grouped: dict[tuple[str, ...], list[ListRow]] = defaultdict(list)
    for line in lines:
        texts = line.texts
        words = ("document_no", "gate", "status", "part", "issued_on", "effective_on", "organ", "title")
        grouped[tuple(texts[name] for name in words)].append(line)
    return [_step_plan(project, same, buildings, known, papers) for same in grouped.values()]


def _step_plan(
    project: Project, lines: Sequence[ListRow], buildings: Mapping[str, Building], known: set[tuple[Any, ...]],
    papers: Mapping[tuple[str, str], tuple[str, date]],
) -> RowPlan:  # fmt: skip
    texts, rows = lines[0].texts, tuple(line.row for line in lines)
    gate, status = Gate(texts["gate"]), StepStatus(texts["status"])
    label = f"{texts['document_no']} {gate.label}"
    numbers = list(dict.fromkeys(n for line in lines for n in named_buildings(line.texts["buildings"])))
    issued_on = date.fromisoformat(texts["issued_on"])
    stated_on = _day(texts["effective_on"])
    stands = {
        step for step in known
        if step[:3] == (texts["document_no"], gate.value, status.value)
        and (stated_on is None or step[3] == stated_on)
        and (not texts["part"] or step[4] == _part(texts["part"]))
    }  # fmt: skip
    is_blank = any(not line.texts["buildings"] for line in lines)
    is_whole = any(is_every(line.texts["buildings"]) for line in lines) or (is_blank and not stands)
    effective_on, part = stated_on or issued_on, _part(texts["part"])
    wanted = list(buildings.values()) if is_whole else [buildings[number] for number in numbers]
    held = {step[5] for step in stands}
    left = [building for building in wanted if building.id not in held and None not in held]
    if stands and not left:
        title, known_on = papers.get((texts["document_no"], texts["organ"]), ("", None))
        if known_on != issued_on or (texts["title"] and texts["title"] != title):
            said = f"{texts['document_no']}已登记，发文机关、发文日期或文件名称与台账不同。登记有误的，请先撤销本文件后重新登记。"
            return RowPlan(rows, label, refusal=said, header="文号")
        is_part = is_blank and None not in held and len(held) < len(buildings)
        return RowPlan(rows, label, said=PARTLY.format(count=len(held)) if is_part else KNOWN)

    def do(actor: Actor) -> RowOutcome:
        done = record_steps(
            actor=actor, project=project, gate=gate, status=status,
            buildings=[] if is_whole and not part and len(left) == len(wanted) else left,
            part=Part(part) if part else None, document_no=texts["document_no"],
            organ=texts["organ"], issued_on=issued_on, effective_on=effective_on, title=texts["title"],
        )  # fmt: skip
        out = done.left_out
        named = "、".join(one.label for one in out[:5]) + ("等" if len(out) > len(out[:5]) else "")
        said = f"{len(left)}栋{done.passing}户{status.label}" + (f"，留下{len(out)}户：{named}" if out else "")
        return RowOutcome(said, (ChangedRow(done.document_id),))

    return RowPlan(rows, label, do)


def _part(text: str) -> str:
    return "" if text == "all" else text


def is_every(text: str) -> bool:
    """Tell whether a cell says all of them: 全部."""
    return text.strip("（）()") in (EVERY, "全部楼栋", "所有楼栋")


def named_buildings(text: str) -> list[str]:
    """The buildings that a cell names; none if it is blank or says all of them."""
    return [] if is_every(text) else numbers_in(text)


def step_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return a building that the project has; all of them if it has none yet. One query."""
    building = Building.objects.filter(project=project).order_by("number_order", "id").first()
    return {"buildings": building.number if building else "", "part": EVERY}


def step_claims(project: Project) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row what its document is, and what it says of each building at a gate."""

    def claims(line: ListRow) -> list[Claim]:
        texts = line.texts
        number, gate = texts["document_no"], texts["gate"]
        if not number:
            return []
        of_paper, at_gate = (
            {STEP_COLUMNS.by_name(name).header: texts[name] for name in names}
            for names in (("organ", "issued_on", "title"), ("status", "effective_on"))
        )
        paper = Claim((number,), of_paper, "文号", "是同一份文件", is_alone=False)
        at = [
            Claim((number, gate, texts["part"], building), at_gate, "环节", "是同一份文件、环节、楼栋", is_alone=False)
            for building in named_buildings(texts["buildings"]) or [""]
        ]
        return [paper, *at]

    return claims


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def numbers_in(text: str) -> list[str]:
    """Numbers of buildings in a cell, ranges written out: 1-3、5号楼."""
    found: list[str] = []
    for part in split_list(text):
        first, dash, last = part.replace("号楼", "").replace("—", "-").replace("至", "-").partition("-")
        start, end = whole_number(first), whole_number(last)
        is_range = dash and start is not None and end is not None and 0 <= end - start < 200
        found += map(str, range(start or 0, (end or 0) + 1)) if is_range else [building_number(part)]
    return found


def step_keys(project: Project) -> set[tuple[Any, ...]]:
    """Return what stands recorded: number, gate, conclusion, day, part, building (None: all). One query."""
    rows = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    return set(rows.values_list("document__number", "gate", "status", "effective_on", "part", "building"))


def documents_of(project: Project) -> dict[tuple[str, str], tuple[str, date]]:
    """Return title and day of the documents whose steps stand, by number and organ. One query."""
    standing = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    rows = standing.values_list("document__number", "document__organ", "document__title", "document__issued_on")
    return {(number, organ): (title, issued_on) for number, organ, title, issued_on in rows}


def unknown_in_steps(project: Project) -> Check:
    """Say which buildings a row names that are not there. One query."""
    known = set(Building.objects.filter(project=project).values_list("number", flat=True))
    return lambda line: unknown_buildings(line, known, "楼栋")


def unknown_buildings(line: ListRow, known: Collection[str], header: str) -> list[Fault]:
    unknown = [number for number in named_buildings(line.texts["buildings"]) if number not in known]
    said = f"项目里没有{join_numbers(unknown)}。请核对楼号，或先导入清册、楼栋清单。"
    return [Fault("NOT_FOUND", said, header)] if unknown else []


def known_steps(project: Project) -> list[Known]:
    """Return the standing steps of a project, a row each building of a document. One query."""
    rows = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    return [
        {
            "project": project.code,
            "gate": Gate(one.gate).label,
            "status": StepStatus(one.status).label,
            "buildings": one.building.number if one.building is not None else EVERY,
            "part": Part(one.part).label if one.part else EVERY,
            "document_no": one.document.number,
            "title": one.document.title,
            "organ": one.document.organ,
            "issued_on": one.document.issued_on,
            "effective_on": one.effective_on,
        }
        for one in rows.select_related("document", "building").order_by("document_id", "building__number_order", "id")
    ]


def _take_back(actor: Actor, key: int, before: Before, reason: str) -> None:
    document = BasisDocument.objects.get(pk=key)
    stood_from = GateStep.objects.filter(document=document).values_list("effective_on", flat=True).first()
    accepted = Move.objects.filter(
        unit__building__project=document.project_id, to_stage="accepted", reversed_by__isnull=True,
        act_id__gt=document.act_id,
    )  # fmt: skip
    if accepted.exists():
        raise DomainError("记了这份文件之后，项目里已有户受理，不能撤销。确需撤销的，请在依据文件页面办理。")
    revoke_document(
        actor=actor, document=document, revoked_on=stood_from or shanghai_day(database_now()), reason=reason
    )


STEP_LIST: Final = ListKind(
    "steps",
    "环节",
    columns=STEP_COLUMNS,
    limits={"document_no": 80, "title": 120, "organ": 80},
    example={
        "project": "CY-0001", "gate": "供地", "status": "已办结", "buildings": "1-12", "part": "住宅",
        "document_no": "×规自核〔2022〕12号", "organ": "规自分局", "issued_on": "2022-03-01",
    },
    rules=("文号、环节、结论、部分、日期都相同的行记为一次。", "不符合办结条件的户由系统列出，并说明所受限制的堵点。"),
    sent_by=Permission.STEP_RECORD,
    undone_by=Permission.STEP_REVOKE,
    claims=step_claims,
    during=partial(counted_once, keeps_blockers=True),
    example_in=step_example,
    check=unknown_in_steps,
    plan=plan_step_rows,
    known=known_steps,
    take_back=_take_back,
    table="gates_basisdocument",
)  # fmt: skip
