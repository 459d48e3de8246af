"""Lists of letters and decisions, and of what was promised."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from commitments.forms import InstrumentFilter
from commitments.selectors import settings_in_force
from commitments.selectors.ledger import (
    INSTRUMENT_ORDERS,
    counted,
    instrument_choices,
    instruments_chosen,
    promise_lines,
)
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, filters_in_words, no_filters
from registry.lists.orders import ordered


def _chosen(actor: Actor, words: Words) -> dict[str, Any]:
    return InstrumentFilter(words, choices=instrument_choices(actor)).words


def _filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(InstrumentFilter(words, choices=instrument_choices(actor)))


def _instruments(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return ordered(counted(instruments_chosen(actor, _chosen(actor, words), on), on), INSTRUMENT_ORDERS, words)


def _promises(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return promise_lines(actor, _chosen(actor, words), on)


def _settings(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return settings_in_force(on)


EXPORTS: Final = (
    ExportList(
        "instruments",
        "承诺和决定",
        Permission.INSTRUMENT_READ,
        (
            Column("code", "编号", kind="code", width=12),
            Column("number", "文号、标题", str, kind="code", width=30),
            Column("kind", "种类", lambda row: row.get_kind_display(), width=12),
            Column("project", "项目", "project.name", width=22),
            Column("issuer", "出具单位", lambda row: str(row.issuer), width=18),
            Column("state", "状态", lambda row: row.get_state_display(), width=10),
            Column("promises", "承诺（项）", kind="int", width=10),
            Column("promises_late", "逾期", kind="int", width=8),
            Column("signed_on", "签署", kind="date"),
            Column("effective_on", "生效", kind="date"),
            Column("ended_on", "终止", kind="date"),
        ),
        _instruments,
        _filters,
        frozen=2,
    ),
    ExportList(
        "promises",
        "承诺事项台账",
        Permission.INSTRUMENT_READ,
        (
            Column("ordinal", "序号", kind="int", width=6),
            Column("district", "区", "instrument.project.district_name", width=8),
            Column("township", "街道、乡镇", "instrument.project.township_name", width=12),
            Column("code", "项目编号", "instrument.project.code", kind="code", width=11),
            Column("project", "项目", "instrument.project.name", width=18),
            Column("issuer", "承诺单位", lambda row: str(row.instrument.issuer), width=14),
            Column("number", "文号", lambda row: str(row.instrument), width=18),
            Column("letter_state", "函的状态", lambda row: row.instrument.get_state_display(), width=9),
            Column("blockers", "所解堵点", width=14),
            Column("item", "项", "promise.ordinal", kind="int", width=5),
            Column("end_state", "承诺事项", "promise.end_state", width=32),
            Column("place", "地点", "promise.place", width=12),
            Column("measure", "措施", "promise.measure", width=18),
            Column("responsible", "责任人", "promise.responsible", width=9),
            Column("original_due_on", "原定期限", "promise.original_due_on", kind="date"),
            Column("due_on", "现期限", "promise.due_on", kind="date"),
            Column("state", "状态", width=9),
            Column("days_late", "逾期（日）", kind="int", width=9),
            Column("reported_on", "报完成", kind="date"),
            Column("verifier", "核验单位", lambda row: str(row.promise.verifier), width=14),
            Column("verified_on", "核验日期", "promise.verified_on", kind="date"),
            Column(
                "homes", "涉及住宅（套）", kind="int", width=11, note="所担条款范围内的住宅，同一套可列在多项承诺下"
            ),
            Column("issued", "已发证（套）", kind="int", width=11, note="上述住宅中已发证的"),
        ),
        _promises,
        _filters,
        frozen=2,
    ),
    ExportList(
        "lapse_rules",
        "承诺函的设置",
        Permission.PARAMETER_READ,
        (
            Column("name", "区", width=14),
            Column("grace_days", "宽限（日）", kind="int", width=10),
            Column("pauses", "失效后", lambda row: "暂停尚未受理的户" if row.pauses else "仅逐级督促", width=18),
            Column("countersigns", "会签", lambda row: "须先会签" if row.countersigns else "可以不经", width=10),
            Column("effective_on", "自", "rule.effective_on", kind="date"),
            Column("reason", "依据", "rule.reason", width=36),
        ),
        _settings,
        no_filters,
    ),
)
