"""A project in two: buildings leave for a new project with all that holds for them; no unit is lost on the way."""

from collections.abc import Sequence
from datetime import date

from projects import ports
from projects.gates.services import refresh_readiness
from projects.gates.services.transfer import (
    recount_blockers,
    split_gates,
)
from projects.ledger.locks import lock_project
from projects.ledger.models import Agreement, Building, Holder, Project, Unit
from projects.ledger.selectors.participation import stated_now
from projects.ledger.services.projects import take_in_project
from projects.progress.services.merge import MergeRefused, place_buildings
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import Place
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, write
from registry.web.attachments.services import follow_attachments


@write(Permission.PROJECT_CREATE, on="project", once=True)
def split_project(
    *, actor: Actor, project: Project, building_ids: Sequence[int], code: str, name: str, on: date, reason: str
) -> Project:
    """Part buildings from a project into a new one in the same place, from a day on.

    Refused: no building, a building of another project, all of them (nothing would stay), buildings not in the books,
    no reason, a day ahead. Old addresses of units and buildings resolve by their placements.
    """
    source = lock_project(project.pk)
    if source.merged_into_id is not None:
        raise MergeRefused(f"{source.code}已并入另一个项目，不能再拆分。")
    if not reason.strip():
        raise MergeRefused("未填写拆分原因。", field="reason")
    if on < source.taken_in_on:
        raise MergeRefused(f"拆分日期不得早于纳入日期{source.taken_in_on}。", field="on")
    own = {one.id: one for one in Building.objects.filter(project=source)}
    leaving = sorted(set(building_ids))
    if not leaving or any(key not in own for key in leaving):
        raise MergeRefused("未选择楼栋，或所选楼栋不属于本项目。请重新选择。", field="building_ids")
    if len(leaving) == len(own):
        raise MergeRefused("不能拆分全部楼栋。原项目请至少保留一栋。", field="building_ids")
    partners = tuple(Organisation.objects.filter(pk__in=[key for key, takes in stated_now(source.pk).items() if takes]))
    made: Project = take_in_project.within(
        actor=actor, code=code, name=name, township_code=source.township_code, place=_place_of(source),
        housing_type=source.housing_type, taken_in_on=on, developer=source.developer, participants=partners, location=source.location,
        programme=source.programme, batch=source.batch, occupied_from=source.occupied_from,
        occupied_to=source.occupied_to, leader=source.leader, officer=source.officer, target_on=source.target_on,
        primary_issue=source.primary_issue, sold_on=source.sold_on, status=source.status,
    )  # fmt: skip
    split_gates(source=source, target=made, building_ids=leaving)
    place_buildings([own[key] for key in leaving], made, on, {})
    ports.tickets_part(source=source, made=made, building_ids=leaving)
    _families_follow(source, made)
    follow_attachments(project_keys=[source.id])
    refresh_readiness([source.id, made.id])
    recount_blockers([source.id, made.id])

    record(
        event="project.split",
        subject=made,
        chain=made.id,
        facts={"source": source.code, "code": code, "name": name, "buildings": len(leaving), "on": on},
        reason=reason,
        rows=[
            Row.of("ledger_building", key, before={"project": source.id}, after={"project": made.id}) for key in leaving
        ],
    )
    return made


def _place_of(source: Project) -> Place:
    """A part lies where the whole lay, whatever became of the township since."""
    return Place(source.district_code, source.district_name, source.township_code, source.township_name)


def _families_follow(source: Project, made: Project) -> None:
    """Holders and agreements whose every unit left go along; those with a unit on both sides stay."""
    staying = Unit.objects.filter(building__project=source)
    leaving = Unit.objects.filter(building__project=made)
    Holder.objects.filter(project=source, holdings__unit__in=leaving).exclude(holdings__unit__in=staying).update(
        project=made
    )
    Agreement.objects.filter(project=source, brought__unit__in=leaving).exclude(brought__unit__in=staying).update(
        project=made
    )
