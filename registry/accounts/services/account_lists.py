"""Accounts by list: opened and proposed in one act, granted in one by another person, first passwords printed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.accounts.choices import ApprovalStatus
from registry.accounts.models import Approval, Organisation, Person
from registry.accounts.services.approvals import ApprovalKind, propose
from registry.accounts.services.assignments import (
    ProposedRole,
    project_in_reach,
    require_grantable,
    require_seat,
    seat_person,
)
from registry.accounts.services.people import IssuedPassword, create_person, issue_password, lock_person
from registry.accounts.services.seen import check_mark
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError, Refused
from registry.store.acts import Row, current_act, require_reach, within_act, write
from registry.store.locks import lock
from registry.store.root import district_of
from registry.store.second import by_row

SHOWN: Final = 60


@dataclass(frozen=True)
class AccountDraft:
    """One line of the list: who, where, as what, for which project, from a day until another."""

    row: int
    username: str
    name: str
    phone: str
    organisation: Organisation
    role: Role
    project_key: int | None
    starts: date
    ends: date | None


@dataclass(frozen=True)
class GrantedList:
    """What agreeing to a list did: how many roles it gave."""

    count: int


class AccountsRefused(Refused):
    """A line that can't be an account; `row` says which."""

    def __init__(self, row: int, refusal: DomainError) -> None:
        super().__init__(refusal.message, code=refusal.code, field=refusal.field)
        self.row = row


@write(Permission.ACCOUNT_MANAGE)
def open_accounts(*, actor: Actor, drafts: Sequence[AccountDraft], file_name: str) -> Approval:
    """Open the accounts of a list and lay their roles before a second person, as one proposal.

    A name that has an account at the same organisation keeps it: the line only asks for the role. Refused by the first
    line that an account or a role would be refused for.
    """
    seats = []
    for draft in drafts:
        try:
            seats.append(_opened(actor, draft))
        except DomainError as refusal:
            raise AccountsRefused(draft.row, refusal) from refusal
    areas = {str(seat["area"]) for seat in seats}
    approval: Approval = propose.within(
        actor=actor,
        kind=ACCOUNTS.kind,
        title=f"按清单授权{len(seats)}人：{file_name}",
        payload={"file": file_name, "seats": seats},
        area_code=areas.pop() if len(areas) == 1 else "",
    )
    return approval


def _opened(actor: Actor, draft: AccountDraft) -> dict[str, object]:
    seat = ProposedRole(draft.organisation, draft.role, draft.project_key, draft.starts, draft.ends)
    require_reach(actor, draft.organisation)
    require_seat(seat)
    project = project_in_reach(actor, draft.project_key)
    known = Person.objects.filter(username=draft.username).first()
    if known is not None and (known.name, known.organisation_id) != (draft.name, draft.organisation.pk):
        raise Refused(f"登录名{draft.username}已是另一个人的账号。请换一个登录名。", field="username")
    person = known or create_person.within(
        actor=actor, organisation=draft.organisation, username=draft.username, name=draft.name, phone=draft.phone
    )
    require_grantable(person, seat, current_act().today)
    area = district_of(project) if project is not None else draft.organisation.area_code
    return {"person": person.pk, "area": area, **seat.to_data()}


def _seats(approval: Approval) -> list[tuple[int, ProposedRole]]:
    return [(seat["person"], ProposedRole.from_data(seat)) for seat in approval.payload["seats"]]


@within_act
def grant_accounts(*, actor: Actor, approval: Approval) -> GrantedList:
    """Give every role of a list. Runs inside `approve`; passwords are printed apart, once."""
    rows = []
    for key, seat in _seats(approval):
        assignment = seat_person(actor, lock_person(key), seat, approval.proposed_by_id)
        rows.append(Row.added(assignment, "person_id", "organisation_id", "role", "project_key", "starts", "ends"))

    record(
        event="accounts.granted",
        subject=approval,
        facts={"file": approval.payload["file"], "count": len(rows)},
        rows=rows,
    )
    return GrantedList(len(rows))


