"""What a month keeps of each project besides its printed line: the bridge, the figures, how its issues were revised.

Entries are plain data, frozen with the month. Every sheet, page and sum of the month, for whatever part of the city,
is made from them alone (`changes.py`): a closed month is never counted again to be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.overview import Overview
from projects.ledger.selectors.month_facts import MonthFacts, ProjectThen
from registry.kernel.bridge import CHAIN, CORRECTIONS, Bridge, Correction, Stock, Term, faults_of, month_rows
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.tally import Cut

GATED: Final = (
    "cleared_assessed",
    "registered",
    *(rest.value for rest in Rest),
)  # by spans: net by project, not by home
REVISED: Final = 12  # months whose issues are followed
Entry = Mapping[str, Any]
Stated = Mapping[str, Entry]  # by code, the entries of the month closed before


@dataclass(frozen=True)
class Closed:
    """The close before: its cut, and its entries by project; None where it was closed without them.

    `followed_from` is the first month whose issues are followed since it was closed, `places` the ranking it stated.
    """

    cut: Cut
    entries: Stated | None = None
    followed_from: Month | None = None
    places: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """What was counted of the projects of a month, by project; `issues` and `occupied` as they stand now."""

    month: Month
    now: Mapping[int, Overview]
    before: Mapping[int, Overview]  # at the last close, as known now
    stated: Mapping[int, Overview] | None = None  # as known then; None: nothing was closed, or the entries say it
    issues: Mapping[int, tuple[str, Sequence[str]]] = field(default_factory=dict)
    occupied: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Reckoned:
    """The bridges of a month by project, the lines of its corrections, and what does not add up."""

    bridges: Mapping[int, Bridge]
    lines: Mapping[Correction, Stock]
    faults: Sequence[str] = field(default=())


def reckon(facts: MonthFacts, now: Mapping[int, Overview], *, closed: Closed, this: Cut) -> Reckoned:
    """Bridge each project from what was closed to what is counted now, and name where the two do not meet.

    Without closed entries the opening is the closing less what is known to have changed it.
    """
    bridges, lines = month_rows(facts.facts, previous=closed.cut, this=this, openings={})
    keys = [*facts.now, *(key for key in facts.before if key not in facts.now)]
    whole = {key: bridges.get(key, Bridge()) for key in keys}
    counted = {key: stock_of(now.get(key), facts.now.get(key)) for key in keys}
    faults = []
    for key, bridge in whole.items():
        code = (facts.now.get(key) or facts.before[key]).code
        opening = counted[key] - bridge.row(Term.CLOSING)
        if closed.entries is not None:
            opening = closing_of(closed.entries[code]) if code in closed.entries else Stock()
        bridge.add(Term.OPENING, opening)
        if bridge.row(Term.CLOSING) != counted[key]:
            faults.append(f"{code}：期初加本月变动与期末重数不符")
    named = {(facts.now.get(key) or facts.before[key]).code: bridge for key, bridge in whole.items()}
    return Reckoned(whole, lines, [*faults, *faults_of(named)])


def stock_of(row: Overview | None, project: ProjectThen | None) -> Stock:
    """Return the stock of a project from its figures: what the bridge must close with."""
    if row is None:
        return Stock(int(project is not None and project.is_open))
    reached = (row.reached(stage) for stage in CHAIN)
    return Stock(int(project is not None and project.is_open), row.involved, row.excluded, *reached)


def closing_of(entry: Entry) -> Stock:
    """Return the closing of a frozen entry."""
    return bridge_of(entry).row(Term.CLOSING)


def bridge_of(entry: Entry) -> Bridge:
    """Read the bridge of an entry."""
    bridge = Bridge(risen=Stock.of(entry["risen"]), fallen=Stock.of(entry["fallen"]))
    for term, numbers in entry["bridge"].items():
        bridge.rows[Term(term)] = Stock.of(numbers)
    return bridge


def project_entries(facts: MonthFacts, counted: Counted, reckoned: Reckoned, *, closed: Closed) -> list[dict[str, Any]]:
    """Return the entries of a month, in the order of codes; a project merged since the last close has one more."""
    revised = _revisions(facts, counted.month, reckoned, closed)
    entries = []
    for key, bridge in reckoned.bridges.items():
        then = facts.now.get(key)
        place = then or facts.before[key]
        was = facts.before.get(key)
        moved = was is not None and (was.district_code, was.township_code) != (place.district_code, place.township_code)
        row = counted.now.get(key)
        issue, all_issues = counted.issues.get(key, ("", ()))
        entries.append(
            {
                "code": place.code,
                "name": place.version.name,
                "district_code": place.district_code,
                "district": place.version.district_name,
                "township_code": place.township_code,
                "township": place.version.township_name,
                **(_former(was) if moved and was is not None else {}),
                "gone": then is None,
                "bridge": {term.value: numbers for term, stock in bridge.rows.items() if (numbers := stock.numbers)},
                "risen": bridge.risen.numbers,
                "fallen": bridge.fallen.numbers,
                "figures": {code: figure.value(row) for code, figure in BY_CODE.items()} if row is not None else {},
                "gates": _gates(key, place.code, row, counted, closed.entries),
                "flow": _flow(key, bridge, reckoned),
                "issue": issue,
                "issues": list(all_issues),
                "occupied": counted.occupied.get(key),
                "revisions": revised.get(key, []),
            }
        )
    return sorted(entries, key=lambda entry: (entry["district_code"], entry["code"]))


def _former(was: ProjectThen) -> dict[str, Any]:
    return {
        "was": {
            "district_code": was.district_code,
            "district": was.version.district_name,
            "township_code": was.township_code,
            "township": was.version.township_name,
        }
    }


def _gates(
    key: int, code: str, row: Overview | None, counted: Counted, stated: Stated | None
) -> dict[str, tuple[int, int, int]]:
    """By figure that hangs on gates: as closed last, that day as known now, and at the end of the month."""

    def value(name: str, of: Overview | None) -> int:
        return BY_CODE[name].value(of) if of is not None else 0

    known = counted.before.get(key)
    then = counted.stated.get(key) if counted.stated is not None else known
    frozen = stated.get(code) if stated is not None else None
    numbers = {}
    for name in GATED:
        opening = frozen["gates"][name][2] if frozen is not None else 0 if stated is not None else value(name, then)
        numbers[name] = (opening, value(name, known), value(name, row))
    return numbers


def _flow(key: int, bridge: Bridge, reckoned: Reckoned) -> dict[str, int]:
    """What the month did to the issued homes: by moves, by corrections, and homes that came with an old certificate."""
    old = sum(s.issued for line, s in reckoned.lines.items() if line.place == key and _is_old(line))
    issued = sum(bridge.row(term).issued for term in (Term.ISSUED, Term.RETURNED, Term.USE))
    return {
        "issued_month": issued,
        "issued_corrected": bridge.corrected.issued - old,
        "issued_entered": bridge.row(Term.ENTERED).issued + old,
    }


def _is_old(line: Correction) -> bool:
    return line.of is Term.ENTERED


def _revisions(facts: MonthFacts, month: Month, reckoned: Reckoned, closed: Closed) -> dict[int, list[dict[str, Any]]]:
    """By project, its issues of each month as known at each close since: what was stated, 补记 and 纠错 apart."""
    keys = {project.code: key for key, project in {**facts.before, **facts.now}.items()}
    revised: dict[int, dict[str, dict[str, Any]]] = {}
    first = max(closed.followed_from or month, month.plus(1 - REVISED))
    for code, entry in (closed.entries or {}).items():
        key = _absorbing(keys.get(code), facts)
        for row in entry["revisions"]:
            if key is not None and Month.parse(row["month"]) >= first:
                _add_revision(revised.setdefault(key, {}), {**row, "known": [*row["known"], row["known"][-1]]})
    for line, stock in reckoned.lines.items():
        if line.of is Term.ISSUED and stock.issued and line.month >= first:
            blank = {"month": str(line.month), "known": [0] * (_months_between(line.month, month) + 1)}
            rows = revised.setdefault(int(str(line.place)), {})
            row = rows.setdefault(str(line.month), {**blank, "late": 0, "error": 0})
            row["known"] = [*row["known"][:-1], row["known"][-1] + stock.issued]
            row["late" if line.term is Term.LATE else "error"] += stock.issued
    for key, bridge in reckoned.bridges.items():
        if issued := bridge.row(Term.ISSUED).issued:
            _add_revision(revised.setdefault(key, {}), {"month": str(month), "known": [issued], "late": 0, "error": 0})
    return {key: [rows[name] for name in sorted(rows)] for key, rows in revised.items()}


def _add_revision(rows: dict[str, dict[str, Any]], row: Mapping[str, Any]) -> None:
    rows[row["month"]] = add_revisions(rows[row["month"]], row) if row["month"] in rows else dict(row)


def add_revisions(row: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Add up the issues of one month in two places."""
    return {
        "month": row["month"],
        "known": [a + b for a, b in zip(row["known"], other["known"], strict=True)],
        "late": row["late"] + other["late"],
        "error": row["error"] + other["error"],
    }


