"""Approval by a second person: proposed with all its data, carried out in the same act in which another agrees.

An app declares its kinds in `ready()`: `declare_kind(ApprovalKind("correction.reverse", "更正", …))`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.db import IntegrityError, models, transaction
from django.urls import reverse

from registry.accounts.choices import ApprovalStatus, reach_of
from registry.accounts.models import Approval
from registry.accounts.services import inbox
from registry.accounts.services.seen import (
    Difference,
    RestsOn,
    SubjectChanged,
    check_mark,
    differences,
    state_of,
)
from registry.audit.recording import plain, record
from registry.audit.words import declare_words
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import NotFound, Refused
from registry.store.acts import Row, current_act, require_reach, within_act, write
from registry.store.clock import SHANGHAI
from registry.store.locks import lock_rows, lock_where
from registry.store.month import MonthGate
from registry.store.root import lock_project_row, project_by_key_unscoped
from registry.store.second import FirstPerson, by_row
from registry.store.versions import UNSEEN as SHOWN_TO_NOBODY
from registry.store.versions import Seen

UNSEEN: Final = "系统升级：提请时没有记下所依据的情况。确需办理的，请核对后重新提请。"
GONE: Final = "未找到该提请事项。请在列表中核对。"


def _no_subject(approval: Approval) -> models.Model | None:
    return None


def _payload(approval: Approval) -> object:
    return approval.payload


def _no_values(approval: Approval) -> Mapping[str, Any]:
    return {}


def _no_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    return ()


class CarryOut(Protocol):
    def __call__(self, *, actor: Actor, approval: Approval) -> Any: ...


@dataclass(frozen=True)
class ApprovalKind:
    """One kind of act that needs a second person.

    `permission` is what the second person holds, `propose` what the first holds. `carry_out(actor=, approval=)` runs
    inside the act of approval: it must record, and calls other services by `within`. `subject` gives the row whose
    scope decides who may see it; `lines` the label and value of everything that the second person must read;
    `deciders` the roles in whose inbox it appears (empty: every role with the permission). `month` is EXCLUSIVE where
    carrying out closes a month: both proposing (which fixes the moment) and approving then take the gate alone.

    `rests_on` names the present state of what changes, as stored values, never as sentences with days in them: it is
    kept when proposed and must be the same when decided (default: `lines`). `about` says what the proposal is about:
    one proposal of a kind waits about it at a time (default: the payload). `stands` gives what the page of the proposal
    shows as it stands, by the names of the payload: held against what the proposer saw.
    """

    kind: str
    label: str
    permission: Permission
    propose: Permission
    carry_out: CarryOut
    subject: Callable[[Approval], models.Model | None] = _no_subject
    lines: Callable[[Approval], Sequence[tuple[str, str]]] = _no_lines
    deciders: tuple[Role, ...] = field(default=())
    month: MonthGate = MonthGate.SHARED
    rests_on: RestsOn | None = None
    about: Callable[[Approval], object] = _payload
    stands: Callable[[Approval], Mapping[str, Any]] = _no_values

    def state(self, approval: Approval) -> list[list[str]]:
        """Read what a proposal of this kind rests on now."""
        return state_of(self.rests_on or self.lines, approval)

    def differences(self, approval: Approval) -> tuple[Difference, ...]:
        """Return what changed since a waiting proposal was made; one from before this was kept has changed."""
        if not approval.about:
            return (("提请", "没有记下所依据的情况", "须重新提请"),)
        return differences(approval.seen, self.state(approval))

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that may agree."""
        return self.deciders or tuple(role for role in Role if self.permission in role.permissions)

    def may_decide(self, actor: Actor) -> bool:
        """Whether the actor's role may agree to acts of this kind."""
        return actor.can(self.permission) and (actor.is_system or actor.role in self.roles)

    def require_reader(self, actor: Actor, approval: Approval) -> None:
        """Refuse, as if there were none, whoever neither proposed it nor may decide it nor audits; and the subject's
        scope still holds: a project handed over is gone for its former people."""
        is_own = approval.proposed_by_id is not None and approval.proposed_by_id == actor.person_id
        if not (is_own or self.may_decide(actor) or actor.role == Role.AUDITOR):
            raise NotFound(GONE)
        require_reach(actor, self.subject(approval))


@dataclass(frozen=True)
class Decision:
    """What became of a proposal, and what carrying it out gave."""

    approval: Approval
    outcome: Any


APPROVALS: dict[str, ApprovalKind] = {}


def declare_kind(kind: ApprovalKind) -> None:
    """Add a kind; each has exactly one declaration."""
    if APPROVALS.get(kind.kind, kind) != kind:
        raise ValueError(f"two declarations of {kind.kind}")
    APPROVALS[kind.kind] = kind
    declare_words({kind.kind: kind.label})


