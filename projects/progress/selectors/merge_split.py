"""What merging or parting projects moves, in sums that must come out the same on both sides."""

from collections.abc import Collection, Sequence

from projects.gates.models import Blocker
from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit


def unit_count(project: Project, buildings: Collection[int] | None = None) -> int:
    """Count the units of a project, or of some of its buildings. One query."""
    units = Unit.objects.filter(IN_THE_BOOKS, building__project=project)
    return int((units if buildings is None else units.filter(building__in=buildings)).count())


def issued_count(project: Project, buildings: Collection[int] | None = None) -> int:
    """Count the units issued in a project, or in some of its buildings. One query."""
    units = Unit.objects.filter(building__project=project, certificate="issued")
    return int((units if buildings is None else units.filter(building__in=buildings)).count())


def clashing_buildings(project: Project, absorbed: Project) -> list[Building]:
    """List the buildings of `absorbed` whose number a building of `project` bears too. One query."""
    taken = Building.objects.filter(project=project).values("number")
    return list(Building.objects.filter(project=absorbed, number__in=taken).order_by("number_order", "id"))


def lines_of_merge(project: Project, absorbed: Project) -> list[str]:
    """Say what comes over, with the sums before and after. Six queries."""
    buildings = Building.objects.filter(project=absorbed).count()
    own, others = unit_count(project), unit_count(absorbed)
    own_issued, others_issued = issued_count(project), issued_count(absorbed)
    blockers = Blocker.objects.filter(project=absorbed, withdrawn_reason="").count()
    return [
        f"{absorbed.name}的{buildings:,}栋、{others:,}户归入{project.name}",
        f"户数{own:,}＋{others:,}＝{own + others:,}，已发证{own_issued:,}＋{others_issued:,}＝{own_issued + others_issued:,}",
        f"{blockers:,}个堵点及其承诺、决定、附件一并归入",
        f"{absorbed.code}和“{absorbed.name}”成为本项目的原编号、曾用名",
    ]


def lines_of_split(project: Project, buildings: Sequence[Building]) -> list[str]:
    """Say what leaves, with the sums before and after. Four queries."""
    keys = [building.pk for building in buildings]
    every, leaving = unit_count(project), unit_count(project, keys)
    issued, leaving_issued = issued_count(project), issued_count(project, keys)
    return [
        f"{'、'.join(building.name for building in buildings)}共{leaving:,}户拆到新项目",
        f"户数{every:,}＝留下{every - leaving:,}＋拆出{leaving:,}",
        f"已发证{issued:,}＝留下{issued - leaving_issued:,}＋拆出{leaving_issued:,}",
        "涉及两个项目的堵点、承诺，在新项目另行登记，范围分别确定",
        "开发建设单位、参与单位、责任人、计划日期沿用至新项目",
    ]
