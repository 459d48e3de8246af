"""Succession: who works on from a day on when a developer is gone; its accounts are cut, its promises re-addressed."""

from datetime import date
from typing import Final

from commitments.choices import KEPT, InstrumentState
from commitments.models import Letter, Obligation, ObligationEvent, Succession, SuccessorKind
from commitments.selectors.succession import successors_for
from commitments.services.powers import InstrumentRefused
from projects.casework.services.succession import hand_on_work
from projects.ledger.locks import lock_project
from projects.ledger.models import Developer, Project
from projects.ledger.services.projects import write_version
from projects.office.services.succession import draft_succession_manifest
from registry.accounts.choices import ApprovalStatus, OrganisationKind
from registry.accounts.models import Approval, Assignment, Organisation
from registry.accounts.services.approvals import end_proposals
from registry.accounts.services.assignments import ASSIGNMENT
from registry.accounts.services.inbox import readdress
from registry.accounts.services.people import end_sessions, lock_person
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock, lock_rows

ENDED: Final = (
    InstrumentState.CLOSED, InstrumentState.REVOKED, InstrumentState.SUPERSEDED, InstrumentState.WITHDRAWN,
)  # fmt: skip
SUCCESSORS: Final = {
    SuccessorKind.LIQUIDATOR: (OrganisationKind.DEVELOPER,),
    SuccessorKind.STATE_COMPANY: (OrganisationKind.DEVELOPER,),
    SuccessorKind.AGENCY: (OrganisationKind.DEVELOPER, OrganisationKind.GOVERNMENT),
    SuccessorKind.STREET: (OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT),
}


