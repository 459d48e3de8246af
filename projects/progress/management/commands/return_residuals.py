"""manage.py return_residuals [--on YYYY-MM-DD]: run every night."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from projects.ledger.models import Project
from projects.progress.selectors.zero import projects_with_lapsed
from projects.progress.services.residual import return_lapsed_residuals
from registry.kernel.authority import system_actor
from registry.store.clock import ledger_today
from registry.store.commands import a_day
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "复查逾期的余户重新计入未办，逐个项目一笔"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=a_day, default=None, help="计算日期，不填为今日")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        on = options["on"] or ledger_today()
        actor, returned = system_actor("余户复查"), 0
        projects = projects_with_lapsed(on)
        for project in Project.objects.filter(id__in=projects).order_by("id"):
            returned += return_lapsed_residuals(actor=actor, project=project, on=on)
        facts = {"on": on, "projects": len(projects), "returned": returned}
        return {**facts, "message": f"{on}：{len(projects)}个项目的{returned}户余户复查逾期，已重新计入未办"}, 0
