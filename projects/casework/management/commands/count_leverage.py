"""manage.py count_leverage: what resolving each blocker would free, for a timer at night."""

from collections.abc import Mapping
from typing import Any

from projects.casework.services.leverage import count_leverage
from registry.store.clock import ledger_today
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "计算优先化解次序：各项目的堵点单独化解、一并化解可打通多少户；可重复执行"

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        run = count_leverage(on=ledger_today())
        return {
            "on": run.as_of,
            "projects": run.projects,
            "blockers": run.blockers,
            "message": f"{run.as_of}：{run.projects}个项目，{run.blockers}个堵点",
        }, 0
