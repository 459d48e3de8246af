"""manage.py recount_figures: after an upgrade, once: the figures of every project by the rules of the release."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from projects.gates.services.recount import is_counted_before, recount_figures
from registry.kernel.authority import system_actor
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "升级后按现行口径重算各项目的数；make run 启动时会自动做，分开升级的在 migrate 之后执行一次"

    is_quiet = False

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-due", action="store_true", dest="if_due", help="不必重算时什么也不说")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        if not is_counted_before():
            self.is_quiet = options["if_due"]
            return {"projects": 0}, 0
        return {"projects": recount_figures(actor=system_actor("重新计算指标"))}, 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        count = facts["projects"]
        if self.is_quiet:
            return []
        return [f"按现行口径重算了{count}个项目。" if count else "各项目的数已按现行口径算过。"]
