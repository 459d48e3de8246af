"""manage.py generate_city --projects 900 --units 600000 --months 18 --seed 7."""

from argparse import ArgumentParser
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from commitments.services import count_exposure
from documents.setup.city import CityPlan, generate
from documents.setup.reference import load_reference
from projects.casework.services.leverage import count_leverage
from projects.ledger.models import Project, Unit
from registry.store.clock import ledger_today
from registry.store.commands import a_count
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "生成一座演示城市：同样的种子生成同样的数据；中断后再运行会接着做"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--projects", type=a_count, default=900, help="项目数")
        parser.add_argument("--units", type=a_count, default=600_000, help="户数")
        parser.add_argument("--months", type=a_count, default=18, help="历史长度（月）")
        parser.add_argument("--seed", type=int, default=7, help="种子")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        plan = CityPlan(options["projects"], options["units"], options["months"], options["seed"])
        started, made = perf_counter(), 0
        load_reference()
        for project in generate(plan):
            made += 1
            if made % 25 == 0:
                self.stderr.write(f"已生成{made}个项目，到{project.code}，{perf_counter() - started:.0f}秒")
        if made:
            count_leverage(on=ledger_today())
            count_exposure(ledger_today())
        facts = {
            "made": made,
            "projects": Project.objects.filter(code__startswith="CS-").count(),
            "units": Unit.objects.count(),
            "seconds": round(perf_counter() - started, 1),
        }
        return {**facts, "message": f"新生成{made}个项目，共{facts['units']}户，用时{facts['seconds']}秒"}, 0
