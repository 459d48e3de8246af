"""Who works at the counter of an office: those who take papers in and hand certificates out."""

from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import Track


def is_at_counter(actor: Actor) -> bool:
    """Whether an actor serves families: the office itself, not the organs that its papers go to. No query."""
    return actor.can(Permission.UNIT_ADVANCE) and actor.may_advance(Track.CERTIFICATE, "collected")


def require_counter(actor: Actor, what: str) -> None:
    """Refuse who does not serve families: a department, the tax office, the registration centre. No query."""
    if not is_at_counter(actor):
        raise PermissionRefused(
            f"{actor.role.label}不在办证窗口接待，不能{what}。请由驻场办证服务点、乡镇人民政府或街道办事处办理。"
        )