def kinds_decided_by(actor: Actor) -> list[str]:
    """List the kinds to which the actor may agree."""
    return sorted(name for name, kind in APPROVALS.items() if kind.may_decide(actor))


def first_of(approval: Approval) -> FirstPerson:
    """Return who proposed, for the service that the approval carries out."""
    return FirstPerson.of(approval.proposed_by, approval.pk)


def source_of(approval: Approval) -> str:
    """Return the name under which a proposal stands in inboxes."""
    return f"accounts_approval:{approval.pk}"


@write(Permission.ACCOUNT_SELF, on="subject", month=lambda kw: APPROVALS[kw["kind"]].month, once=True)
def propose(
    *,
    actor: Actor,
    kind: str,
    title: str,
    payload: Mapping[str, Any],
    reason: str = "",
    subject: models.Model | None = None,
    project_key: int | None = None,
    project_name: str = "",
    area_code: str = "",
    seen: Seen = SHOWN_TO_NOBODY,
) -> Approval:
    """Lay an act before a second person, with all its data. Within another act call `propose.within`."""
    spec = APPROVALS[kind]
    actor.require(spec.propose)

    approval = Approval(
        kind=kind,
        title=title[:200],
        payload=plain(dict(payload)),
        reason=reason,
        project_key=project_key,
        area_code=area_code,
        proposed_by_id=actor.person_id,
        proposed_at=current_act().recorded_at,
    )
    if project_key is not None:
        lock_project_row(project_key)
    approval.payload = plain(seen.merge(spec.stands(approval), payload, *([subject] if subject else [])))
    approval.about = check_mark(spec.about(approval))
    approval.seen = spec.state(approval)
    _store_once(approval)
    _lay_before_deciders(spec, approval, actor, project_name)

    record(
        event="approval.proposed",
        subject=approval,
        facts={"title": approval.title, "kind": spec.label},
        reason=reason,
        rows=[Row.added(approval, "kind", "status", "project_key", "area_code")],
        chain=project_key,
    )
    return approval


def _store_once(approval: Approval) -> None:
    """Store a proposal. Refused while another of the kind waits about the same, also to the loser of two at a time."""
    waiting = Approval.objects.filter(kind=approval.kind, about=approval.about, status=ApprovalStatus.WAITING)
    try:
        with transaction.atomic():
            if not waiting.exists():
                approval.save(force_insert=True)
                return
    except IntegrityError:
        pass
    other = waiting.select_related("proposed_by").get()
    who, when = other.proposed_by or "系统规则", other.proposed_at.astimezone(SHANGHAI)
    raise Refused(
        f"同一事项已由{who}于{when:%Y-%m-%d %H:%M}提请，正待复核。请等待复核，或由提请人撤回后重新提请。",
        code="already_waiting",
    )


def _lay_before_deciders(spec: ApprovalKind, approval: Approval, actor: Actor, project_name: str) -> None:
    for role in spec.roles:
        reach = reach_of(role, approval.area_code)
        if role in (Role.DISTRICT, Role.TOWNSHIP) and not reach:
            continue
        inbox.deliver(
            source=source_of(approval),
            verb="复核",
            title=approval.title,
            link=reverse("accounts:approval", args=[approval.pk]),
            role=role,
            area_code=reach,
            not_for=actor.person_id,
            project_key=approval.project_key,
            project_name=project_name,
            from_label=f"{actor.organisation_name} {actor.name}".strip(),
        )


DECIDING: Final = by_row(
    "复核",
    "approval.proposed_by_id",
    same="提请人和复核人不能是同一人。请由另一名有权限的人员复核。",
    legacy=lambda given: given["approval"].proposed_by_id is None,  # proposed by a rule of the system
)


@write(Permission.ACCOUNT_SELF, month=lambda kw: APPROVALS[kw["approval"].kind].month, second_person=DECIDING)
def approve(*, actor: Actor, approval: Approval, remark: str = "") -> Decision:
    """Carry out a proposal, provided somebody else made it and the actor may decide its kind.

    Refused with the differences if what it rests on changed since it was proposed. One act: if carrying it out is
    refused, nothing is decided.
    """
    if approval.project_key is not None:
        lock_project_row(approval.project_key)  # before the approval: see registry.store.locks
    locked = _lock_for_decision(actor, approval)
    changed = APPROVALS[locked.kind].differences(locked)
    if changed:
        raise SubjectChanged(changed)

    _decide(locked, actor, ApprovalStatus.APPROVED, remark, "approval.approved")
    outcome = APPROVALS[locked.kind].carry_out(actor=actor, approval=locked)
    return Decision(locked, outcome)


@write(Permission.ACCOUNT_SELF, second_person=DECIDING)
def return_back(*, actor: Actor, approval: Approval, remark: str) -> Approval:
    """Send a proposal back to the one who made it, with the reason."""
    locked = _lock_for_decision(actor, approval)
    if not remark.strip():
        raise Refused("请写明退回的原因，提请人据此修改后重新提请。", field="remark")

    _decide(locked, actor, ApprovalStatus.RETURNED, remark, "approval.returned")
    return locked


