"""manage.py export_monthly YYYY-MM --out FILE [--known-at MOMENT]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents.reports.models import MonthClose
from documents.reports.selectors.months import month_begun, preview_month
from documents.reports.services import rows_hash
from documents.reports.workbook import monthly_workbook
from registry.store.clock import ledger_now, ledger_today
from registry.store.commands import a_moment, a_month
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "导出月报工作簿：已结账的照冻结数，未结账的按当时已知"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=a_month, help="月份，如 2022-02")
        parser.add_argument("--out", required=True, help="写入的 .xlsx 文件")
        parser.add_argument(
            "--known-at", type=a_moment, dest="known_at", help="按所填时刻已知的记录重算，如 2022-03-05T09:00"
        )

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        month = month_begun(options["month"], today=ledger_today())
        closed = MonthClose.objects.filter(month=str(month)).first()
        if closed is not None and not options["known_at"]:
            rows, cut_off, stamp = closed.rows, closed.cut_off_on, f"已结账，校验 {closed.rows_hash[:12]}"
        else:
            computed = preview_month(month=month, known_at=options["known_at"])
            known_at = options["known_at"] or ledger_now()
            rows, cut_off, stamp = computed.rows, computed.cut_off_on, f"按{known_at:%Y-%m-%d %H:%M}已知重算"
        out = Path(options["out"])
        out.write_bytes(monthly_workbook(month=month, cut_off_on=cut_off, rows=rows, stamp=stamp))
        return {"month": str(month), "file": str(out), "rows_hash": rows_hash(rows), "message": f"已写{out}"}, 0
