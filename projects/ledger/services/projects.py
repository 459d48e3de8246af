"""Projects: taken in with the scope test, changed, noted on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from projects import ports
from projects.ledger.choices import CUT_OFF, AliasKind, ProjectStatus
from projects.ledger.locks import lock_project
from projects.ledger.models import DATED, Alias, Developer, Participation, ProgressNote, Project, ProjectVersion
from projects.ledger.models.project import NoteKind
from projects.ledger.pinyin import pinyin_initials
from projects.ledger.services.buildings import dependents_of
from projects.ledger.services.participation import name_into
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import Place, place_of
from registry.accounts.selectors.settings import setting_on
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import AnyDay, FactDay, with_years
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, values_of, within_act, write
from registry.store.versions import UNSEEN, Seen

CHANGEABLE = (
    "status", "primary_issue", "plan", "leader", "officer", "target_on", "batch", "programme", "location", "name",
    "housing_type", "occupied_from", "occupied_to", "sold_on",
)  # fmt: skip
COUNTED = (ProjectStatus.ZEROED, ProjectStatus.CLOSED)  # reached by counting units, never by choosing


COLLECTIVE: Final = (
    "集体土地上的房屋（小产权房）不属于台账范围，不予纳入。依据：台账仅纳入国有土地上已建成并出售的城镇住宅。"
)


class ProjectRefused(DomainError):
    """A project that can't be taken in or changed so."""


@write(Permission.PROJECT_CREATE, once=True)
def take_in_project(
    *,
    actor: Actor,
    code: str,
    name: str,
    township_code: str,
    housing_type: str,
    taken_in_on: date,
    developer: Developer | None = None,
    aliases: Mapping[str, str] | None = None,
    participants: tuple[Organisation, ...] = (),
    is_state_owned: bool = True,
    is_buyer_innocent: bool = True,
    place: Place | None = None,
    **details: Any,
) -> Project:
    """Take a project into the ledger.

    Refused unless it passes the scope test, the code and name are given, the day is not ahead, and the township is one
    of the city's table, in the actor's area. `place`: where a part that is split off lies, as its project does.
    """
    act = current_act()
    require_in_scope(is_state_owned, is_buyer_innocent, details.get("sold_on"), today=act.today)
    if not code.strip() or not name.strip():
        raise ProjectRefused("项目编号、项目名称均须填写。请补填。", field="code")
    lies = place or place_of(township_code)
    if actor.area_code and not lies.township_code.startswith(actor.area_code):
        raise ProjectRefused("只能纳入本辖区的项目。", field="township_code")
    if Project.objects.filter(code=code).exists():
        raise ProjectRefused(f"编号{code}已用于另一个项目。请换一个编号，或在原项目上补充别名。", field="code")
    project: Project = Project.objects.create(
        code=code,
        name=name,
        initials=pinyin_initials(name),
        **asdict(lies),
        housing_type=housing_type,
        taken_in_on=taken_in_on,
        developer=developer,
        act_id=act.id,
        **details,
    )
    write_version(project, taken_in_on)
    Alias.objects.bulk_create(
        Alias(project=project, kind=AliasKind(kind), text=text, initials=pinyin_initials(text), act_id=act.id)
        for text, kind in (aliases or {}).items()
    )
    name_into(project, *participants)

    record(
        event="project.taken_in",
        subject=project,
        chain=project.id,
        facts={"code": code, "name": name},
        rows=[Row.added(project, "code", "name")],
    )
    return project


def require_in_scope(is_state_owned: bool, is_buyer_innocent: bool, sold_on: FactDay | None, *, today: AnyDay) -> None:
    """Refuse what the 2025 joint notice keeps out of the ledger, naming the rule; the cut-off is the city's setting."""
    if not is_state_owned:
        raise ProjectRefused(COLLECTIVE, field="is_state_owned")
    if not is_buyer_innocent:
        raise ProjectRefused(
            "购房人有过错的不在台账范围内，不予纳入。依据：只收购房人无过错的项目；个别户有过错的，纳入后按户挂账。",
            field="is_buyer_innocent",
        )
    if sold_on is not None and sold_on > (cut_off := setting_on(CUT_OFF, on=today)):
        raise ProjectRefused(
            f"{sold_on}建成售出，晚于{cut_off}，不予纳入。依据：只收截止日前已建成并售出的项目；之后的按新建项目办理。",
            field="sold_on",
        )


@within_act
def write_version(project: Project, effective_on: date, *changed: str) -> None:
    """Add a dated version of what rules, figures and reports read. Inside an open act, after the row is written.

    What is said of a day before the last version holds from then on until now: the versions of later days are written
    anew with the attributes that `changed`, and keep what else they had.
    """
    act = current_act()
    made = {"recorded_at": act.recorded_at, "act_id": act.id}
    now = {name: getattr(project, name) for name in DATED}
    then = _version_on(project, effective_on)
    own = {name: value for name, value in now.items() if then is None or name in changed}
    before = {} if then is None else {name: getattr(then, name) for name in DATED}
    ProjectVersion.objects.create(project=project, effective_on=effective_on, **(before | own), **made)
    for later in _versions_after(project, effective_on):
        kept = {name: getattr(later, name) for name in DATED} | {name: now[name] for name in changed}
        ProjectVersion.objects.create(project=project, effective_on=later.effective_on, **kept, **made)


def _version_on(project: Project, on: date) -> ProjectVersion | None:
    rows = ProjectVersion.objects.filter(project=project, effective_on__lte=on)
    last: ProjectVersion | None = rows.order_by("-effective_on", "-id").first()
    return last


def _versions_after(project: Project, on: date) -> list[ProjectVersion]:
    """The versions that hold from each later day on, in the order of days."""
    rows = ProjectVersion.objects.filter(project=project, effective_on__gt=on).order_by("effective_on", "id")
    return list({row.effective_on: row for row in rows}.values())


