"""An export with people in clear, as an act that needs a second person."""

from collections.abc import Sequence

from documents.exports.services.export_jobs import KEPT_DAYS, PERSONAL, carry_out_personal, counted_for
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.kernel.authority import Permission, Role


def _personal_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    payload = approval.payload
    return (
        ("范围", payload["filters"]),
        ("户数", f"{payload['count']:,}户（提请时）"),
        ("内容", "权利人姓名、证件号码、联系电话（完整信息），和房屋明细"),
        ("去处", f"提请人取走；文件加密保存，{KEPT_DAYS}日后销毁，取走要留痕"),
    )


def _personal_state(approval: Approval) -> Sequence[tuple[str, str]]:
    payload = approval.payload
    return (("范围", payload["filters"]), ("户数", str(counted_for(approval))))


def _personal_about(approval: Approval) -> object:
    return [approval.payload["words"], approval.proposed_by_id]


PERSONAL_KIND = ApprovalKind(
    kind=PERSONAL,
    label="导出个人信息",
    permission=Permission.IDENTITY_EXPORT,
    propose=Permission.IDENTITY_EXPORT,
    carry_out=carry_out_personal,
    lines=_personal_lines,
    rests_on=_personal_state,
    about=_personal_about,
    deciders=(Role.CITY, Role.DISTRICT),
)
