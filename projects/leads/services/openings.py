"""Calls to those who rang, once their building is open: laid on the township's desk, and what came of each."""

from datetime import date

from projects.leads.choices import Matter
from projects.leads.models import OpeningCall, Ticket
from projects.leads.selectors.call_order import CallList, call_list
from projects.leads.selectors.texts import OPENING
from projects.ledger.locks import lock_project
from projects.ledger.models import Project
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import InboxItem, Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.tickets import TicketRefused
from registry.store.acts import Row, current_act, write
from registry.store.crypto import encrypt
from registry.store.locks import lock


@write(Permission.TICKET_ANSWER, on="ticket", once=True)
def note_opening_call(*, actor: Actor, ticket: Ticket, is_reached: bool, text: str) -> OpeningCall:
    """Note that a caller was told that the building is open, or was not reached.

    Refused: the ticket is on no list of an open building; told already; nothing said.
    """
    current = lock(ticket, "project")
    act = current_act()
    if not text.strip():
        raise TicketRefused("未填写告知情况。请写明告知的内容和诉求人的意见。", field="text")
    listed = CallList((), 0) if current.project is None else call_list(actor, current.project, on=act.today)
    caller = next((row for row in listed.callers if row.ticket.pk == current.pk), None)
    if caller is None:
        raise TicketRefused(f"工单{current.number}所在楼栋尚不能办证，不在告知名单内。", code="not_open")
    if caller.is_told:
        raise TicketRefused(f"工单{current.number}的诉求人已告知，不重复登记。", code="told")
    call: OpeningCall = OpeningCall.objects.create(
        ticket=current, called_at=act.recorded_at, is_reached=is_reached, text=encrypt(text.strip(), OPENING),
        organisation_id=actor.organisation_id, act_id=act.id,
    )  # fmt: skip
    if is_reached and len(listed.waiting) == 1 and current.project is not None:  # the last of them
        inbox.settle(source_of(current.project))
    record(
        event="ticket.opening_told",
        subject=current,
        facts={"number": current.number, "result": "已告知" if is_reached else "未接通"},
        rows=[Row.added(call, "ticket_id", "called_at", "is_reached")],
    )
    return call


@write(Permission.TICKET_DISPATCH, on="project")
def lay_opening_list(*, actor: Actor, project: Project) -> int:
    """Lay the call list of a project on the desk of its township, and return how many wait. Refused: nobody waits.

    A rule of each day: what lies there already is told anew with the number of today.
    """
    current = lock_project(project.pk)
    waiting = len(call_list(actor, current, on=current_act().today).waiting)
    if not waiting:
        raise TicketRefused(f"{current}没有待告知的诉求人。", code="nobody_waits")
    towns = Organisation.objects.filter(is_active=True, kind=OrganisationKind.TOWNSHIP, area_code=current.township_code)
    town = (
        towns.order_by("code").first()
        or Organisation.objects.filter(
            is_active=True, kind=OrganisationKind.DISTRICT_TASK_FORCE, area_code=current.district_code
        ).first()
    )
    if town is None:
        said = f"{current.township_name}和{current.district_name}专班都没有登记单位，告知名单无处送达。请先登记单位。"
        raise TicketRefused(said, code="no_township")
    inbox.settle(source_of(current))
    inbox.deliver(
        source=source_of(current), verb="告知", title=f"{current}可以办证的楼栋有{waiting}个诉求待告知",
        link=f"/leads/calls/{current.code}/", organisation=town, project_key=current.pk, project_name=current.name,
        from_label=actor.name, due_on=None,
    )  # fmt: skip
    record(event="openings.laid", subject=current, facts={"project": str(current), "count": waiting})
    return waiting


def source_of(project: Project) -> str:
    """Return the key under which a project's call list lies on a desk."""
    return f"opening:{project.pk}"


def run_openings(*, on: date) -> int:
    """Lay the call list of each project where somebody waits and whose list lies on no desk; return how many."""
    keys = Ticket.objects.filter(matter=Matter.OURS, building__isnull=False).values("project")
    laid = set(
        InboxItem.objects.filter(source__startswith="opening:", done_at__isnull=True).values_list("source", flat=True)
    )
    actor, count = system_actor("楼栋可以办证后告知"), 0
    for project in Project.objects.filter(pk__in=keys, merged_into__isnull=True).order_by("id"):
        if source_of(project) not in laid and call_list(actor, project, on=on).waiting:
            lay_opening_list(actor=actor, project=project)
            count += 1
    return count
