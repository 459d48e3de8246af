"""Changes of reference tables, as acts that need a second person."""

from collections.abc import Sequence

from documents.reference.services import KIND as REFERENCE
from documents.reference.services import POLICIES, TABLES, carry_out, lines_of, require_as_compared
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Permission


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    table = TABLES[approval.payload["table"]]
    return (
        ("表", table.label),
        ("来源", approval.payload["source"]),
        *(line.changes_in_words() for line in lines_of(approval)),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    """Each line as the table has it now."""
    table = TABLES[approval.payload["table"]]
    state = []
    for line in lines_of(approval):
        kept = list(table.kept(line.values))
        state.append((line.key, f"已有（核对码{check_mark(kept)}）" if kept else "没有"))
    return state


def _about(approval: Approval) -> object:
    return [approval.payload["table"], sorted(line.key for line in lines_of(approval))]


KIND = ApprovalKind(
    kind=REFERENCE,
    label="改定基础数据",
    permission=Permission.PARAMETER_APPROVE,
    propose=Permission.PARAMETER_PROPOSE,
    carry_out=carry_out,
    lines=_lines,
    rests_on=_state,
    about=_about,
    stands=require_as_compared,
)
POLICY_KIND = ApprovalKind(
    kind=POLICIES,
    label="改定政策草稿",
    permission=Permission.PARAMETER_APPROVE,
    propose=Permission.POLICY_DRAFT,
    carry_out=carry_out,
    lines=_lines,
    rests_on=_state,
    about=_about,
    stands=require_as_compared,
)
