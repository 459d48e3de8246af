"""Taking a list out of the registry: numbered, stamped with who took it and when, and recorded.

A short one is made at once; a long one is handed to a job and fetched from the page of exports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from documents.exports.models import ExportFile
from documents.exports.services.export_jobs import queue_export, stamp_of
from documents.exports.sources import LONG, count_of
from documents.render.xlsx import Sheet, write_workbook
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.lists.exports import EXPORTS, ExportList
from registry.store.acts import current_act, write


@dataclass(frozen=True)
class Exported:
    """A workbook with the name that says what it holds."""

    content: bytes
    name: str
    rows: int
    number: str


@write(Permission.ACCOUNT_SELF)
def export_list(*, actor: Actor, name: str, words: Mapping[str, str], on: date) -> Exported | ExportFile:
    """Write a list as its page shows it to this actor: same filters, same masks. KeyError if there is none.

    The export number, who took it and when stand in the sheet, the filters in the file's name, all of it in the trail.
    One of more than `LONG` rows is asked of a job instead: what comes back then is the export that waits.
    """
    spec = EXPORTS[name]
    spec.require(actor)
    chosen = spec.filters(actor, words)
    said = "，".join(f"{label}：{value}" for label, value in chosen) or "全部"
    found = spec.rows(actor, words, on)
    if not isinstance(found, QuerySet):
        found = list(found)
    if count_of(found) > LONG:
        return queue_export(actor, name, spec.title, words, said)
    rows, act = list(found), current_act()
    number = f"DC{act.id}"  # the act's own: whoever holds the sheet finds its record
    content = write_workbook([_sheet(spec, words, rows, said, stamp_of(actor, act.recorded_at, number))])

    record(
        event="list.exported",
        facts={"title": spec.title, "rows": len(rows), "filters": said, "number": number, "list": name},
    )
    parts = [spec.title, *(f"{label}-{value}" for label, value in chosen), f"{act.today:%Y%m%d}"]
    return Exported(content, f"{'_'.join(parts)[:100]}.xlsx", len(rows), number)


def _sheet(spec: ExportList, words: Mapping[str, str], rows: list[Any], said: str, stamp: str) -> Sheet:
    columns = spec.shown(words)
    return Sheet(
        title=spec.title,
        columns=columns,
        rows=rows,
        heading=((f"{said}；共{len(rows):,}行", stamp),),
        totals={} if any(column.total for column in columns) else None,
        notes=("姓名已脱敏。请妥善保管，不得外传。",),
        paper="A3",
        frozen=spec.frozen,
        filters=True,
        watermark=stamp,
    )
