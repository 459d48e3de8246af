"""A pause proposed because a fault was found later: an organ decides."""

from collections.abc import Sequence

from projects.gates.models import Blocker, Pause
from projects.gates.services.pauses import pause_acceptances
from projects.gates.services.watchlist import PAUSE
from projects.ledger.models import Building, Project
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Actor, Permission
from registry.kernel.scope import Scope
from registry.store.acts import current_act


def _blocker(approval: Approval) -> Blocker:
    blocker: Blocker = Blocker.objects.select_related("project").get(pk=approval.payload["blocker"])
    return blocker


def _project(approval: Approval) -> Project:
    project: Project = _blocker(approval).project
    return project


def _carry_out(*, actor: Actor, approval: Approval) -> Pause:
    blocker = _blocker(approval)
    pause: Pause = pause_acceptances.within(
        actor=actor,
        project=blocker.project,
        scope=Scope.from_data(approval.payload["scope"]),
        organ=actor.organisation_name,
        basis=f"堵点{blocker.number}",
        reason=approval.reason[:200],
        starts=current_act().today,
    )
    return pause


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    blocker = _blocker(approval)
    names = dict(Building.objects.filter(project=blocker.project).values_list("id", "name"))
    return (
        ("项目", blocker.project.name),
        ("堵点", f"{blocker.number} {blocker.title}，发现于{blocker.found_on}"),
        ("暂停的范围", Scope.from_data(approval.payload["scope"]).describe(names)),
        ("其中尚未受理的", f"{approval.payload['running']}户"),
        ("已受理、发证的", f"{approval.payload['watched']}户，不受影响，已列入关注"),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    blocker = _blocker(approval)
    version = blocker.versions.order_by("-id").first()
    ended = (
        f"{blocker.resolved_on}解决" if blocker.resolved_on else "已撤销" if blocker.withdrawn_reason else "没有解决"
    )
    names = dict(Building.objects.filter(project=blocker.project).values_list("id", "name"))
    scope = Scope.from_data(version.scope) if version is not None else Scope.from_data(approval.payload["scope"])
    return (
        ("堵点", f"{blocker.number} {blocker.title}"),
        ("堵点的状态", ended),
        ("堵点的范围", f"{scope.describe(names)}（核对码{check_mark(scope.to_data())}）"),
        ("提请的范围", check_mark(approval.payload["scope"])),
    )


def _about(approval: Approval) -> object:
    return approval.payload["blocker"]


KIND = ApprovalKind(
    kind=PAUSE,
    label="决定暂停受理",
    permission=Permission.PAUSE_DECIDE,
    propose=Permission.BLOCKER_RAISE,
    carry_out=_carry_out,
    subject=_project,
    lines=_lines,
    rests_on=_state,
    about=_about,
)
