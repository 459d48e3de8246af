"""Where commitments stand in the bar, what they offer on the pages of projects and policies."""

from typing import Any

from registry.kernel.authority import Permission
from registry.web.actions import Action
from registry.web.navigation import NavEntry


def _project_of(proposal: Any) -> tuple[str]:
    return (proposal.blocker.project.code,)


def _policy_of(proposal: Any) -> dict[str, int]:
    return {"policy": proposal.policy_id}


NAVIGATION = (NavEntry(40, "承诺", "commitments:instruments"),)
PAGES = {"instrument": "commitments:instrument"}
ACTIONS = (
    Action("project", 60, "起草承诺函", "commitments:draft_letter", menu="登记", leads=("resolving",)),
    Action("project", 70, "录入决定", "commitments:draft_decision", menu="登记"),
    Action("project", 137, "承接单位", "commitments:succession", Permission.PARTICIPATION_SET, menu="登记"),
    Action("lift", 10, "出具决定", "commitments:draft_decision", args=_project_of, query=_policy_of),
)
