"""Assignments: proposed by one, granted by another, ended on a day. Rights hang on them alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import models

from registry.accounts.choices import SEATS, SEPARATED
from registry.accounts.models import Approval, Assignment, Organisation, Person
from registry.accounts.services.approvals import ApprovalKind, propose
from registry.accounts.services.people import IssuedPassword, end_sessions, issue_password, lock_person
from registry.accounts.services.seen import check_mark
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import Refused
from registry.store.acts import Row, current_act, require_reach, within_act, write
from registry.store.locks import lock
from registry.store.root import district_of, project_by_key_unscoped
from registry.store.scoping import is_visible


@dataclass(frozen=True)
class ProposedRole:
    """A role at an organisation, for a project or not, from a day until another."""

    organisation: Organisation
    role: Role
    project_key: int | None
    starts: date
    ends: date | None

    def to_data(self) -> dict[str, Any]:
        """The role as a proposal keeps it."""
        return {
            "organisation": self.organisation.pk, "role": self.role.value, "project_key": self.project_key,
            "starts": self.starts, "ends": self.ends,
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "ProposedRole":
        """The role of a proposal, read back. One query."""
        return cls(
            Organisation.objects.get(pk=data["organisation"]),
            Role(data["role"]),
            data["project_key"],
            date.fromisoformat(data["starts"]),
            date.fromisoformat(data["ends"]) if data["ends"] else None,
        )


@write(Permission.ACCOUNT_MANAGE, on="organisation", once=True)
def propose_assignment(
    *,
    actor: Actor,
    person: Person,
    organisation: Organisation,
    role: Role,
    starts: date,
    ends: date | None = None,
    project_key: int | None = None,
    reason: str = "",
) -> Approval:
    """Ask a second person to give somebody a role, provided the organisation offers that seat.

    A developer's seat is on a project, and the project's district decides; any other, the organisation's area.
    """
    require_reach(actor, person)
    seat = ProposedRole(organisation, role, project_key, starts, ends)
    require_seat(seat)
    require_grantable(person, seat, current_act().today)
    project = project_in_reach(actor, project_key)

    place = f"{organisation}（{project}）" if project is not None else str(organisation)
    approval: Approval = propose.within(
        actor=actor,
        kind=ASSIGNMENT.kind,
        title=f"授权{person.name}：{place}，{role.label}，自{starts:%Y-%m-%d}起",
        payload={"person": person.pk, **seat.to_data()},
        reason=reason.strip(),
        area_code=district_of(project) if project is not None else organisation.area_code,
    )
    return approval


@within_act
def grant_assignment(*, actor: Actor, approval: Approval) -> IssuedPassword:
    """Carry out an approved assignment; a first role brings a first password. Runs inside `approve`."""
    person = lock_person(approval.payload["person"])
    seat = ProposedRole.from_data(approval.payload)
    assignment = seat_person(actor, person, seat, approval.proposed_by_id)
    secret = "" if person.has_usable_password() else issue_password(person)

    record(
        event="assignment.granted",
        subject=assignment,
        facts={
            "person": person.name,
            "organisation": str(seat.organisation),
            "role": seat.role.label,
            "starts": seat.starts,
        },
        rows=[Row.added(assignment, "person_id", "organisation_id", "role", "project_key", "starts", "ends")],
    )
    return IssuedPassword(person, secret)


@within_act
def seat_person(actor: Actor, person: Person, seat: ProposedRole, proposed_by: int | None) -> Assignment:
    """Give a locked person a role that was proposed, if it still may have it. Inside the act that agrees."""
    if person.pk == actor.person_id:
        raise Refused("不得复核授予本人的职责。请由另一名有权限的人员复核。", code="second_person")
    require_seat(seat)
    require_grantable(person, seat, current_act().today)
    assignment: Assignment = Assignment.objects.create(
        person=person,
        organisation=seat.organisation,
        role=seat.role.value,
        project_key=seat.project_key,
        starts=seat.starts,
        ends=seat.ends,
        proposed_by_id=proposed_by,
        granted_by_id=actor.person_id,
    )
    return assignment


@write(Permission.ACCOUNT_MANAGE, on="assignment")
def end_assignment(*, actor: Actor, assignment: Assignment, ends: date, reason: str = "") -> Assignment:
    """End a role on a day, which is no longer in it; if that is today, the person's sessions end at once."""
    locked = lock(assignment, "person")
    today = current_act().today
    if ends < today:
        raise Refused("结束日期不得早于今日。已办理的事项不追溯取消，请填写今日或以后的日期。", field="ends")
    if locked.ends is not None and locked.ends <= ends:
        raise Refused(f"该职责已于{locked.ends:%Y-%m-%d}结束，不能延后。需要延长的，请重新提请授权。", field="ends")

    before = {"ends": locked.ends}
    locked.ends = max(ends, locked.starts)
    locked.save(update_fields=["ends"])
    rows = [Row.changed(locked, before)]
    if locked.ends <= today:
        rows.append(end_sessions(lock_person(locked.person_id)))

    record(
        event="assignment.ended",
        subject=locked,
        facts={"person": locked.person.name, "role": Role(locked.role).label, "ends": locked.ends},
        reason=reason.strip(),
        rows=rows,
    )
    return locked


