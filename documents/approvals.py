"""Changes of reference tables, and undoing an import, as acts that need a second person."""

from collections.abc import Sequence

from documents.intake.list_columns import UNITS
from documents.services.list_kinds import STAGES
from documents.services.list_undo import UNDO, UNDO_STAGES, list_undo_plan, made_and_touched
from documents.services.reference import KIND as REFERENCE
from documents.services.reference import POLICIES, TABLES, carry_out, lines_of
from documents.services.takeouts import KEPT_DAYS, PERSONAL, carry_out_personal, counted_for
from documents.services.undo import carry_out_undo, carry_out_undo_stages, session_of, undo_plan
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Permission, Role, system_actor


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    table = TABLES[approval.payload["table"]]
    return (
        ("表", table.label),
        ("来源", approval.payload["source"]),
        *(line.said() for line in lines_of(approval)),
    )


def _undo_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = [("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"])]
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = undo_plan(session)
    kept = [(f"保留 {one.label}", one.why) for one in plan.kept[:20]]
    counts = f"退出台账{len(plan.retired)}户，恢复原样{len(plan.restored)}户，保留{len(plan.kept)}户"
    return (*lines, ("撤销后", counts), *kept)


def _undo_stages_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = (("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"]))
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = list_undo_plan(actor=system_actor("撤销试算"), session=session)
    kept = [(f"保留 {one.label}", one.why) for one in plan.kept[:20]]
    return (*lines, ("撤销后", f"退回{plan.restored}户，保留{len(plan.kept)}户"), *kept)


def _personal_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    payload = approval.payload
    return (
        ("范围", payload["filters"]),
        ("户数", f"{payload['count']:,}户（提请时）"),
        ("内容", "权利人姓名、证件号码、联系电话原文，和房屋明细"),
        ("去处", f"提请人取走；文件加密保存，{KEPT_DAYS}天后销毁，取走要留痕"),
    )


def _reference_state(approval: Approval) -> Sequence[tuple[str, str]]:
    """Each line as the table has it now."""
    table = TABLES[approval.payload["table"]]
    found = []
    for line in lines_of(approval):
        kept = list(table.kept(line.values))
        found.append((line.key, f"已有（核对码{check_mark(kept)}）" if kept else "没有"))
    return found


def _reference_about(approval: Approval) -> object:
    return [approval.payload["table"], sorted(line.key for line in lines_of(approval))]


def _undo_state(approval: Approval) -> Sequence[tuple[str, str]]:
    """The import and what later acts touched of it: a unit list by its units, another by the rows that it made."""
    session = session_of(approval)
    state = ("导入", f"{session.file_name}，{session.get_state_display()}")
    if session.state != "committed":
        return (state,)
    taken: Sequence[object]
    kept: Sequence[object]
    if session.kind == UNITS:
        plan = undo_plan(session)
        taken, kept = [*plan.retired, *plan.restored], [one.label for one in plan.kept]
    elif session.kind == STAGES:
        stages = list_undo_plan(actor=system_actor("撤销试算"), session=session)
        taken, kept = [stages.restored], [one.label for one in stages.kept]
    else:
        taken, kept = made_and_touched(session)
    return (
        state,
        ("要撤销的", f"{len(taken)}项（核对码{check_mark(taken)}）"),
        ("之后有改动、保留的", f"{len(kept)}项（核对码{check_mark(kept)}）"),
    )


def _session_about(approval: Approval) -> object:
    return approval.payload["session"]


def _personal_state(approval: Approval) -> Sequence[tuple[str, str]]:
    payload = approval.payload
    return (("范围", payload["filters"]), ("户数", str(counted_for(approval))))


def _personal_about(approval: Approval) -> object:
    return [approval.payload["words"], approval.proposed_by_id]


PERSONAL_KIND = ApprovalKind(
    kind=PERSONAL,
    label="导出个人信息",
    permission=Permission.IDENTITY_REVEAL,
    propose=Permission.IDENTITY_REVEAL,
    carry_out=carry_out_personal,
    lines=_personal_lines,
    rests_on=_personal_state,
    about=_personal_about,
    deciders=(Role.CITY, Role.DISTRICT),
)
UNDO_KIND = ApprovalKind(
    kind=UNDO,
    label="撤销导入",
    permission=Permission.IMPORT_ACCEPT,
    propose=Permission.IMPORT_ACCEPT,
    carry_out=carry_out_undo,
    subject=session_of,
    lines=_undo_lines,
    rests_on=_undo_state,
    about=_session_about,
)
UNDO_STAGES_KIND = ApprovalKind(
    kind=UNDO_STAGES,
    label="撤销按清单办理",
    permission=Permission.CORRECTION_APPROVE,
    propose=Permission.CORRECTION_PROPOSE,
    carry_out=carry_out_undo_stages,
    subject=session_of,
    lines=_undo_stages_lines,
    rests_on=_undo_state,
    about=_session_about,
)
KIND = ApprovalKind(
    kind=REFERENCE,
    label="改定基础数据",
    permission=Permission.PARAMETER_APPROVE,
    propose=Permission.PARAMETER_PROPOSE,
    carry_out=carry_out,
    lines=_lines,
    rests_on=_reference_state,
    about=_reference_about,
)
POLICY_KIND = ApprovalKind(
    kind=POLICIES,
    label="改定政策草稿",
    permission=Permission.PARAMETER_APPROVE,
    propose=Permission.POLICY_DRAFT,
    carry_out=carry_out,
    lines=_lines,
    rests_on=_reference_state,
    about=_reference_about,
)