def _months_between(first: Month, last: Month) -> int:
    return (last.year - first.year) * 12 + last.number - first.number


def _absorbing(key: int | None, facts: MonthFacts) -> int | None:
    """The project that a project is part of by now."""
    while key is not None and key not in facts.now and (into := facts.absorbed.get(key)) is not None:
        key = into
    return key


def correction_lines(reckoned: Reckoned, facts: MonthFacts) -> list[dict[str, Any]]:
    """Return the corrections as a list: by kind, project, month in which it happened."""
    places = {**facts.before, **facts.now}
    rows = []
    for line, stock in reckoned.lines.items():
        place = places[int(str(line.place))]
        rows.append(
            {
                "code": place.code,
                "name": place.version.name,
                "district": place.version.district_name,
                "township": place.version.township_name,
                "district_code": place.district_code,
                "township_code": place.township_code,
                "term": line.term.value,
                "of": line.of.value,
                "month": str(line.month),
                "stock": stock.numbers,
                "cause": line.cause,
                "author": line.author,
                "recorded_on": line.recorded_on.isoformat(),
            }
        )
    order = {term.value: place for place, term in enumerate(CORRECTIONS)}
    return sorted(rows, key=lambda r: (order[r["term"]], r["district_code"], r["code"], r["month"], r["of"], str(r)))
