"""Lists of the leads that go out: tickets without callers, and the rates of a month."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.leads.forms import RateFilter, TicketFilter
from projects.leads.selectors.monthly import month_of_tickets
from projects.leads.selectors.rate_rules import hotline_month_of
from projects.leads.selectors.rates import RateRow
from projects.leads.selectors.tickets import TICKET_ORDERS, ticket_choices, tickets_chosen, with_default
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, filters_in_words
from registry.lists.orders import ordered
from registry.store.clock import SHANGHAI, database_now


def _tickets(actor: Actor, words: Words, on: date) -> Any:
    form = TicketFilter(with_default(actor, words), choices=ticket_choices())
    return ordered(tickets_chosen(actor, form.words, database_now()), TICKET_ORDERS, words)


def _ticket_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(TicketFilter(with_default(actor, words), choices=ticket_choices()))


def _at(name: str) -> Any:
    return lambda row: f"{getattr(row, name).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _rates(actor: Actor, words: Words, on: date) -> Iterable[RateRow]:
    form = RateFilter(words)
    month = form.words.get("month") or hotline_month_of(on)
    return month_of_tickets(actor, month, by=str(form.words.get("by") or "district"), on=on).rows


def _rate_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(RateFilter(words))


EXPORTS: Final = (
    ExportList(
        "tickets",
        "12345工单",
        Permission.TICKET_READ,
        (
            Column("number", "工单编号", kind="code", width=20),
            Column("channel", "来源", lambda row: row.get_channel_display(), width=12),
            Column("project", "项目", lambda row: str(row.project or ""), width=22),
            Column("building", "楼栋", lambda row: str(row.building or ""), width=10),
            Column("category", "诉求分类", width=20),
            Column("received_at", "来电时间", _at("received_at"), kind="code", width=18),
            Column("time_class", "办理时限", lambda row: row.get_time_class_display(), width=12),
            Column("due_at", "到期时间", "due_words", kind="code", width=18),
            Column("holder", "现在单位", lambda row: str(row.holder), width=20),
            Column("state", "状态", lambda row: row.get_state_display(), width=12),
            Column("round", "轮次", kind="int"),
            Column("matter", "是否本事项", lambda row: row.get_matter_display(), width=12),
            Column("matter_rule", "认定依据", width=36),
        ),
        _tickets,
        _ticket_filters,
    ),
    ExportList(
        "ticket_rates",
        "12345三率",
        Permission.REPORT_READ,
        (
            Column("label", "单位", width=24),
            Column("tickets", "工单（件）", "rates.tickets", kind="int"),
            Column("demands", "诉求（个）", "rates.demands", kind="int"),
            Column("contacted", "按时联系率", "rates.contacted.value", kind="rate", width=14),
            Column("responded", "响应率（诉求人）", "rates.responded.value", kind="rate", width=18),
            Column("solved", "解决率", "rates.solved.value", kind="rate", width=12),
            Column("satisfied", "满意率", "rates.satisfied.value", kind="rate", width=12),
            Column("asked", "有效回访（件）", "rates.solved.cases", kind="int", width=14),
            Column("score", "综合得分", lambda row: "—" if row.rates.score is None else str(row.rates.score), width=12),
            Column("band", "分组", "placed.band", width=20),
            Column("place", "名次", lambda row: row.placed.place or "—", width=8),
            Column("class", "等次", "placed.label", width=10),
        ),
        _rates,
        _rate_filters,
    ),
)
