"""Taking a list out of the registry: numbered, stamped with who took it and when, and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from documents.render.xlsx import Sheet, write_workbook
from documents.reports.lists import LISTS
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import current_act, write
from registry.store.clock import SHANGHAI


@dataclass(frozen=True)
class Exported:
    """A workbook with the name that says what it holds."""

    content: bytes
    name: str
    rows: int
    number: str


@write(Permission.ACCOUNT_SELF)
def export_list(*, actor: Actor, name: str, words: Mapping[str, str], on: date) -> Exported:
    """This will write a list as its page shows it to this actor: same filters, same masks. KeyError if there is none.

    The export number, who took it and when stand in the sheet, the filters in the file's name, all of it in the trail.
    """
    spec = LISTS[name]
    actor.require(spec.permission)
    chosen = spec.filters(actor, words)
    said = "，".join(f"{label}：{value}" for label, value in chosen) or "全部"
    act = current_act()
    number = f"DC{act.id}"  # the act's own: whoever holds the sheet finds its record
    rows, columns = list(spec.rows(actor, words, on)), spec.shown(words)
    moment = act.recorded_at.astimezone(SHANGHAI)
    stamp = f"{actor.organisation_name} {actor.name} {moment:%Y-%m-%d %H:%M} 导出，编号{number}"
    content = write_workbook(
        [
            Sheet(
                title=spec.title,
                columns=columns,
                rows=rows,
                heading=((f"{said}；共{len(rows):,}行", stamp),),
                totals={} if any(column.total for column in columns) else None,
                notes=("姓名已脱敏。请妥善保管，不得外传。",),
                paper="A3",
                frozen=spec.frozen,
                filters=True,
            )
        ]
    )

    record(
        event="list.exported",
        facts={"title": spec.title, "rows": len(rows), "filters": said, "number": number, "list": name},
    )
    parts = [spec.title, *(f"{label}-{value}" for label, value in chosen), f"{act.today:%Y%m%d}"]
    return Exported(content, f"{'_'.join(parts)[:100]}.xlsx", len(rows), number)