PRINTING: Final = by_row(
    "打印初始密码", "approval.proposed_by_id", same="提请的人不能打印初始密码。请由复核授权的人员打印。"
)


@within_act
def make_first_passwords(*, actor: Actor, approval: Approval) -> list[IssuedPassword]:
    """Make the first passwords of a list that was agreed to; whoever prints them does it in the same act.

    They are kept nowhere.

    Refused: a list that was not agreed to, who may not decide it, and a second time: nobody is left without a password.
    """
    locked = lock(approval)
    PRINTING.require(actor, approval=locked)
    if locked.kind != ACCOUNTS.kind or locked.status != ApprovalStatus.APPROVED:
        raise Refused("该清单的授权尚未复核同意，无初始密码可打印。")
    ACCOUNTS.require_reader(actor, locked)
    keys = dict.fromkeys(seat["person"] for seat in locked.payload["seats"])
    waiting = [person for key in keys if not (person := lock_person(key)).has_usable_password()]
    if not waiting:
        raise Refused("初始密码已经打印过，任何人都查不到。遗失的，请在人员页逐人重设密码。", code="already_printed")
    issued = [IssuedPassword(person, issue_password(person)) for person in waiting]

    record(
        event="passwords.printed",
        subject=locked,
        facts={"file": locked.payload["file"], "count": len(issued)},
        rows=[Row.changed(each.person, {"session_epoch": each.person.session_epoch - 1}) for each in issued],
    )
    return issued


def may_print(actor: Actor, approval: Approval) -> bool:
    """Whether the actor is offered to print: a list agreed to, by another than who proposed it. No query."""
    return (
        approval.kind == ACCOUNTS.kind
        and approval.status == ApprovalStatus.APPROVED
        and approval.proposed_by_id != actor.person_id
        and ACCOUNTS.may_decide(actor)
    )


def accounts_lines(approval: Approval) -> list[tuple[str, str]]:
    """Return what the second person must read before agreeing: every line. Three queries."""
    seats = approval.payload["seats"]
    people = Person.objects.in_bulk([seat["person"] for seat in seats])
    organisations = Organisation.objects.in_bulk([seat["organisation"] for seat in seats])
    lines = [("文件", approval.payload["file"]), ("人数", f"{len(seats)}人")]
    for number, seat in enumerate(seats, start=1):
        person, ends = people[seat["person"]], f"至{seat['ends']}" if seat["ends"] else "长期"
        words = (
            f"{person.name}（{person.username}）", organisations[seat["organisation"]].name, Role(seat["role"]).label,
            f"自{seat['starts']}起，{ends}",
        )  # fmt: skip
        lines.append((f"第{number}人", "，".join(words)))
    return lines


def _state(approval: Approval) -> list[tuple[str, str]]:
    """Return what agreeing to a list rests on: the accounts, the organisations, the roles held. Three queries."""
    seats = approval.payload["seats"]
    people = Person.objects.in_bulk([seat["person"] for seat in seats])
    organisations = Organisation.objects.in_bulk([seat["organisation"] for seat in seats])
    held = [
        (person.pk, person.is_active, sorted(person.assignments.values_list("role", "organisation_id", "project_key")))
        for person in sorted(people.values(), key=lambda person: person.pk)
    ]
    in_use = [(organisation.pk, organisation.is_active) for organisation in organisations.values()]
    return [
        ("人员和已有职责", f"{len(people)}人（核对码{check_mark([list(map(str, row)) for row in held])}）"),
        ("授权单位", f"{len(in_use)}个（核对码{check_mark(sorted(map(str, in_use)))}）"),
    ]


ACCOUNTS: Final = ApprovalKind(
    kind="assignment.list",
    label="按清单授权",
    permission=Permission.ACCOUNT_APPROVE,
    propose=Permission.ACCOUNT_MANAGE,
    carry_out=grant_accounts,
    lines=accounts_lines,
    rests_on=_state,
)