@write(Permission.ACCOUNT_SELF)
def withdraw(*, actor: Actor, approval: Approval, remark: str = "") -> Approval:
    """Take back the actor's own proposal, as long as nobody decided it."""
    locked = _lock(approval)
    if locked.proposed_by_id is None or locked.proposed_by_id != actor.person_id:
        raise NotFound("未找到该提请事项。请在“我提请的”中查看。")
    _require_waiting(locked)

    _decide(locked, actor, ApprovalStatus.WITHDRAWN, remark, "approval.withdrawn")
    return locked


@write(Permission.ACCOUNT_SELF, month=lambda kw: APPROVALS[kw["approval"].kind].month)
def propose_again(*, actor: Actor, approval: Approval) -> Approval:
    """Take back the actor's own waiting proposal and lay the same before a second person as things stand now."""
    locked = _lock(approval)
    if locked.proposed_by_id is None or locked.proposed_by_id != actor.person_id:
        raise NotFound("未找到该提请事项。请在“我提请的”中查看。")
    _require_waiting(locked)
    _decide(locked, actor, ApprovalStatus.WITHDRAWN, "重新提请", "approval.withdrawn")
    again: Approval = propose.within(
        actor=actor,
        kind=locked.kind,
        title=locked.title,
        payload=locked.payload,
        reason=locked.reason,
        project_key=locked.project_key,
        project_name=str(project_by_key_unscoped(locked.project_key) or "") if locked.project_key else "",
        area_code=locked.area_code,
    )
    return again


@within_act
def end_proposals(*, actor: Actor, kinds: Sequence[str], about: object, why: str) -> int:
    """Take back what waits about something whose reason has ended; how many. One query if nothing waits."""
    waiting = Approval.objects.filter(kind__in=kinds, about=check_mark(about), status=ApprovalStatus.WAITING)
    ended = lock_rows(waiting.order_by("pk"))
    for approval in ended:
        _decide(approval, actor, ApprovalStatus.WITHDRAWN, why, "approval.withdrawn")
    return len(ended)


@write(Permission.ACCOUNT_MANAGE)
def withdraw_unseen(*, actor: Actor, approval: Approval) -> Approval:
    """Take back a proposal from before it was kept what it rests on. By the start that brings the rule."""
    locked = _lock(approval)
    _require_waiting(locked)
    if locked.about:
        raise Refused("这件提请记有所依据的情况，由提请人撤回。")
    _decide(locked, actor, ApprovalStatus.WITHDRAWN, UNSEEN, "approval.withdrawn")
    return locked


def withdraw_all_unseen() -> int:
    """Take back every waiting proposal from before the rule, each in its own act; how many. A second run: none."""
    waiting = list(Approval.objects.filter(status=ApprovalStatus.WAITING, about="").order_by("pk"))
    for approval in waiting:
        withdraw_unseen(actor=system_actor("复核提请"), approval=approval)
    return len(waiting)


def _lock(approval: Approval) -> Approval:
    locked: Approval | None = lock_where(Approval, pk=approval.pk)
    if locked is None:
        raise NotFound(GONE)
    return locked


def _lock_for_decision(actor: Actor, approval: Approval) -> Approval:
    """Refuse, in this order: out of sight, not the actor's to decide, own proposal, no longer waiting."""
    locked = _lock(approval)
    spec = APPROVALS[locked.kind]
    if not Approval.objects.visible_to(actor).filter(pk=locked.pk).exists():
        raise NotFound(GONE)
    require_reach(actor, spec.subject(locked))
    actor.require(spec.permission)
    if not spec.may_decide(actor):
        raise Refused(
            f"{spec.label}不由{actor.role.label}复核。请由{'、'.join(role.label for role in spec.roles)}办理。"
        )
    DECIDING.require(actor, approval=locked)
    _require_waiting(locked)
    return locked


def _require_waiting(approval: Approval) -> None:
    if approval.status != ApprovalStatus.WAITING:
        label = ApprovalStatus(approval.status).label
        raise Refused(f"该提请事项{label}，不能重复办理。确需办理的，请重新提请。", code="already_decided")


def _decide(approval: Approval, actor: Actor, status: ApprovalStatus, remark: str, event: str) -> None:
    before = {"status": approval.status}
    approval.status = status
    approval.decided_by_id = actor.person_id
    approval.decided_at = current_act().recorded_at
    approval.remark = remark.strip()
    approval.save(update_fields=["status", "decided_by", "decided_at", "remark"])
    inbox.settle(source_of(approval))

    record(
        event=event,
        subject=approval,
        facts={"title": approval.title, "remark": approval.remark},
        reason=approval.remark,
        rows=[Row.changed(approval, before)],
        chain=approval.project_key,
    )
