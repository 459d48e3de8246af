"""Blockers: raised with a scope and an at-fault part, resolved, withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db.models.functions import Length

from projects import ports
from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.gates.selectors.beginnings import require_possible
from projects.gates.selectors.powers import Powers, answers_for, held_elsewhere, lead_of
from projects.gates.selectors.reckoning import columns_of, reckoning
from projects.gates.selectors.scopes import ScopeCount, scope_count
from projects.gates.services.readiness import locked_once, refresh_readiness
from projects.gates.services.watchlist import PAUSE, watch_units_made_before
from projects.ledger.locks import lock_project, require_stayed
from projects.ledger.models import Project
from projects.ledger.services.participation import take_part
from registry.accounts.models import Organisation
from registry.accounts.services.approvals import end_proposals
from registry.audit.recording import canonical, record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate
from registry.kernel.scope import Scope
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock_one

DESCRIBED: Final = {"title": "事由", "cause": "成因"}


class BlockerRefused(DomainError):
    """A blocker that can't be written so."""


def next_blocker_number(type_code: str) -> str:
    """Return the next number of a type: P03-0137. Locks the type: two projects never get the same number.

    A list of blockers has the lock from the first of a type on, and counts by itself.
    """
    opened = reckoning()
    if opened is not None and type_code in opened.serials:
        return f"{type_code}-{opened.serials[type_code] + 1:04d}"
    lock_one(BlockerType, code=type_code)
    numbers = Blocker.objects.filter(number__startswith=f"{type_code}-").order_by(Length("number").desc(), "-number")
    last = numbers.values_list("number", flat=True).first()
    serial = int(last.rpartition("-")[2]) + 1 if last else 1
    return f"{type_code}-{serial:04d}"


def locked_blocker(blocker: Blocker) -> Blocker:
    """Read a blocker anew under the lock of its project."""
    lock_project(blocker.project_id)
    current: Blocker = Blocker.objects.select_related("type", "responsible").get(pk=blocker.pk)
    require_stayed(current.project_id, blocker.project_id)
    return current


def own_blocker(actor: Actor, blocker: Blocker) -> Blocker:
    """Read a blocker anew under the lock of its project; refused to whom it is not given.

    The task force keeps every blocker; an organ ends and changes what it has in hand or raised itself.
    """
    current = locked_blocker(blocker)
    if elsewhere := held_elsewhere(actor, current):
        raise BlockerRefused(elsewhere, code="not_holder")
    return current


def measured(project_id: int, scope: Scope, at_fault: Scope) -> tuple[ScopeCount, ScopeCount]:
    """Count what a scope and its at-fault part catch; refused if nothing, or if fault lies outside."""
    columns = columns_of(project_id)
    caught = scope_count(project_id=project_id, scope=scope, columns=columns, is_named=False)
    if caught.units == 0:
        raise BlockerRefused("所选范围内没有符合条件的户。请核对楼栋、用途、特征。", field="scope")
    outside = scope_count(project_id=project_id, scope=at_fault - scope, columns=columns)
    if outside.units:
        raise BlockerRefused(
            f"过错范围有{outside.units}户不在堵点范围内（{outside.sample}）。请缩小过错范围，或扩大堵点范围。",
            field="at_fault",
        )
    return caught, scope_count(project_id=project_id, scope=at_fault, columns=columns, is_named=False)


def _require_led(actor: Actor, project: Project, type: BlockerType, gate: Gate, to: Organisation | None) -> None:
    """Refuse an organ that speaks on another's account; who doesn't lead names nobody else than the table does.

    Who leads may name whom it would hand the blocker on to.
    """
    powers = Powers(actor, project.district_code, on=current_act().today)
    lead = lead_of(type, gate)
    if not powers.may_raise(type, gate):
        raise BlockerRefused(
            f"“{type}”由{lead}牵头，{actor.organisation_name}不能登记。请报牵头单位、属地街道乡镇或专班登记。",
            field="type",
            code="not_lead",
        )
    if to is not None and not powers.leads(type, gate) and not answers_for(to, type, gate, powers.names):
        raise BlockerRefused(
            f"“{type}”由{lead}牵头，不能指定{to}为责任单位。请留空，或由专班指定。",
            field="responsible",
            code="not_lead",
        )


