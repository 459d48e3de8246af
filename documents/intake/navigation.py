"""What imports offer on pages of apps below."""

from typing import Any, Final

from documents.intake.reading.file_guard import MOST_BYTES, NOT_SENT
from registry.kernel.authority import Actor, Permission, Role
from registry.web.actions import Action, nothing
from registry.web.uploads import UploadLimit


def _of_several(actor: Actor, subject: Any) -> bool:
    """A firm's file is of its own project."""
    return actor.role != Role.DEVELOPER


def _of_projects(subject: Any) -> tuple[str]:
    return ("projects",)


def _of_accounts(subject: Any) -> tuple[str]:
    return ("accounts",)


def _of_tickets(subject: Any) -> tuple[str]:
    return ("tickets",)


UPLOAD_LIMITS: Final = tuple(
    UploadLimit(f"/documents/{pages}/", MOST_BYTES, NOT_SENT) for pages in ("imports", "lists", "across")
)
ACTIONS = (
    Action("desk", 10, "跨项目清单", "intake:across_lists", allows=_of_several, args=nothing),
    Action("people", 10, "按清单开设账号", "intake:work_list", Permission.ACCOUNT_MANAGE, args=_of_accounts),
    Action("project", 20, "导入清册", "intake:upload", menu="导入导出", leads=("taken_in",)),
    Action("project", 30, "按清单办理", "intake:stage_list", menu="导入导出"),
    Action("project", 40, "清单导入", "intake:work_lists", Permission.BLOCKER_RAISE, menu="导入导出"),
    Action("tickets", 10, "导入工单", "intake:work_list", Permission.TICKET_TAKE_IN, args=_of_tickets),
    Action("projects", 30, "导入项目清单", "intake:work_list", Permission.PROJECT_CREATE, args=_of_projects),
)
