"""剔除 is laid before a second person, with what it rests on."""

from collections.abc import Sequence

from projects.leads.models import Ticket
from projects.leads.services.exclusion import EXCLUDE, exclude_ticket
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.kernel.authority import Actor, Permission, Role
from registry.store.clock import SHANGHAI


def _ticket(approval: Approval) -> Ticket:
    ticket: Ticket = Ticket.objects.select_related("holder", "project").get(pk=approval.payload["ticket"])
    return ticket


def _carry_out(*, actor: Actor, approval: Approval) -> Ticket:
    return exclude_ticket.within(
        actor=actor, ticket=_ticket(approval), reason=approval.reason, first=first_of(approval)
    )


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    ticket = _ticket(approval)
    return (
        ("工单", ticket.number),
        ("来电时间", f"{ticket.received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("项目", str(ticket.project or "未匹配")),
        ("现在单位", str(ticket.holder)),
        ("剔除依据", str(approval.payload["basis"])),
        ("剔除以后", "该工单不计入响应率、解决率、满意率，记录保留，可以恢复"),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    ticket = _ticket(approval)
    return (
        ("工单", f"{ticket.number}，{ticket.get_state_display()}"),
        ("轮次", str(ticket.round)),
        ("项目", str(ticket.project or "未匹配")),
        ("回访", str(ticket.call_backs.count())),
    )


def _about(approval: Approval) -> object:
    return approval.payload["ticket"]


KIND = ApprovalKind(
    kind=EXCLUDE,
    label="剔除工单",
    permission=Permission.TICKET_EXCLUDE,
    propose=Permission.TICKET_ANSWER,
    carry_out=_carry_out,
    subject=_ticket,
    lines=_lines,
    rests_on=_state,
    about=_about,
    deciders=(Role.CITY, Role.DISTRICT),
)
