"""manage.py advance_units --project CODE --to TRACK:STAGE --on DATE --as USER (--units FILE | --all-at STAGE)."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from projects.ledger.models import Unit
from projects.ledger.selectors.projects import project_by_code
from projects.progress.services import advance_units
from registry.kernel.errors import DomainError
from registry.kernel.numerals import whole_number
from registry.kernel.stages import STAGES, Track
from registry.store.commands import a_count, a_day
from registry.web.commands import LedgerCommand, actor_named


class Command(LedgerCommand):
    help = "批量办理户的阶段：规则与单户相同，不能办理的逐户说明"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="项目编号")
        parser.add_argument("--to", required=True, help="如 certificate:collected、tax:settled、fund:settled")
        parser.add_argument("--on", type=a_day, required=True, help="办理日期，如 2022-03-07")
        parser.add_argument("--as", dest="username", required=True, help="办理人（登录名）")
        parser.add_argument("--at", default="", help="办理目前处于该阶段的全部住宅")
        parser.add_argument("--units", default="", help="文件，每行一个户的编号（数据库编号）")
        parser.add_argument("--limit", type=a_count, default=None, help="最多多少户")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        track, stage = target(options["to"])
        actor = actor_named(options["username"])
        project = project_by_code(actor, options["project"])
        outcome = advance_units(
            actor=actor,
            project=project,
            unit_ids=chosen(options, project.id, track),
            track=track,
            to=stage,
            occurred_on=options["on"],
        )
        refused = [{"unit": one.unit_id, "label": one.label, "reason": one.reason} for one in outcome.refused]
        facts = {"moved": len(outcome.moved), "unchanged": len(outcome.unchanged), "refused": refused}
        return facts, 1 if refused else 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "moved" not in facts:
            return super().words(facts)
        lines = [f"已办理{facts['moved']}户，原已办结{facts['unchanged']}户，未办理{len(facts['refused'])}户"]
        return lines + [f"  {one['label']} {one['reason']}" for one in facts["refused"]]


def target(text: str) -> tuple[Track, str]:
    """Read "track:stage"."""
    name, _, stage = text.partition(":")
    if name not in {track.value for track in Track} or stage not in {s.code for s in STAGES[Track(name)]}:
        known = "、".join(f"{track.value}:{s.code}" for track in Track for s in STAGES[track])
        raise CommandError(f"没有“{text}”这个阶段。可用：{known}。")
    return Track(name), stage


def chosen(options: Mapping[str, Any], project_id: int, track: Track) -> list[int]:
    """Return the units that the options name."""
    if options["units"]:
        lines = Path(options["units"]).read_text().split()
        keys = [key for line in lines if (key := whole_number(line)) is not None]
        if len(keys) < len(lines):
            raise CommandError("户的编号文件每行只能是一个数字。")
        return keys
    if not options["at"]:
        raise DomainError("请用 --units 文件或 --at 阶段说明所办理的户。")
    stages = [stage.code for stage in STAGES[track]]
    if options["at"] not in stages:
        raise CommandError(f"--at没有“{options['at']}”这个阶段。可用：{'、'.join(stages)}。")
    units = Unit.objects.filter(building__project_id=project_id, use="dwelling", **{track.value: options["at"]})
    keys = list(units.order_by("id").values_list("id", flat=True))
    return keys[: options["limit"]] if options["limit"] else keys