def _require_new(project: Project, type: BlockerType, title: str, found_on: date, scope: Scope) -> None:
    """Refuse what stands already: same type, day, matter and scope. A list compares its rows itself. One query."""
    if reckoning() is not None:
        return
    same = BlockerVersion.objects.filter(
        blocker__project=project, blocker__type=type, blocker__title=title, blocker__found_on=found_on,
        blocker__withdrawn_reason="",
    ).select_related("blocker")  # fmt: skip
    for version in same.order_by("id"):
        if canonical(version.scope) == canonical(scope.to_data()):
            blocker = version.blocker
            state = f"已于{blocker.resolved_on}解决" if blocker.resolved_on else "尚未解决"
            raise BlockerRefused(
                f"台账已有这个堵点：{blocker.number}“{blocker.title}”，类型、发现日期、事由、范围都相同，{state}。"
                "确是另一件事的，请在事由中写明区别；要改它的，请在它的页面办理。",
                field="title",
            )


@write(Permission.BLOCKER_RAISE, on="project", once=True)
def raise_blocker(
    *,
    actor: Actor,
    project: Project,
    type: BlockerType,
    title: str,
    scope: Scope,
    at_fault: Scope,
    found_on: date,
    responsible: Organisation | None = None,
    cause: str = "",
    public_text: str = "",
    gate: str = "",
    number: str = "",
) -> Blocker:
    """Put a blocker on a gate for the units in scope; those at fault are never lifted.

    Refused if it stands already, if the scope catches nothing, if an at-fault unit lies outside the scope, if the day
    lies ahead, if another organ answers for the type, or if the type is out of the ledger's scope (L06 小产权房).
    Source: domain §1.4.
    """
    locked = locked_once(project.pk)
    act = current_act()
    if type.code == "L06":
        raise BlockerRefused("集体土地上的小产权房不在台账范围内，不能登记堵点，项目应不予纳入。", field="type")
    _require_led(actor, locked, type, Gate(gate or type.gate), responsible)
    require_possible(locked, found_on, field="found_on")
    named = title.strip() or type.label
    _require_new(locked, type, named, found_on, scope)
    caught, fault = measured(project.id, scope, at_fault)
    if responsible is not None:
        take_part(locked, responsible)
    blocker: Blocker = Blocker.objects.create(
        project=project,
        number=number or next_blocker_number(type.code),
        type=type,
        gate=gate or type.gate,
        title=named,
        cause=cause,
        public_text=public_text,
        responsible=responsible,
        found_on=found_on,
        units_caught=caught.units,
        units_at_fault=fault.units,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )
    BlockerVersion.objects.create(
        blocker=blocker,
        scope=scope.to_data(),
        at_fault=at_fault.to_data(),
        effective_on=found_on,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    refresh_readiness([project.id], since=found_on)
    watched = watch_units_made_before(actor=actor, blocker=blocker, scope=scope, at_fault=at_fault)
    record(
        event="blocker.raised",
        subject=blocker,
        chain=project.id,
        facts={
            "number": blocker.number,
            "title": blocker.title,
            "units": caught.units,
            "at_fault": fault.units,
            "watched": watched,
        },
        rows=[
            Row.of("gates_blocker", blocker.id, before=None, after={"number": blocker.number, "scope": scope.to_data()})
        ],
    )
    if (opened := reckoning()) is not None and not number:
        opened.serials[type.code] = int(blocker.number.rpartition("-")[2])
    return blocker


@write(Permission.BLOCKER_RESOLVE, on="blocker")
def resolve_blocker(*, actor: Actor, blocker: Blocker, resolved_on: date, resolution: str) -> Blocker:
    """End a blocker from a day on, on a stated basis. Its past stays what it was."""
    blocker = own_blocker(actor, blocker)
    act = current_act()
    if blocker.withdrawn_reason:
        raise BlockerRefused(f"{blocker.number}已撤销，无需登记解决。")
    if blocker.resolved_on is not None:
        raise BlockerRefused(f"{blocker.number}已于{blocker.resolved_on}解决，无须再记。")
    if resolved_on < blocker.found_on:
        raise BlockerRefused(f"解决日期不得早于发现日期{blocker.found_on}。", field="resolved_on")
    if not resolution.strip():
        raise BlockerRefused("未填写解决依据。请写明文号或办理结果。", field="resolution")
    ports.blocker_ended(blocker=blocker, on=resolved_on)
    blocker.resolved_on, blocker.resolution, blocker.resolved_act_id = resolved_on, resolution, act.id
    blocker.save(update_fields=["resolved_on", "resolution", "resolved_act_id"])
    end_proposals(actor=actor, kinds=[PAUSE], about=blocker.pk, why=f"{blocker.number}已于{resolved_on}解决")

    refresh_readiness([blocker.project_id], since=resolved_on)
    record(
        event="blocker.resolved",
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "title": blocker.title, "on": resolved_on, "resolution": resolution},
        rows=[Row.changed(blocker, {"resolved_on": None})],
    )
    return blocker


