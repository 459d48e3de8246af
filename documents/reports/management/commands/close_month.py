"""manage.py close_month YYYY-MM."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from documents.reports.services import close_month
from registry.kernel.authority import system_actor
from registry.store.commands import a_month
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "月度结账：算一次、冻结、留校验值；以系统名义，平时由两人在网页上办理"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=a_month, help="月份，如 2022-02")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        closed = close_month(actor=system_actor("月度结账"), month=options["month"])
        facts = {
            "month": closed.month,
            "cut_off_on": closed.cut_off_on,
            "known_at": closed.known_at,
            "rows_hash": closed.rows_hash,
            "message": f"{closed.month}已结账，校验值{closed.rows_hash}",
        }
        return facts, 0
