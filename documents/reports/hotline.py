"""The sheet of the hotline (12345): the rates of its month by district, each with what it is made of."""

from collections.abc import Callable
from typing import Any, Final

from documents.reports.parts import Part
from documents.reports.ranking import percent
from projects.leads.selectors.rates import RateTable
from registry.kernel.columns import Column

SHARES: Final = {
    "contacted": "按时联系率", "responded": "响应率", "solved": "解决率", "satisfied": "满意率",
}  # fmt: skip


def _made_of(name: str) -> Callable[[Any], str]:
    """Of a rate, its hits among its cases: each number has its denominator."""
    return lambda row: f"{row[f'{name}_hits']:,}／{row[f'{name}_cases']:,}"


HOTLINE: Final = Part(
    "hotline",
    "12345线索",
    (
        Column("unit", "区", "unit", width=16),
        Column("period", "统计期", "period", width=24),
        Column("tickets", "工单（件）", "tickets", kind="int", width=10),
        Column("demands", "诉求（件，不含重复）", "demands", kind="int", width=18),
        *(
            column
            for name, label in SHARES.items()
            for column in (
                Column(name, label, percent(name), kind="rate", width=11),
                Column(f"{name}_of", "件数", _made_of(name), width=11),
            )
        ),
    ),
    "统计期按热线考核的起止日，与月报的起止日不同；没有回访的不算率。剔除的工单不计，见12345工单的“三率”页。",
    is_summed=False,
)


def hotline_rows(table: RateTable) -> list[dict[str, Any]]:
    """Return the rates of a month as it keeps them: each unit, then all."""
    period = f"{table.period.starts}至{table.period.last}"
    rows = [(row.key, row.label, row.rates) for row in sorted(table.rows, key=lambda row: (row.key == "", row.key))]
    return [
        {
            "district_code": key,
            "unit": label,
            "period": period,
            "tickets": rates.tickets,
            "demands": rates.demands,
            **{
                word: value
                for name in SHARES
                for share in (getattr(rates, name),)
                for word, value in (
                    (name, None if share.value is None else str(share.value)),
                    (f"{name}_hits", share.hits),
                    (f"{name}_cases", share.cases),
                )
            },
        }
        for key, label, rates in [*rows, ("*", "合计", table.total)]
    ]
