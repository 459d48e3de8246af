"""The scope of a blocker changes from a day on; a resolved one is opened again. What was stays on record."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from projects import ports
from projects.gates.models import Blocker, BlockerVersion, VersionKind
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.scopes import scope_count
from projects.gates.services.blockers import BlockerRefused, measured, own_blocker
from projects.gates.services.readiness import refresh_readiness
from projects.gates.services.watchlist import watch_units_made_before
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.scope import NOTHING, Scope
from registry.store.acts import Row, current_act, values_of, write
from registry.store.versions import UNSEEN, Seen

TOLD: Final = ("units_caught", "units_at_fault", "resolved_on", "resolution")  # of a blocker, in the trail


@write(Permission.BLOCKER_UPDATE, on="blocker", once=True)
def change_scope(
    *,
    actor: Actor,
    blocker: Blocker,
    scope: Scope,
    at_fault: Scope,
    effective_on: FactDay,
    reason: str,
    seen: Seen = UNSEEN,
) -> Blocker:
    """Narrow or widen a blocker from a day on, with the reason.

    Refused: resolved or withdrawn; no reason; a day ahead or before its last change; a scope that catches nothing, a
    fault outside it, or the same units as before.
    """
    blocker = own_blocker(actor, blocker)
    before, last = values_of(blocker, TOLD), _last(blocker)
    if blocker.withdrawn_reason or blocker.resolved_on is not None:
        raise BlockerRefused(f"{blocker.number}已解决或撤销，不能变更范围。仍未解决的，请先重新打开。")
    if not reason.strip():
        raise BlockerRefused("未填写变更范围的原因。", field="reason")
    if effective_on < last.effective_on:
        raise BlockerRefused(f"生效日期须在上次变动{last.effective_on}和今日之间。", field="effective_on")
    old, old_fault = Scope.from_data(last.scope), Scope.from_data(last.at_fault)
    wanted = {"scope": scope.to_data(), "at_fault": at_fault.to_data()}
    merged = seen.merge(values_of(last, wanted), wanted, blocker, last)
    scope, at_fault = Scope.from_data(merged["scope"]), Scope.from_data(merged["at_fault"])
    measured(blocker.project_id, scope, at_fault)
    kind = _kind(blocker.project_id, (old, old_fault), (scope, at_fault))
    _write(blocker, kind, scope, at_fault, effective_on, reason)
    _count(blocker, scope, at_fault)

    refresh_readiness([blocker.project_id], since=effective_on)
    added = (scope - old) | (at_fault - old_fault)
    watched = watch_units_made_before(actor=actor, blocker=blocker, scope=added, at_fault=at_fault)
    _record(blocker, before, "blocker.rescoped", reason, {"how": kind.label, "on": effective_on, "watched": watched})
    return blocker


@write(Permission.BLOCKER_UPDATE, on="blocker", once=True)
def reopen_blocker(*, actor: Actor, blocker: Blocker, reopened_on: date, reason: str) -> Blocker:
    """Open a resolved blocker again from a day on, with its last scope; in between it caught nobody."""
    blocker = own_blocker(actor, blocker)
    before, resolved_on = values_of(blocker, TOLD), blocker.resolved_on
    if blocker.withdrawn_reason or resolved_on is None:
        raise BlockerRefused(f"{blocker.number}未登记解决，无需重新打开。系误登后撤销的，请重新登记。")
    if not reason.strip():
        raise BlockerRefused("未填写重新打开的原因。", field="reason")
    if reopened_on < resolved_on:
        raise BlockerRefused(f"重新打开的日期须在解决日期{resolved_on}和今日之间。", field="reopened_on")
    last = _last(blocker)
    scope, at_fault = Scope.from_data(last.scope), Scope.from_data(last.at_fault)
    _write(blocker, VersionKind.RESOLVED, NOTHING, NOTHING, resolved_on, blocker.resolution)
    _write(blocker, VersionKind.REOPENED, scope, at_fault, reopened_on, reason)
    ports.blocker_reopened(blocker=blocker, ended_on=resolved_on, on=reopened_on)
    blocker.resolved_on, blocker.resolution, blocker.resolved_act_id = None, "", None
    blocker.save(update_fields=["resolved_on", "resolution", "resolved_act_id"])

    refresh_readiness([blocker.project_id], since=resolved_on)
    watched = watch_units_made_before(actor=actor, blocker=blocker, scope=scope, at_fault=at_fault)
    _record(blocker, before, "blocker.reopened", reason, {"on": reopened_on, "watched": watched})
    return blocker


def _last(blocker: Blocker) -> BlockerVersion:
    last: BlockerVersion = BlockerVersion.objects.filter(blocker=blocker).order_by("-effective_on", "-id")[0]
    return last


def _kind(project_id: int, old: tuple[Scope, Scope], new: tuple[Scope, Scope]) -> VersionKind:
    columns = facts_of([project_id])[project_id].buildings

    def counted(scope: Scope) -> int:
        return scope_count(project_id=project_id, scope=scope, columns=columns).units

    more = counted((new[0] - old[0]) | (new[1] - old[1]))
    fewer = counted((old[0] - new[0]) | (old[1] - new[1]))
    if not more and not fewer:
        raise BlockerRefused("新范围与原范围的户相同，未作变动。", field="scope")
    if more and fewer:
        return VersionKind.CHANGED
    return VersionKind.WIDENED if more else VersionKind.NARROWED


def _write(blocker: Blocker, kind: VersionKind, scope: Scope, at_fault: Scope, on: date, reason: str) -> None:
    act = current_act()
    BlockerVersion.objects.create(
        blocker=blocker,
        kind=kind,
        scope=scope.to_data(),
        at_fault=at_fault.to_data(),
        reason=reason.strip()[:300],
        effective_on=on,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )


def _count(blocker: Blocker, scope: Scope, at_fault: Scope) -> None:
    caught, fault = measured(blocker.project_id, scope, at_fault)
    blocker.units_caught, blocker.units_at_fault = caught.units, fault.units
    blocker.save(update_fields=["units_caught", "units_at_fault"])


def _record(blocker: Blocker, before: Mapping[str, Any], event: str, reason: str, facts: dict[str, object]) -> None:
    record(
        event=event,
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "title": blocker.title, "units": blocker.units_caught, **facts},
        reason=reason,
        rows=Row.if_changed(blocker, before),
    )