@write(Permission.PROJECT_UPDATE, on="project")
def change_project(
    *, actor: Actor, project: Project, changes: Mapping[str, Any], effective_on: FactDay, seen: Seen = UNSEEN
) -> Project:
    """Change a project's own fields; what rules, figures and reports read becomes a dated version.

    Refused: a field that is not changed here, a status outside the list, a day ahead, no change at all.
    """
    current = lock_project(project.pk)
    unknown = sorted(set(changes) - set(CHANGEABLE))
    if unknown:
        raise ProjectRefused(f"以下内容不能在本页修改：{'、'.join(unknown)}。")
    changes = seen.merge(values_of(current, changes), changes, current)
    before = {name: getattr(current, name) for name, value in changes.items() if getattr(current, name) != value}
    if not before:
        raise ProjectRefused("内容未作修改。")
    if changes.get("status", current.status) not in ProjectStatus.values:
        raise ProjectRefused("没有这种项目状态。请从清单里选。", field="status")
    if changes.get("status") in COUNTED and "status" in before:
        raise ProjectRefused("清零、销号要逐户核对，不能直接改。请在项目页“清零核对”里办理。", field="status")
    if "name" in before and not str(changes["name"]).strip():
        raise ProjectRefused("项目名称不能为空。", field="name")
    if "sold_on" in before:
        require_in_scope(True, True, changes["sold_on"], today=current_act().today)
    years = [changes.get(name, getattr(current, name)) for name in ("occupied_from", "occupied_to")]
    if all(years) and years[1] < years[0]:
        raise ProjectRefused(f"入住年份{years[0]}晚于{years[1]}。请核对。", field="occupied_to")
    if "name" in before:
        _keep_name(current)
        current.initials = pinyin_initials(changes["name"])
    for name in before:
        setattr(current, name, changes[name])
    current.save(update_fields=[*before, *(["initials"] if "name" in before else [])])
    if dated := [name for name in before if name in DATED]:
        write_version(current, effective_on, *dated)
    if "housing_type" in before:
        ports.plan_changed([current.pk])

    labels = "、".join(str(f.verbose_name) for f in Project._meta.concrete_fields if f.name in before)
    record(
        event="project.changed",
        subject=current,
        chain=current.id,
        facts={"fields": labels},
        rows=[Row.changed(current, before)],
    )
    return current


@write(Permission.PROJECT_CREATE, on="project")
def take_out_project(*, actor: Actor, project: Project, reason: str) -> None:
    """Take a project that was taken in by mistake out of the ledger; what was recorded of it stays on record.

    Refused if anything hangs on it, without a reason.
    """
    current = lock_project(project.pk)
    if not reason.strip():
        raise ProjectRefused("未填写原因。", field="reason")
    dependent = dependents_of(current, but=(ProjectVersion, Alias, Participation))
    if dependent:
        raise ProjectRefused(f"{current.code}已有{dependent}，不能退出台账。")
    record(
        event="project.taken_out",
        chain=current.id,
        facts={"code": current.code, "name": current.name},
        reason=reason.strip(),
        rows=[Row.removed(current, "code", "name")],
    )
    for model in (ProjectVersion, Alias, Participation):
        model.objects.filter(project=current).delete()
    current.delete()


@within_act
def set_project_status(project: Project, status: ProjectStatus, on: date) -> None:
    """Set a status that counting brings about, with its dated version. Inside an open act that records."""
    project.status = status.value
    project.closed_on = on if status == ProjectStatus.CLOSED else None
    project.save(update_fields=["status", "closed_on"])
    write_version(project, on, "status", "closed_on")


def _keep_name(project: Project) -> None:
    """The name before stays findable."""
    Alias.objects.get_or_create(
        project=project,
        kind=AliasKind.FORMER,
        text=project.name,
        defaults={"initials": project.initials, "act_id": current_act().id},
    )


def _progress_before(project: Project, noted_on: date) -> ProgressNote | None:
    """Return the last note of progress of the months before a day. One query."""
    notes = ProgressNote.objects.filter(
        project=project, kind=NoteKind.PROGRESS, noted_on__lt=noted_on.replace(day=1)
    )  # fmt: skip
    last: ProgressNote | None = notes.order_by("-noted_on", "-id").first()
    return last


@write(Permission.NOTE_WRITE, on="project", once=True)
def add_note(*, actor: Actor, project: Project, kind: NoteKind, text: str, noted_on: date) -> ProgressNote:
    """Add a dated note of progress or of measures next. Days that it names without a year get theirs.

    Refused: before the project was taken in; progress in the words of the month before: that is none.
    """
    act = current_act()
    if not text.strip():
        raise ProjectRefused("未填写内容。", field="text")
    if noted_on < project.taken_in_on:
        raise ProjectRefused(
            f"日期{noted_on}早于项目纳入日期{project.taken_in_on}。请填写纳入之后的日期。", field="noted_on"
        )
    said = with_years(text.strip(), noted_on, is_ahead=kind == NoteKind.NEXT)
    if kind == NoteKind.PROGRESS and (last := _progress_before(project, noted_on)) is not None and last.text == said:
        raise ProjectRefused(
            f"进展与{last.noted_on}所填的相同。请写明本月的新进展；没有进展的，写明原因和责任单位。", field="text"
        )
    note: ProgressNote = ProgressNote.objects.create(
        project=project,
        kind=kind,
        text=said,
        noted_on=noted_on,
        organisation_name=actor.organisation_name,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="note.added",
        subject=project,
        chain=project.id,
        facts={"kind": kind.label, "text": note.text[:60]},
        rows=[Row.added(note, "text")],
    )
    return note