@write(Permission.PARTICIPATION_SET, on="project", once=True)
def name_successor(
    *,
    actor: Actor,
    project: Project,
    former: Organisation,
    successor: Organisation,
    kind: SuccessorKind,
    decision: str,
    effective_on: FactDay,
) -> Succession:
    """Put an organisation in the place of one that is gone, in one project, from a day on.

    The former's accounts for this project end with this act, and their sessions at once; what it promised and has not
    kept is performed by the successor, what waited for it waits for the successor, and what it holds of papers and
    certificates is listed for a hand-over. What was done keeps the former name. New staff get their roles by the usual
    two persons; what waits to give the former's a role here is taken back. Refused: no decision that it rests on; the
    same organisation; one that cannot succeed so or is of another district; a former that has no part in the project,
    or is succeeded already.
    """
    if not decision.strip():
        raise InstrumentRefused("未填写依据。请写明裁定、指定文件或会议纪要的文号。", field="decision")
    if former.pk == successor.pk:
        raise InstrumentRefused("承接单位就是原单位。请另选承接单位。", field="successor")
    if successor.kind not in SUCCESSORS[kind]:
        kinds = "、".join(OrganisationKind(each).label for each in SUCCESSORS[kind])
        raise InstrumentRefused(f"“{kind.label}”的承接单位应为{kinds}。请另选单位或类型。", field="successor")
    if not successors_for(project).filter(pk=successor.pk).exists():
        raise InstrumentRefused(f"{successor}已停用，或不在本项目所在的区，不能承接。请另选单位。", field="successor")
    current = lock_project(project.pk)
    if Succession.objects.filter(project=current, former=former).exists():
        raise InstrumentRefused(f"{former}在本项目已由他方承接，不能再次登记。", field="former")
    act = current_act()
    old = current.developer
    held = lock_rows(Assignment.objects.filter(organisation=former, project_key=current.pk).order_by("pk"))
    if not held and (old is None or old.organisation_id != former.pk):
        raise InstrumentRefused(f"{former}不是本项目的开发建设单位，也没有本项目的人员。请核对。", field="former")
    rows, cut = _cut_accounts(held)
    _withdraw_grants(actor, current, former)
    developer, more = _developer_of(successor)
    rows += more
    if old is not None and old.pk != developer.pk and _is_of(old, former, held):
        rows += _follow_firm(old, developer, effective_on)
        before = {"developer_id": current.developer_id}
        current.developer = developer
        current.save(update_fields=["developer"])
        write_version(current, effective_on, "developer_id")
        rows.append(Row.changed(current, before))
    promises, more = _readdress_promises(current, old, developer, former, effective_on)
    rows += more
    readdress(former, successor, project_key=current.pk)
    hand_on_work(
        actor=actor, project=current, former=former, successor=successor, on=act.today, reason=decision.strip()
    )
    succession: Succession = Succession.objects.create(
        project=current, kind=kind, former=former, former_name=former.name, successor=successor,
        successor_name=successor.name, developer=developer, basis=decision.strip(), effective_on=effective_on, cut=cut,
        promises=promises, recorded_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    manifest = draft_succession_manifest(actor=actor, project=current, former=former, successor=successor)
    record(
        event="project.succeeded",
        subject=succession,
        chain=current.pk,
        facts={
            "former": former.name, "name": successor.name, "kind": kind.label, "on": effective_on, "cut": cut,
            "promises": promises, "manifest": f"，材料移交清单{manifest.number}" if manifest else "",
        },
        reason=decision.strip(),
        rows=[*rows, Row.added(succession, "kind", "former_name", "successor_name", "effective_on")],
    )  # fmt: skip
    return succession


def _cut_accounts(held: list[Assignment]) -> tuple[list[Row], int]:
    """End the roles of the former's staff today, and their sessions at once."""
    today, rows, people = current_act().today, [], set()
    for assignment in held:
        if assignment.ends is not None and assignment.ends <= today:
            continue
        before = {"ends": assignment.ends}
        assignment.ends = max(today, assignment.starts)
        assignment.save(update_fields=["ends"])
        rows.append(Row.changed(assignment, before))
        people.add(assignment.person_id)
    rows += [end_sessions(lock_person(key)) for key in sorted(people)]
    return rows, len(people)


def _withdraw_grants(actor: Actor, project: Project, former: Organisation) -> None:
    """Take back what still waits to give somebody a role of the former in this project."""
    waiting = Approval.objects.filter(kind=ASSIGNMENT.kind, status=ApprovalStatus.WAITING).order_by("pk")
    for approval in waiting:
        asked = (approval.payload["organisation"], approval.payload["project_key"])
        if asked == (former.pk, project.pk) and ASSIGNMENT.about is not None:
            why = f"{former}在{project}由他方承接"
            end_proposals(actor=actor, kinds=(ASSIGNMENT.kind,), about=ASSIGNMENT.about(approval), why=why)


def _developer_of(successor: Organisation) -> tuple[Developer, list[Row]]:
    known = Developer.objects.filter(organisation=successor).order_by("pk").first()
    if known is not None:
        return known, []
    developer: Developer = Developer.objects.create(name=successor.name, organisation=successor)
    return developer, [Row.added(developer, "name")]


def _is_of(developer: Developer, former: Organisation, held: list[Assignment]) -> bool:
    return developer.organisation_id == former.pk or (developer.organisation_id is None and bool(held))


def _follow_firm(old: Developer, new: Developer, on: date) -> list[Row]:
    """Name the firm that follows a firm, if none is named."""
    firm = lock(old)
    if firm.successor_id is not None:
        return []
    before = {"successor_id": None, "succeeded_on": None}
    firm.successor, firm.succeeded_on = new, on
    firm.save(update_fields=["successor", "succeeded_on"])
    return [Row.changed(firm, before)]


def _readdress_promises(
    project: Project, old: Developer | None, new: Developer, former: Organisation, on: date
) -> tuple[int, list[Row]]:
    """Let the successor perform what the former had to and has not kept; each promise says so in its history."""
    act, rows, count = current_act(), [], 0
    letters = Letter.objects.filter(instrument__project=project).exclude(instrument__state__in=ENDED)
    named = {firm.pk for firm in (old,) if firm is not None} | set(
        Developer.objects.filter(organisation=former).values_list("pk", flat=True)
    )
    for letter in lock_rows(letters.order_by("pk")):
        if letter.performer_id is not None and letter.performer_id not in named:
            continue
        before = {"performer_id": letter.performer_id}
        letter.performer = new
        letter.save(update_fields=["performer"])
        rows += Row.if_changed(letter, before)
        open_promises = Obligation.objects.filter(letter=letter).exclude(state__in=KEPT)
        events = [
            ObligationEvent(
                obligation=promise, kind="succeeded", happened_on=on, recorded_at=act.recorded_at, act_id=act.id,
                text=f"整改主体由{former.name}变更为{new.name}",
            )
            for promise in open_promises
        ]  # fmt: skip
        ObligationEvent.objects.bulk_create(events)
        count += len(events)
    return count, rows