@write(Permission.BLOCKER_UPDATE, on="blocker")
def withdraw_blocker(*, actor: Actor, blocker: Blocker, reason: str) -> Blocker:
    """Withdraw a blocker entered by mistake, with a reason: it then never was, but its record stays."""
    blocker = own_blocker(actor, blocker)
    if not reason.strip():
        raise BlockerRefused("未填写撤销原因。", field="reason")
    if blocker.withdrawn_reason:
        raise BlockerRefused(f"{blocker.number}已经撤销。")
    if blocker.clauses.exclude(instrument__state__in=("draft", "withdrawn")).exists():
        raise BlockerRefused(f"{blocker.number}已被承诺或决定引用，不能撤销。请先撤销引用本堵点的文书。")
    blocker.withdrawn_reason = reason
    blocker.save(update_fields=["withdrawn_reason"])
    end_proposals(actor=actor, kinds=[PAUSE], about=blocker.pk, why=f"{blocker.number}已撤销")

    refresh_readiness([blocker.project_id], since=blocker.found_on)
    record(
        event="blocker.withdrawn",
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "title": blocker.title},
        reason=reason,
        rows=[Row.changed(blocker, {"withdrawn_reason": ""})],
    )
    return blocker


@write(Permission.BLOCKER_UPDATE, on="blocker")
def describe_blocker(*, actor: Actor, blocker: Blocker, words: Mapping[str, str]) -> Blocker:
    """Say anew what a blocker is called and what caused it; whom it catches is changed by its scope alone.

    Refused: withdrawn; words that are neither title nor cause; an empty title; nothing that changes.
    """
    blocker = own_blocker(actor, blocker)
    if blocker.withdrawn_reason:
        raise BlockerRefused(f"{blocker.number}已经撤销，不能再改。")
    unknown = sorted(set(words) - set(DESCRIBED))
    if unknown:
        raise BlockerRefused(f"以下内容不能在本页修改：{'、'.join(unknown)}。")
    if not words.get("title", blocker.title).strip():
        raise BlockerRefused("事由不能为空。", field="title")
    before = {name: getattr(blocker, name) for name, text in words.items() if getattr(blocker, name) != text}
    if not before:
        raise BlockerRefused("内容未作修改。", code="unchanged")
    for name in before:
        setattr(blocker, name, words[name])
    blocker.save(update_fields=list(before))

    record(
        event="blocker.described",
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "title": blocker.title, "what": "、".join(DESCRIBED[name] for name in before)},
        rows=[Row.changed(blocker, before)],
    )
    return blocker
