"""The monthly report: its sheets, and how a month is computed. Rows are plain data, frozen when the month closes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from documents.reports.changes import MEANT, Scope, bridges_by, changed_rows, sheet_faults
from documents.reports.entries import (
    Closed,
    Counted,
    Entry,
    correction_lines,
    project_entries,
    reckon,
)
from documents.reports.figures import BY_CODE, FIGURES, VERSION
from documents.reports.layouts import HEADLINE, KEPT, LEDGER_FIGURES, REST, TYPE_FIGURES
from documents.reports.outlook import OUTLOOK
from documents.reports.ranking import RANKING, cell_rows, ranking_rows
from documents.reports.selectors.terms import Terms, terms_on
from documents.reports.sheets import AGES, LEFT_OVER, age_rows, left_over_rows
from projects.gates.selectors.overview import Overview, overviews, overviews_on
from projects.gates.selectors.reporting import ProjectLine, project_lines, type_heads, type_labels
from projects.ledger.selectors.counts import Entered, entered_issued
from projects.ledger.selectors.month_facts import month_facts
from registry.kernel.bridge import Term
from registry.kernel.periods import Month
from registry.kernel.rates import Rounding, rate, rate_text
from registry.kernel.tally import Cut

NOW: Final = datetime(9999, 1, 1, tzinfo=UTC)  # by which everything recorded is known


@dataclass(frozen=True)
class MonthlyRows:
    """The report's rows by part, with the moment it speaks of, and what does not add up in it.

    Beside the parts, `projects` has the entries of the projects, `lines` those of the corrections, `terms` the settings
    by which the month is counted, `cells` the ranking within classes.
    """

    month: Month
    cut_off_on: date
    rows: Mapping[str, list[dict[str, Any]]]
    version: str = VERSION
    faults: Sequence[str] = ()


def monthly_rows(*, month: Month, known_at: datetime | None, closed: Closed | None) -> MonthlyRows:
    """Compute the report of a month, as known now (None) or at a moment. Constant queries whatever the city's size.

    As known now figures come from tallies, spans and the moves since the close before; as known at a moment from all
    moves. `closed` is the close of the month before: its stocks are the openings.
    """
    cut_off, this = month.last, Cut(month.last, known_at or NOW)
    before = closed or Closed(Cut(month.previous.last, this.known_at))
    facts = month_facts(previous=before.cut, this=this)
    lines = project_lines(on=cut_off, known_at=this.known_at)
    ids = [line.id for line in lines]
    now = _overviews(ids, cut_off, known_at)
    stated = None
    if closed is not None and closed.entries is None:
        stated = overviews(facts.before, on=before.cut.on, known_at=before.cut.known_at)
    reckoned = reckon(facts, now, closed=before, this=this)
    counted = Counted(
        month,
        now,
        _overviews(facts.before, before.cut.on, known_at),
        stated,
        {line.id: (line.issue_code, line.all_issues) for line in lines},
        {line.id: line.occupied for line in lines},
    )
    entries = project_entries(facts, counted, reckoned, closed=before)
    terms = terms_on({entry["district_code"] for entry in entries}, on=cut_off, known_at=known_at)
    entered = entered_issued(before=before.cut.on, on=cut_off, known_at=this.known_at, project_ids=ids)
    flows = {entry["code"]: entry["flow"] for entry in entries}
    corrections = correction_lines(reckoned, facts)
    ledger = [_ledger_row(line, now[line.id], flows[line.code], entered[line.id], terms.rounding) for line in lines]
    rows = {
        "ledger": ledger,
        "definitions": _definitions(),
        "projects": entries,
        "lines": corrections,
        "followed": [{"from": str(before.followed_from or month)}],
        "terms": [terms.kept()],
        RANKING.code: ranking_rows(entries, terms, month, before.places),
        "cells": cell_rows(entries, terms, month, type_heads()),
        **rows_of(entries, corrections, ledger, type_labels(), month=month, rounding=terms.rounding),
    }
    return MonthlyRows(month, cut_off, rows, faults=[*reckoned.faults, *sheet_faults(rows)])


def _overviews(ids: Iterable[int], on: date, known_at: datetime | None) -> dict[int, Overview]:
    return overviews_on(ids, on=on) if known_at is None else overviews(ids, on=on, known_at=known_at)


def rows_of(
    entries: Sequence[Entry],
    lines: Sequence[Mapping[str, Any]],
    ledger: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    *,
    month: Month,
    rounding: Rounding,
) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets that sum up projects, from their entries: the whole, or what a reader may see of it."""
    return {
        "totals": _totals(entries, rounding),
        "towns": _totals(entries, rounding, of_towns=True),
        "types": _types(entries, labels, rounding),
        AGES.code: age_rows(entries, ledger, month, rounding),
        LEFT_OVER.code: left_over_rows(entries),
        **changed_rows(entries, lines),
    }


def rounding_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rounding:
    """Return how the shares of a month are rounded; months closed before it was a setting: halves up."""
    return Terms.of(rows["terms"][0]).rounding if rows.get("terms") else "half_up"


