"""Who takes part in a project: every act that gives work gives sight of it, and the task force names others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from projects.ledger.locks import lock_project
from projects.ledger.models import Participation, Project
from projects.ledger.selectors.participation import PARTICIPANTS, stated_now
from projects.ledger.selectors.work import work_of
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.accounts.selectors.settings import district_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError, Refused
from registry.store.acts import Row, batch, current_act, within_act, write

LISTED: Final = 5


@within_act
def take_part(project: Project, organisation: Organisation) -> bool:
    """Let an organisation that is given work take part in the project, so that it sees it; True if new.

    It is named into the project even where the rule of its kind lets it see it: a rule may change, its work stays.
    Refused: an organ of another district, which would not see the project even so.
    """
    if organisation.kind not in PARTICIPANTS:
        return False
    require_district(project, organisation)
    if stated_now(project.pk).get(organisation.pk):
        return False
    name_into(project, organisation)
    return True


@within_act
def give_sight(organisation: Organisation, project_key: int) -> None:
    """Let whoever has something of a project laid on its desk see the project. One query, two more for a new one."""
    if organisation.kind not in PARTICIPANTS:
        return
    if not stated_now(project_key).get(organisation.pk):
        take_part(Project.objects.get(pk=project_key), organisation)


@within_act
def name_into(project: Project, *organisations: Organisation) -> None:
    """Write that organisations take part from today on. Inside an open act that records."""
    act = current_act()
    Participation.objects.bulk_create(
        Participation(
            project=project,
            organisation=organisation,
            effective_on=act.today,
            recorded_at=act.recorded_at,
            act_id=act.id,
        )
        for organisation in organisations
    )


def require_district(project: Project, organisation: Organisation) -> None:
    """Refuse an organ of another district than the project's."""
    area = district_of(organisation)
    if area and area != project.district_code:
        raise Refused(
            f"{organisation}不属于{project.district_name}，看不到{project.name}，不能移交其办理。请选本区或市级的单位。",
            code="other_district",
        )


@write(Permission.PARTICIPATION_SET, on="project")
def set_participation(
    *,
    actor: Actor,
    project: Project,
    organisations: Sequence[Organisation],
    takes_part: bool,
    effective_on: FactDay,
    reason: str,
) -> Project:
    """Name organisations into a project, or out of it, from a day on; what was named before stays readable.

    Refused: no organisation, no reason, a kind that does not see by taking part, another district, a day before that of
    the last word or before the project was taken in, nothing that changes; named out: one that has work there.
    """
    act, current = current_act(), lock_project(project.pk)
    if not organisations:
        raise Refused("未选择单位。", field="organisations")
    if not reason.strip():
        raise Refused("未填写原因。请写明列入或移出的理由。", field="reason")
    stands = stated_now(current.pk)
    for organisation in organisations:
        if organisation.kind not in PARTICIPANTS:
            kind = OrganisationKind(organisation.kind).label
            raise Refused(f"{organisation}是{kind}，按辖区或按项目授权查看，无需列入参与单位。", field="organisations")
        require_district(current, organisation)
        _require_day(current, organisation, effective_on)
    changing = [organ for organ in organisations if stands.get(organ.pk) is not takes_part]
    if not changing:
        word = "已在参与单位里" if takes_part else "已经移出"
        raise Refused(
            f"{'、'.join(map(str, organisations))}{word}，没有改动。", field="organisations", code="unchanged"
        )
    if not takes_part:
        _require_no_work(current, changing)
    rows = [
        Participation(
            project=current,
            organisation=organisation,
            takes_part=takes_part,
            effective_on=effective_on,
            recorded_at=act.recorded_at,
            reason=reason.strip(),
            act_id=act.id,
        )
        for organisation in changing
    ]
    for row in rows:
        row.save(force_insert=True)

    record(
        event="participation.set" if takes_part else "participation.ended",
        subject=current,
        chain=current.id,
        facts={"organisations": "、".join(map(str, changing)), "on": effective_on},
        reason=reason.strip(),
        rows=[Row.added(row, "organisation_id", "takes_part", "effective_on") for row in rows],
    )
    return current


@dataclass(frozen=True)
class Named:
    """What became of naming organisations into several projects, or out of them."""

    done: Sequence[Project]
    refused: Sequence[tuple[Project, str]]


def set_participations(
    *,
    actor: Actor,
    projects: Sequence[Project],
    organisations: Sequence[Organisation],
    takes_part: bool,
    effective_on: FactDay,
    reason: str,
) -> Named:
    """Do the same in several projects, one act each in one batch; a project that refuses is named with why."""
    done, refused = [], []
    with batch(f"participation-{actor.person_id}-{effective_on}"):
        for project in projects:
            try:
                set_participation(
                    actor=actor, project=project, organisations=organisations, takes_part=takes_part,
                    effective_on=effective_on, reason=reason,
                )  # fmt: skip
                done.append(project)
            except DomainError as refusal:
                if refusal.field in ("reason", "effective_on") or not organisations:
                    raise
                refused.append((project, refusal.message))
    return Named(done, refused)


def _require_day(project: Project, organisation: Organisation, on: FactDay) -> None:
    if on < project.taken_in_on:
        raise Refused(f"日期{on}早于项目纳入日期{project.taken_in_on}。请填纳入之后的日期。", field="organisations")
    last = Participation.objects.filter(project=project, organisation=organisation).order_by("-effective_on").first()
    if last is not None and last.effective_on is not None and on < last.effective_on:
        raise Refused(f"{organisation}自{last.effective_on}起另有登记，新的日期不得早于该日。", field="organisations")


def _require_no_work(project: Project, organisations: Sequence[Organisation]) -> None:
    keys = {organ.pk: str(organ) for organ in organisations}
    busy = [f"{keys[key]}：{what}" for _, key, what in work_of([project.pk]) if key in keys]
    if busy:
        shown = "；".join(dict.fromkeys(busy[:LISTED]))
        raise Refused(
            f"还有事没办完，移出后就看不到了：{shown}。请先办结或移交，再移出。", field="organisations", code="has_work"
        )
