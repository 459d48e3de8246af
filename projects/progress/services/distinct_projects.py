"""Two projects that look alike and are not one: judged by a person, with a reason, and taken back the same way."""

from projects.ledger.locks import lock_projects
from projects.ledger.models import Project
from projects.progress.models import Apart
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, require_reach, write
from registry.store.locks import lock


class ApartRefused(DomainError):
    """A pair that can't be judged."""


@write(Permission.PROJECT_CREATE, on="project", once=True)
def mark_distinct(*, actor: Actor, project: Project, other: Project, reason: str) -> Apart:
    """Keep a pair off the list of possible duplicates.

    Refused: a project and itself; no reason; the other out of reach; a pair judged before.
    """
    act = current_act()
    if project.pk == other.pk:
        raise ApartRefused("请选两个不同的项目。", field="other")
    require_reach(actor, other)
    if not reason.strip():
        raise ApartRefused("请写明判定为不同项目的理由，如：两期分别立项。", field="reason")
    first, second = sorted((project, other), key=lambda either: either.pk)
    lock_projects(first.pk, second.pk)
    if Apart.objects.filter(one=first, other=second, ended_act_id__isnull=True).exists():
        raise ApartRefused(f"{first.code}和{second.code}已判定为不同项目，无需重复判定。")
    judged: Apart = Apart.objects.create(
        one=first, other=second, reason=reason.strip(), judged_on=act.today, judged_by=actor.name, act_id=act.id
    )
    facts = {"code": other.code, "name": other.name, "why": judged.reason}
    made = Row.added(judged, "one_id", "other_id")
    record(event="project.set_apart", subject=project, chain=project.pk, facts=facts, rows=[made])
    return judged


@write(Permission.PROJECT_CREATE, on="apart.one")
def unmark_distinct(*, actor: Actor, apart: Apart, reason: str) -> Apart:
    """Put a pair back on the list. Refused: no reason; taken back before."""
    act = current_act()
    require_reach(actor, apart.other)
    if not reason.strip():
        raise ApartRefused("请写明撤销判定的理由。", field="reason")
    locked = lock(apart)
    if locked.ended_act_id is not None:
        raise ApartRefused("该判定已撤销。")
    locked.ended_act_id = act.id
    locked.save(update_fields=["ended_act_id"])
    facts = {"code": locked.other.code, "name": locked.other.name, "why": reason.strip()}
    changed = Row.changed(locked, {"ended_act_id": None})
    record(event="project.alike_again", subject=locked.one, chain=locked.one_id, facts=facts, rows=[changed])
    return locked
