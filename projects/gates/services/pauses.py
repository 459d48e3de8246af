"""Pauses: an organ stops new acceptances for a scope, and ends it again."""

from datetime import date

from projects.gates.models import Pause
from projects.gates.selectors.scopes import scope_count
from projects.gates.services.readiness import refresh_readiness
from projects.ledger.locks import lock_project, require_stayed
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.scope import Scope
from registry.store.acts import Row, current_act, write


class PauseRefused(DomainError):
    """A pause that can't be written so."""


@write(Permission.PAUSE_DECIDE, on="project", once=True)
def pause_acceptances(
    *, actor: Actor, project: Project, scope: Scope, organ: str, basis: str, reason: str, starts: date
) -> Pause:
    """Stop new acceptances of the units in scope from a day on. Accepted and issued homes run on."""
    lock_project(project.pk)
    act = current_act()
    if not reason.strip() or not basis.strip():
        raise PauseRefused("暂停受理必须写明原因和依据。", field="reason")
    count = scope_count(project_id=project.id, scope=scope)
    if count.units == 0:
        raise PauseRefused("所选范围内没有符合条件的户。请核对范围。", field="scope")
    pause: Pause = Pause.objects.create(
        project=project,
        scope=scope.to_data(),
        organ=organ,
        basis=basis,
        reason=reason,
        starts=starts,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    refresh_readiness([project.id], since=starts)
    record(
        event="pause.decided",
        subject=pause,
        chain=project.id,
        facts={"units": count.units, "organ": organ, "starts": starts},
        reason=reason,
        rows=[Row.added(pause, "starts")],
    )
    return pause


@write(Permission.PAUSE_DECIDE, on="pause")
def end_pause(*, actor: Actor, pause: Pause, ends: date, reason: str) -> Pause:
    """End a pause from a day on."""
    lock_project(pause.project_id)
    known, pause = pause, Pause.objects.get(pk=pause.pk)
    require_stayed(pause.project_id, known.project_id)
    if not reason.strip():
        raise PauseRefused("未填写恢复受理的原因。", field="reason")
    if pause.ends is not None:
        raise PauseRefused(f"这次暂停已于{pause.ends}结束。")
    if ends < pause.starts:
        raise PauseRefused(f"结束日期不得早于开始日期{pause.starts}。", field="ends")
    pause.ends, pause.ended_act_id = ends, current_act().id
    pause.save(update_fields=["ends", "ended_act_id"])

    refresh_readiness([pause.project_id], since=ends)
    record(
        event="pause.ended",
        subject=pause,
        chain=pause.project_id,
        facts={"organ": pause.organ, "ends": ends},
        reason=reason,
        rows=[Row.changed(pause, {"ends": None})],
    )
    return pause
