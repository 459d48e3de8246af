"""Lists of custody: what lies where, manifests and their lines."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from projects.office.certificate_forms import BlankFilter, WaitingFilter
from projects.office.custody_forms import HeldFilter, LineFilter, ManifestFilter
from projects.office.payment_forms import PaymentFilter
from projects.office.selectors.certificates import BLANK_ORDERS, WAITING_ORDERS, blanks_of, waiting_certificates
from projects.office.selectors.custody import (
    HELD_ORDERS,
    LINE_ORDERS,
    MANIFEST_ORDERS,
    chosen_held,
    holder_counts,
    lines_of,
    manifest_by_number,
    manifest_rows,
)
from projects.office.selectors.payments import PAYMENT_ORDERS, payments_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, filters_in_words
from registry.lists.orders import ordered


def _held_filter(actor: Actor, words: Words) -> HeldFilter:
    counts = holder_counts(actor, project_by_code(actor, words.get("project", "")))
    return HeldFilter(words, holders=[(str(each.organisation or "owner"), each.name) for each in counts])


def _held(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    rows: Iterable[Any] = ordered(chosen_held(actor, project, _held_filter(actor, words).words), HELD_ORDERS, words)
    return rows


def _held_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return [*of_project(actor, words), *filters_in_words(_held_filter(actor, words))]


def _manifests(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(manifest_rows(actor, ManifestFilter(words).words), MANIFEST_ORDERS, words)
    return rows


def _manifest(actor: Actor, words: Words) -> Any:
    return manifest_by_number(actor, words.get("manifest", ""))


def _lines(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(lines_of(_manifest(actor, words), LineFilter(words).words), LINE_ORDERS, words)
    return rows


def _line_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return [("移交清单", _manifest(actor, words).number), *filters_in_words(LineFilter(words))]


def _waiting(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows = ordered(waiting_certificates(actor, WaitingFilter(words).words), WAITING_ORDERS, words)
    return [{"move": row, "days": (on - row.on).days} for row in rows]


def _blanks(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(blanks_of(actor, BlankFilter(words).words), BLANK_ORDERS, words)
    return rows


def _payments(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    rows: Iterable[Any] = ordered(payments_of(actor, project, PaymentFilter(words).words), PAYMENT_ORDERS, words)
    return rows


EXPORTS: Final = (
    ExportList(
        "payments",
        "税费收缴",
        Permission.UNIT_READ,
        (
            Column("unit", "户", lambda row: f"{row.unit.building}{row.unit}", width=20),
            Column("kind", "种类", lambda row: row.get_kind_display(), width=10),
            Column("is_exempt", "免征", lambda row: "免征" if row.is_exempt else "", width=8),
            Column("amount", "金额（元）", kind="money"),
            Column("remitted", "已上缴（元）", kind="money"),
            Column("document_no", "票据、免税证明号", kind="code", width=22),
            Column("collected_by", "收取单位", width=22),
            Column("advanced_by", "垫付单位", width=22),
            Column("paid_on", "缴款日期", kind="date"),
        ),
        _payments,
        lambda actor, words: [*of_project(actor, words), *filters_in_words(PaymentFilter(words))],
    ),
    ExportList(
        "waiting_certificates",
        "待领证书",
        Permission.UNIT_READ,
        (
            Column("unit", "户", lambda row: f"{row['move'].item.unit.building}{row['move'].item.unit}", width=20),
            Column("project", "项目", lambda row: row["move"].item.unit.building.project.name, width=22),
            Column("number", "产权证号", lambda row: row["move"].item.certificate.number, kind="code", width=30),
            Column("holders", "权利人", lambda row: row["move"].item.unit.holders_masked, width=16),
            Column("office", "保管方", lambda row: str(row["move"].to_organisation), width=22),
            Column("since", "自", lambda row: row["move"].on, kind="date"),
            Column("days", "待领（日）", kind="int"),
        ),
        _waiting,
        lambda actor, words: filters_in_words(WaitingFilter(words)),
    ),
    ExportList(
        "blanks",
        "空白证书",
        Permission.UNIT_READ,
        (
            Column("number", "印制编号", kind="code", width=16),
            Column("organisation", "领入单位", lambda row: str(row.organisation), width=22),
            Column("received_on", "领入", kind="date"),
            Column("state", "状态", width=16),
            Column("certificate_no", "产权证号", kind="code", width=30),
            Column("spoiled_on", "作废", kind="date"),
            Column("spoiled", "作废原因", lambda row: row.get_spoil_reason_display(), width=16),
            Column("destroyed_on", "销毁", kind="date"),
            Column("record_no", "销毁记录编号", kind="code", width=18),
        ),
        _blanks,
        lambda actor, words: filters_in_words(BlankFilter(words)),
    ),
    ExportList(
        "custody",
        "材料和证书保管",
        Permission.UNIT_READ,
        (
            Column("item", "条码", lambda row: str(row.item.code), kind="code", width=18),
            Column("kind", "类别", lambda row: row.item.get_kind_display(), width=10),
            Column("unit", "户", lambda row: f"{row.item.unit.building}{row.item.unit}", width=20),
            Column("contents", "材料", "item.contents", width=30),
            Column("holder", "保管方", lambda row: str(row.to_organisation or row.get_to_party_display()), width=22),
            Column("since", "自", "on", kind="date"),
            Column("basis", "凭证", lambda row: row.line.manifest.number if row.line else row.basis, width=20),
        ),
        _held,
        _held_filters,
    ),
    ExportList(
        "manifests",
        "移交清单",
        Permission.UNIT_READ,
        (
            Column("number", "编号", kind="code", width=20),
            Column("purpose", "事由", lambda row: row.get_purpose_display(), width=14),
            Column("project", "项目", "project.name", width=22),
            Column("sender", "移交方", lambda row: str(row.sender), width=22),
            Column("receiver", "接收方", lambda row: str(row.receiver), width=22),
            Column("sent_on", "移交", kind="date"),
            Column("listed", "列入（项）", kind="int"),
            Column("taken", "已接收（项）", kind="int"),
            Column("out", "待退还（项）", lambda row: row.count.out if row.is_lent else 0, kind="int"),
            Column("due_on", "退还期限", kind="date"),
            Column("state", "状态", width=10),
        ),
        _manifests,
        lambda actor, words: filters_in_words(ManifestFilter(words)),
    ),
    ExportList(
        "manifest_lines",
        "移交清单各项",
        Permission.UNIT_READ,
        (
            Column("position", "序号", kind="int"),
            Column("unit", "户", lambda row: f"{row.item.unit.building}{row.item.unit}", width=20),
            Column("code", "条码", lambda row: str(row.item.code), kind="code", width=18),
            Column("holders", "权利人", "item.unit.holders_masked", width=16),
            Column("contents", "材料", "item.contents", width=30),
            Column("copies", "份数", "item.copies", kind="int"),
            Column("originals", "其中原件", "item.originals", kind="int"),
            Column("note", "备注", width=24),
            Column("state", "状态", width=24),
        ),
        _lines,
        _line_filters,
        frozen=2,
    ),
)