def part_of(
    rows: Mapping[str, list[dict[str, Any]]], codes: Collection[str], labels: Mapping[str, str], month: Month
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a month for some of its projects, from its own lines and entries alone."""
    own = {name: [row for row in rows[name] if row["code"] in codes] for name in ("projects", "lines", "ledger")}
    made = rows_of(own["projects"], own["lines"], own["ledger"], labels, month=month, rounding=rounding_of(rows))
    return {**rows, **own, **{name: sheet for name, sheet in made.items() if name in rows}}


def within(rows: Mapping[str, list[dict[str, Any]]], scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets of a scope that are made for one: what changed, and the lines of its projects."""
    entries = [row for row in rows["projects"] if scope.has(row) or scope.has({**row, **row.get("was", {})})]
    here = {entry["code"] for entry in entries if scope.has(entry)}
    lines, ledger = ([row for row in rows[name] if row["code"] in here] for name in ("lines", "ledger"))
    kept = {name: rows[name] for name in ("definitions", "followed", "terms") if name in rows}
    if OUTLOOK.code in rows and not scope.township:
        kept[OUTLOOK.code] = [row for row in rows[OUTLOOK.code] if _is_of(row, scope)]
    return {**kept, "projects": entries, "lines": lines, "ledger": ledger, **changed_rows(entries, lines, scope)}


def _is_of(row: Mapping[str, Any], scope: Scope) -> bool:
    return row["code"] == scope.code if scope.code else row["district_code"] == scope.district


def _definitions() -> list[dict[str, Any]]:
    figures = [{"label": f.label, "unit": f.unit, "definition": f.definition, "version": f.version} for f in FIGURES]
    terms = [
        {"label": f"本月变动：{term.label}", "unit": "个、套", "definition": meaning, "version": VERSION}
        for term, meaning in MEANT.items()
    ]
    return [*figures, *terms]


def _figures(row: Overview, codes: Iterable[str], rounding: Rounding) -> dict[str, Any]:
    return _stated({code: figure.value(row) for code, figure in BY_CODE.items()}, codes, rounding)


def _stated(sums: Mapping[str, int], codes: Iterable[str], rounding: Rounding) -> dict[str, Any]:
    """Return the figures of a line, with the share of the assessed."""
    numbers = {code: sums[code] for code in (*codes, *KEPT) if code != "cleared_rate"}
    share = rate_text(sums["cleared_assessed"], sums["due"] - sums["unassessed"], rounding)
    return {**numbers, "cleared_rate": share}


def total_rates(rows: Sequence[Mapping[str, Any]], rounding: Rounding = "half_up") -> dict[str, Decimal | None]:
    """Return the shares of a sheet's sums; 打通率 only where every row says what was assessed."""
    sums = {name: sum(row.get(name, 0) for row in rows) for name in ("issued", "due", "cleared_assessed", "unassessed")}
    rates = {"issued_rate": rate(sums["issued"], sums["due"], rounding)}
    if all("unassessed" in row for row in rows):
        rates["cleared_rate"] = rate(sums["cleared_assessed"], sums["due"] - sums["unassessed"], rounding)
    return rates


def _summed(entries: Iterable[Entry]) -> Counter[str]:
    """Add up the figures of entries. Not with `+`, which drops what is nought."""
    sums: Counter[str] = Counter()
    for entry in entries:
        sums.update(entry["figures"])
        sums.update(entry["flow"])
    return sums


def _totals(entries: Sequence[Entry], rounding: Rounding, *, of_towns: bool = False) -> list[dict[str, Any]]:
    def where(place: Mapping[str, Any]) -> tuple[str, str]:
        return place["district_code"], place["township_code"] if of_towns else ""

    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[where(entry)].append(entry)
    bridges = bridges_by(entries, where)
    rows = []
    for code, members in sorted(groups.items()):
        sums, bridge = _summed(members), bridges[code]
        opening, closing = bridge.row(Term.OPENING).projects, bridge.row(Term.CLOSING).projects
        closed = -bridge.row(Term.CLOSED).projects
        rows.append(
            {
                "name": members[-1]["township" if of_towns else "district"],
                "district_code": code[0],
                "township_code": code[1],
                "projects_opening": opening,
                "projects_added": closing - opening + closed,
                "projects_closed": closed,
                "projects": closing,
                **_stated(sums, ("unassessed_projects", *HEADLINE, "issued", *REST, "others"), rounding),
                **{name: sums[name] for name in ("issued_month", "issued_corrected", "issued_entered")},
                "issued_rate": rate_text(sums["issued"], sums["due"], rounding),
            }
        )
    return rows


def _ledger_row(
    line: ProjectLine, row: Overview, flow: Mapping[str, int], entered: Entered, rounding: Rounding
) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "district": line.district,
        "township": line.township,
        "housing_type": line.housing_type,
        "developer": line.developer,
        "issue": line.issue,
        "status": line.status,
        "buildings": line.buildings,
        **_figures(row, (*LEDGER_FIGURES, "remaining", "others"), rounding),
        "issued_month": flow["issued_month"],
        "entered": entered.now,
        "issued_rate": rate_text(row.issued, row.due, rounding),
        "letters": line.letters,
        "target_on": line.target_on.isoformat() if line.target_on else None,
        "progress": line.progress,
        "next": line.next,
        "officer": line.officer,
        "issues": list(line.all_issues),
    }


def _types(entries: Sequence[Entry], labels: Mapping[str, str], rounding: Rounding) -> list[dict[str, Any]]:
    standing = [entry for entry in entries if not entry["gone"]]
    by_type: dict[str, list[Entry]] = defaultdict(list)
    for entry in standing:
        by_type[entry["issue"]].append(entry)
    codes = sorted({code for entry in standing for code in (entry["issue"], *entry["issues"])})
    return [
        {
            "code": code or "—",
            "label": labels.get(code or "—") or labels.get(code, "未确定主要问题"),
            "projects": len(by_type[code]),
            **_stated(_summed(by_type[code]), TYPE_FIGURES, rounding),
            "all_projects": sum(code in entry["issues"] for entry in standing),
        }
        for code in codes
    ]