def require_seat(seat: ProposedRole) -> None:
    """Refuse a role that the organisation does not offer, or that is not on a project as it should be."""
    offered, label = SEATS[seat.role], seat.role.label
    if not seat.organisation.is_active:
        raise Refused(f"{seat.organisation}已停用，不能授权。请选择在用的单位。", field="organisation")
    if not offered.fits(seat.organisation.kind, seat.organisation.area_code):
        raise Refused(f"{seat.organisation}不设“{label}”。请改选角色，或改选单位。", field="role")
    if offered.needs_project and seat.project_key is None:
        raise Refused(f"“{label}”只看指定的项目。请填写项目。", field="project_key")
    if not offered.needs_project and seat.project_key is not None:
        raise Refused(f"“{label}”不按项目授权。请去掉项目。", field="project_key")


def project_in_reach(actor: Actor, project_key: int | None) -> models.Model | None:
    """Account keepers of the city name any project by its key; a district names its own only."""
    if project_key is None:
        return None
    project = project_by_key_unscoped(project_key)
    if project is None or (actor.role == Role.DISTRICT and not is_visible(project, actor)):
        raise Refused("未找到这个项目。请核对项目编号。", field="project_key", code="unknown_project")
    return project


def require_grantable(person: Person, seat: ProposedRole, today: date) -> None:
    """Refuse a role that can't begin, that the person has already, or that must not stand beside one it has."""
    if not person.is_active:
        raise Refused(f"{person.name}的账号已停用，不能授权。", field="person")
    if seat.starts < today:
        raise Refused("开始日期不得早于今日。请填写今日或以后的日期。", field="starts")
    if seat.ends is not None and seat.ends <= seat.starts:
        raise Refused("结束日期须晚于开始日期；结束日当天不再有权限。", field="ends")
    for held in person.assignments.not_over(today):
        if held.ends is not None and held.ends <= seat.starts:
            continue
        if (held.role, held.organisation_id, held.project_key) == (
            seat.role,
            seat.organisation.pk,
            seat.project_key,
        ):
            raise Refused(f"{person.name}已有这项职责，自{held.starts:%Y-%m-%d}起。", code="already_granted")
        if frozenset({Role(held.role), seat.role}) in SEPARATED:
            raise Refused(f"{Role(held.role).label}与{seat.role.label}不能由同一人担任。请另选人员。", field="role")


def assignment_lines(approval: Approval) -> list[tuple[str, str]]:
    """Return what the second person must read before agreeing. Three queries."""
    seat = ProposedRole.from_data(approval.payload)
    person = Person.objects.select_related("organisation").get(pk=approval.payload["person"])
    project = project_by_key_unscoped(seat.project_key) if seat.project_key is not None else None
    return [
        ("人员", f"{person.name}（{person.username}）"),
        ("所在单位", str(person.organisation or "—")),
        ("授权单位", seat.organisation.name),
        ("角色", seat.role.label),
        ("权限范围", seat.role.description),
        ("项目", str(project) if project is not None else "不限定"),
        ("自", seat.starts.isoformat()),
        ("至", f"{seat.ends.isoformat()}（当天不再有权限）" if seat.ends else "长期"),
    ]


def _assignment_state(approval: Approval) -> list[tuple[str, str]]:
    """Return what granting a role rests on: the account, the organisation, the roles held. Three queries."""
    person = Person.objects.get(pk=approval.payload["person"])
    seat = ProposedRole.from_data(approval.payload)
    held = person.assignments.order_by("pk").values_list("role", "organisation_id", "project_key", "starts", "ends")
    return [
        ("人员", f"{person.name}（{person.username}），{'在用' if person.is_active else '停用'}"),
        ("授权单位", f"{seat.organisation.name}，{'在用' if seat.organisation.is_active else '停用'}"),
        ("角色", seat.role.label),
        ("已有职责", f"{len(held)}项（核对码{check_mark([list(row) for row in held])}）"),
    ]


ASSIGNMENT: Final = ApprovalKind(
    kind="assignment.grant",
    label="授权",
    permission=Permission.ACCOUNT_APPROVE,
    propose=Permission.ACCOUNT_MANAGE,
    carry_out=grant_assignment,
    lines=assignment_lines,
    rests_on=_assignment_state,
    about=lambda approval: [approval.payload[name] for name in ("person", "organisation", "role", "project_key")],
)
