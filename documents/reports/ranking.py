"""The sheet of the ranking (排名), made from the entries of projects: districts in bands, and cell by cell below.

The measure is 可办办结率: issued this month ÷ (doable at the end + issued this month). What would be gained by delaying
first registrations stands beside it: the share of the year's task, and of homes whose first registration is made.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from documents.reports.entries import Entry, bridge_of
from documents.reports.parts import Part
from documents.reports.selectors.terms import Terms
from registry.kernel.bridge import Term
from registry.kernel.columns import Column
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.ranking import band_label, merged_cells, moved, ranked, years_label
from registry.kernel.rates import rate

UNSTATED: Final = "未确定主要问题"
Places = Mapping[str, tuple[int | None, int | None]]


def percent(name: str) -> Callable[[Any], Decimal | None]:
    """Read a share that is kept as text."""
    return lambda row: Decimal(row[name]) if row.get(name) is not None else None


def _share(name: str, label: str, width: int = 12, note: str = "") -> Column:
    return Column(name, label, percent(name), kind="rate", width=width, note=note)


RANKING: Final = Part(
    "ranking",
    "排名",
    (
        Column("unit", "单位", "unit", width=16),
        Column("band_label", "组别", "band_label", width=22),
        Column("rank", "位次", "rank", kind="int", width=7),
        Column("moved", "较上月", "moved", width=8),
        _share("done_rate", "可办办结率", note="本月发证÷（期末可办未办＋本月发证）"),
        Column("issued_month", "本月发证", "issued_month", kind="int", width=10),
        Column("doable", "期末可办未办", "doable", kind="int", width=14),
        Column("task", "年度任务", "task", kind="int", width=10),
        Column("year_done", "本年发证", "year_done", kind="int", width=10),
        _share("task_rate", "年度任务完成率", 16),
        _share("registered_rate", "首登率", 10, "已首登÷应办"),
    ),
    "可办办结率＝本月发证÷（期末可办未办＋本月发证），在组内比较，同率同位次；推迟首次登记会抬高可办办结率，所以与首登率、年度任务完成率并列。"
    "组别和最低套数按设置。",
    is_summed=False,
)


def ranking_rows(entries: Iterable[Entry], terms: Terms, month: Month, before: Places) -> list[dict[str, Any]]:
    """Return the districts in the order of their bands and places; those not ranked at the end."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry["district_code"]].append(entry)
    figures = {code: _done(groups[code]) for code in sorted(groups)}
    rows = []
    for row in ranked(figures, terms.bands, terms.rounding):
        own = groups[row.place]
        task, done = terms.tasks.get(row.place, 0), year_done(own, month)
        sums = _summed(own)
        rows.append(
            {
                "district_code": row.place,
                "unit": own[-1]["district"],
                "band": row.band,
                "band_label": band_label(terms.bands, row.band),
                "rank": row.rank,
                "moved": moved(before.get(row.place), (row.band, row.rank)),
                "done_rate": _text(row.done, row.whole, terms),
                "issued_month": row.done,
                "doable": row.whole - row.done,
                "task": task or None,
                "year_done": done,
                "task_rate": _text(done, task, terms),
                "registered_rate": _text(sums["registered"], sums["due"], terms),
            }
        )
    return rows


def cell_rows(entries: Iterable[Entry], terms: Terms, month: Month, heads: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the same measure within class of blocker and years since people moved in; small cells are merged."""
    sizes: Counter[tuple[str, str]] = Counter()
    by_cell: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        cell = heads.get(entry["issue"], UNSTATED), years_label(entry.get("occupied"), month.year)
        sizes[cell] += _done([entry])[1]
        by_cell[cell].append(entry)
    least = min(terms.bands)
    joined: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for cell, target in merged_cells(sizes, least).items():
        joined[target] += by_cell[cell]
    rows = []
    for (head, years), members in sorted(joined.items()):
        groups: dict[str, list[Entry]] = defaultdict(list)
        for entry in members:
            groups[entry["district_code"]].append(entry)
        figures = {code: _done(groups[code]) for code in sorted(groups)}
        for row in ranked(figures, (least,), terms.rounding):
            if row.whole:
                name = groups[row.place][-1]["district"]
                rows.append(
                    {"head": head, "years": years, "district_code": row.place, "unit": name, "done": row.done,
                     "whole": row.whole, "rank": row.rank, "done_rate": _text(row.done, row.whole, terms)}
                )  # fmt: skip
    return rows


def places_of(rows: Sequence[Mapping[str, Any]]) -> Places:
    """Return where each district stood in a month."""
    return {row["district_code"]: (row["band"], row["rank"]) for row in rows}


def year_done(entries: Iterable[Entry], month: Month) -> int:
    """Return what was issued in the year so far, as known at the close, less what was taken back this month."""
    done = 0
    for entry in entries:
        done += sum(row["known"][-1] for row in entry["revisions"] if row["month"].startswith(f"{month.year}-"))
        done += bridge_of(entry).row(Term.RETURNED).issued
    return done


def ranking_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say who leads each band and who comes last, and of whom that is said."""
    bands: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["band"] is not None:
            bands[row["band"]].append(row)
    said = []
    for own in (bands[band] for band in sorted(bands)):
        first = [row["unit"] for row in own if row["rank"] == 1]
        worst = max(row["rank"] for row in own)
        words = (
            f"{own[0]['band_label']}的{len(own)}个区中，可办办结率最高的是{'、'.join(first)}，{own[0]['done_rate']}%"
        )
        if worst > 1:
            last = [row for row in own if row["rank"] == worst]
            words += f"；最低的是{'、'.join(row['unit'] for row in last)}，{last[0]['done_rate']}%"
        said.append(words if len(own) > 1 else f"{own[0]['band_label']}只有{own[0]['unit']}，{own[0]['done_rate']}%")
    apart = [row for row in rows if row["band"] is None]
    if apart:
        said.append(f"{'、'.join(row['unit'] for row in apart)}{apart[0]['band_label']}")
    return f"{'。'.join(said)}。" if said else ""


def _done(entries: Iterable[Entry]) -> tuple[int, int]:
    """What was issued this month of what could have been: (done, whole)."""
    done = sum(max(bridge_of(entry).row(Term.ISSUED).issued, 0) for entry in entries)
    return done, done + sum(entry["figures"].get(Rest.DOABLE.value, 0) for entry in entries)


def _summed(entries: Iterable[Entry]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums.update(entry["figures"])
    return sums


def _text(done: int, whole: int, terms: Terms) -> str | None:
    """A share as it is kept: as text, so that the frozen rows are the same on every database."""
    share = rate(done, whole, terms.rounding) if whole > 0 else None
    return None if share is None else str(share)
