"""One project found twice: buildings, blockers, papers and notes move; no sum does, every old number resolves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models

from projects import ports
from projects.gates.services import refresh_readiness
from projects.gates.services.transfer import merge_gates, recount_blockers
from projects.ledger.choices import AliasKind, ProjectStatus
from projects.ledger.locks import lock_projects
from projects.ledger.models import Agreement, Alias, Building, BuildingPlacement, ProgressNote, Project
from projects.ledger.selectors.participation import stated_now
from projects.ledger.services.books import carry_tallies
from projects.ledger.services.participation import name_into
from projects.ledger.services.projects import set_project_status, write_version
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.numerals import building_order
from registry.store.acts import Row, current_act, require_reach, within_act, write
from registry.web.attachments.services import follow_attachments

KEPT = {"aliases", "versions", "participations", "buildings", "absorbed", "agreements", "applicants", "steps",
        "blockers", "pauses", "basis_documents", "sums", "+"}  # fmt: skip  # moved by their own rule, or history of the old row


class MergeRefused(DomainError):
    """Projects that can't be made one, or one that can't be parted."""


@write(Permission.PROJECT_CREATE, on="project")
def merge_projects(
    *,
    actor: Actor,
    project: Project,
    absorbed: Project,
    on: date,
    reason: str,
    numbers: Mapping[int, str] | None = None,
) -> Project:
    """Make `absorbed` part of `project` from a day on; `numbers` renumbers buildings by key.

    Refused: into itself; one merged before, or out of the actor's reach; of another district; no reason; a day ahead;
    two buildings of one number. Moves stand on buildings, so the books add up as before; closed months are frozen.
    """
    act = current_act()
    if absorbed.pk == project.pk:
        raise MergeRefused("不能把项目并入它自己。请选另一个项目。", field="absorbed")
    require_reach(actor, absorbed)
    locked = lock_projects(project.pk, absorbed.pk)
    target, source = locked[project.pk], locked[absorbed.pk]
    _require(source, target, on, reason)
    buildings = list(Building.objects.filter(project=source).order_by("number_order", "id"))
    renumbered = _numbers(buildings, target, numbers or {})
    merge_gates(source=source, target=target)
    place_buildings(buildings, target, on, renumbered)
    _follow(source, target)
    follow_attachments(project_keys=[source.id])
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    write_version(source, on, "merged_into_id")
    ports.tickets_join(project=target)
    refresh_readiness([target.id, source.id])
    recount_blockers([target.id])
    if buildings and target.status in (ProjectStatus.ZEROED, ProjectStatus.CLOSED):
        set_project_status(target, ProjectStatus.ISSUING, act.today)

    record(
        event="project.merged",
        subject=target,
        chain=target.id,
        facts={"code": source.code, "name": source.name, "buildings": len(buildings), "on": on},
        reason=reason,
        rows=[
            Row.of("ledger_project", source.id, before={"merged_into": None}, after={"merged_into": target.id}),
            *(
                Row.of(
                    "ledger_building",
                    one.id,
                    before={"project": source.id},
                    after={"project": target.id, "number": one.number},
                )
                for one in buildings
            ),
        ],
    )
    return target


def _require(source: Project, target: Project, on: date, reason: str) -> None:
    for one in (source, target):
        if one.merged_into_id is not None:
            raise MergeRefused(f"{one.code}已并入另一个项目，不能再合并。请选合并后的项目。", field="absorbed")
    if source.district_code != target.district_code:
        raise MergeRefused("两个项目不在同一区，不能合并。请先核对归属。", field="absorbed")
    if not reason.strip():
        raise MergeRefused("未填写合并原因。", field="reason")
    first = max(source.taken_in_on, target.taken_in_on)
    if on < first:
        raise MergeRefused(f"合并日期不得早于纳入日期{first}。", field="on")


def _numbers(buildings: Sequence[Building], target: Project, wanted: Mapping[int, str]) -> dict[int, str]:
    taken = set(Building.objects.filter(project=target).values_list("number", flat=True))
    clash, found = [], {}
    for one in buildings:
        number = wanted.get(one.id, one.number).strip()
        if number in taken or not number:
            clash.append(one.name)
        taken.add(number)
        found[one.id] = number
    if clash:
        raise MergeRefused(
            f"两个项目都有{'、'.join(clash[:5])}。请给并入的楼栋另定楼号（原楼号留作记录，仍可查到）。",
            code="numbers_clash",
            field="numbers",
        )
    return found


@within_act
def place_buildings(buildings: Sequence[Building], target: Project, on: date, numbers: Mapping[int, str]) -> None:
    """Place buildings in a project from a day on, their old number kept with the placement before."""
    act = current_act()
    for one in buildings:
        before, number = one.number, numbers.get(one.id, one.number)
        BuildingPlacement.objects.filter(building=one, number="").update(number=before)
        if number != before:
            one.number, one.number_order = number, building_order(number)
            one.name = f"{number}号楼" if number.isdigit() else number
        carry_tallies([one.pk], source=one.project_id, target=target.pk)
        one.project = target
        one.save(update_fields=["project", "number", "number_order", "name"])
        BuildingPlacement.objects.create(
            building=one, project=target, effective_on=on, recorded_at=act.recorded_at, act_id=act.id
        )


def _without_doubles(relation: Any, rows: Any, target: Project) -> Any:
    """Leave out what the target has already by a rule that allows it once: it stays with the old row as its history."""
    model, own = relation.related_model, relation.field.name
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.condition is None and own in rule.fields:
            for other in [field for field in rule.fields if field != own][:1]:
                taken = model._default_manager.filter(**{own: target}).values(other)
                rows = rows.exclude(**{f"{other}__in": taken})
    return rows


def _follow(source: Project, target: Project) -> None:
    """Whatever hangs on the source by a plain key hangs on the target; names and partners are joined."""
    act = current_act()
    ProgressNote.objects.filter(project=source, written_in__isnull=True).update(written_in=source)
    for relation in Project._meta.related_objects:
        name = relation.related_name or ""
        if name not in KEPT and isinstance(relation.field, models.ForeignKey):
            rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
            _without_doubles(relation, rows, target).update(**{relation.field.name: target})
    taken = Agreement.objects.filter(project=target).values("number")
    Agreement.objects.filter(project=source).exclude(number__in=taken).update(project=target)
    names = {(AliasKind.FORMER_CODE.value, source.code), (AliasKind.FORMER.value, source.name)}
    names |= set(Alias.objects.filter(project=source).values_list("kind", "text"))
    names -= set(Alias.objects.filter(project=target).values_list("kind", "text"))
    initials = dict(Alias.objects.filter(project=source).values_list("text", "initials"))
    initials[source.name] = source.initials
    Alias.objects.bulk_create(
        Alias(project=target, kind=kind, text=text, initials=initials.get(text, ""), act_id=act.id)
        for kind, text in sorted(names)
    )
    named = stated_now(target.pk)
    partners = [key for key, takes_part in stated_now(source.pk).items() if takes_part and not named.get(key)]
    name_into(target, *Organisation.objects.filter(pk__in=partners).order_by("pk"))
