"""Joining homes to one family by hand, and parting them again; what is so of the people of a home."""

from collections.abc import Collection

from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Unit
from projects.office.choices import FamilyFact
from projects.office.models import FamilyLink, HomeFact
from projects.office.services.powers import require_counter
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError
from registry.kernel.reasons import ASKED, is_substantial
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock
from registry.store.versions import UNSEEN, Seen


class FamilyRefused(DomainError):
    """Homes that can't be joined or parted."""


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def join_homes(*, actor: Actor, unit: Unit, other: Unit, reason: str) -> FamilyLink:
    """Join two homes of one project as one family's. Only these two: what else the other is joined to stays apart.

    Refused: no ground; the same home twice; homes of two projects; a pair that is joined already.
    """
    require_counter(actor, "合并为一家")
    if not is_substantial(reason):
        raise FamilyRefused(f"请写明合并的依据，{ASKED}，如：户口簿载明夫妻。", field="reason")
    project = lock_project(unit.building.project_id)
    first, second = sorted((unit.pk, other.pk))
    if first == second:
        raise FamilyRefused("这是同一户。请另选一户。", field="other")
    homes = lock_units(project, [first, second])
    if len(homes) != 2:
        raise FamilyRefused("另一户不在本项目内，不能合并为一家。请核对户号。", field="other")
    if FamilyLink.objects.filter(first_id=first, second_id=second, ended_act_id__isnull=True).exists():
        raise FamilyRefused("两户已经合并为一家，不必再登记。", field="other", code="joined")
    act = current_act()
    link: FamilyLink = FamilyLink.objects.create(
        first_id=first,
        second_id=second,
        reason=reason.strip(),
        joined_by=actor.name,
        joined_on=act.today,
        act_id=act.id,
    )
    record(
        event="family.joined",
        subject=unit,
        chain=project.pk,
        facts={"one": f"{homes[0].building}{homes[0]}", "other": f"{homes[1].building}{homes[1]}"},
        reason=reason,
        rows=[Row.added(link, "reason", "joined_on")],
    )
    return link


@write(Permission.UNIT_ADVANCE, on="link.first")
def part_homes(*, actor: Actor, link: FamilyLink, reason: str) -> None:
    """Take back that two homes are one family's. Visits made meanwhile stay as they were.

    Refused: no reason; a pair that is parted already.
    """
    require_counter(actor, "撤销合并")
    if not is_substantial(reason):
        raise FamilyRefused(f"请写明撤销合并的原因，{ASKED}。", field="reason")
    project = lock_project(link.first.building.project_id)
    current = lock(link, "first__building", "second__building")
    if current.ended_act_id is not None:
        raise FamilyRefused("这条合并登记已经撤销。请刷新页面。", code="parted")
    current.ended_act_id = current_act().id
    current.save(update_fields=["ended_act_id"])
    record(
        event="family.parted",
        subject=current.first,
        chain=project.pk,
        facts={
            "one": f"{current.first.building}{current.first}", "other": f"{current.second.building}{current.second}",
        },
        reason=reason,
        rows=[Row.changed(current, {"ended_act_id": None})],
    )  # fmt: skip


@write(Permission.UNIT_ADVANCE, on="unit")
def state_facts(*, actor: Actor, unit: Unit, facts: Collection[str], effective_on: FactDay, seen: Seen = UNSEEN) -> int:
    """State what is so of the people of a home, whole: what is not among the facts is so no more from that day on.

    Returns how many were changed. Refused: nothing changed; both kinds of inheritance at once.
    """
    require_counter(actor, "登记家庭情形")
    project = lock_project(unit.building.project_id)
    current = lock_units(project, [unit.pk])[0]
    standing = {row.fact: row for row in HomeFact.objects.filter(unit=current, ended_act_id__isnull=True)}
    wanted = set(seen.merge({"facts": list(standing)}, {"facts": list(facts)}, current)["facts"])
    if {FamilyFact.INHERITED, FamilyFact.UNNOTARISED} <= wanted:
        raise FamilyRefused("继承只能是一种：已公证或有判决的，或者非公证继承。请改选。", field="facts")
    act = current_act()
    ended = [row for fact, row in standing.items() if fact not in wanted]
    fresh = [fact for fact in FamilyFact if fact in wanted and fact.value not in standing]
    if not ended and not fresh:
        raise FamilyRefused("所选情形与现有登记一致，没有变动。", field="facts", code="same")
    rows = []
    for row in ended:
        before = {"ended_on": row.ended_on, "ended_act_id": row.ended_act_id}
        row.ended_on, row.ended_act_id = max(effective_on, row.effective_on), act.id
        row.save(update_fields=["ended_on", "ended_act_id"])
        rows.append(Row.changed(row, before))
    for fact in fresh:
        made = HomeFact.objects.create(
            unit=current, fact=fact.value, effective_on=effective_on, recorded_at=act.recorded_at, act_id=act.id
        )
        rows.append(Row.added(made, "fact", "effective_on"))
    record(
        event="family.facts_stated",
        subject=current,
        chain=project.pk,
        facts={
            "unit": f"{current.building}{current}", "on": effective_on, "count": len(ended) + len(fresh),
        },
        rows=rows,
    )  # fmt: skip
    return len(ended) + len(fresh)
