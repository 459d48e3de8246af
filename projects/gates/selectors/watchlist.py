"""The watch list: homes accepted or issued before a fault was found."""

from projects.gates.models import Blocker, WatchedUnit
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.kernel.stages import Track, stage_of


def watched_count(blocker: Blocker) -> int:
    """Count the homes watched for a blocker. One query."""
    return WatchedUnit.objects.filter(blocker=blocker).count()


def watched_in(project: Project) -> int:
    """Count the homes watched in a project, each once. One query."""
    rows = WatchedUnit.objects.filter(blocker__project=project, blocker__withdrawn_reason="")
    return rows.values("unit_id").distinct().count()


def watched_of(actor: Actor, project: Project, *, number: str = "") -> list[tuple[WatchedUnit, str, str]]:
    """List a project's watched homes with their stage then and now, by blocker and building. One query."""
    rows = WatchedUnit.objects.visible_to(actor).filter(blocker__project=project, blocker__withdrawn_reason="")
    if number:
        rows = rows.filter(blocker__number=number)
    rows = rows.select_related("blocker", "unit__building").order_by(
        "-blocker__found_on", "blocker_id", "unit__building__number_order", "unit_id"
    )
    return [(row, _stage(row.stage), _stage(row.unit.certificate)) for row in rows]


def _stage(code: str) -> str:
    return stage_of(Track.CERTIFICATE, code).label if code else "已注销"
