"""Lists whose rows are acts of their own: each by the same service as the form, tried beside the ledger, then done."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import transaction

from registry.kernel.authority import Actor
from registry.kernel.columns import Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.lists.bounds import day_faults
from registry.lists.rows import (
    ADDED,
    CHANGED,
    REFUSED,
    TOGETHER,
    UNCHANGED,
    Check,
    Claim,
    ClaimsOf,
    Fault,
    ListInput,
    ListRow,
    RowPlan,
    RowResult,
    contradictions,
    refused,
)
from registry.store.acts import tried
from registry.store.clock import database_now, shanghai_day

MOST_ROUNDS: Final = 4
CheckRows = Callable[[Any], Check]  # given the project, or none for the list of projects
PlanRows = Callable[[Actor, Any, Sequence[ListRow]], list[RowPlan]]


def nothing_wrong(project: Any) -> Check:
    """Find nothing: the rows name nothing that must be there."""
    return lambda row: []


def carry_out_plans(
    taken: ListInput, columns: ColumnSet, *, check: CheckRows, plan: PlanRows, claims: ClaimsOf | None = None,
    together: str = "", is_trial: bool,
) -> list[RowResult]:  # fmt: skip
    """Do what the rows of a list say in one transaction, and tell of each row; a refused row is left out.

    `together` is the column by which rows are one paper: one bad row refuses all of it. With `is_trial` all of it is
    taken back: the rules that refuse are then those of the acts themselves, and of a refused row every fault is told,
    those of rows that the reader refused in `report`.
    """
    found_wrong, today = check(taken.project), shanghai_day(database_now())

    def judge(row: ListRow) -> list[Fault]:
        return [*found_wrong(row), *day_faults(row, columns, today)]

    unread = {row.row: {column.header for column in columns if _is_unread(row, column)} for row in taken.refused}
    taken = replace(taken, refused=[_filled(row, columns) for row in taken.refused])
    faults = _faults(taken, judge, claims(taken.project) if claims else None, together)
    outcomes = [refused((row,), said) for row, said in faults.items()]
    with tried() if is_trial else transaction.atomic():
        good = [row for row in taken.rows if row.row not in faults]
        outcomes += [_done(taken.actor, each, columns) for each in plan(taken.actor, taken.project, good)]
        if is_trial:
            outcomes = _with_every_fault(taken, outcomes, unread, judge, columns, plan)
    return sorted(outcomes, key=lambda outcome: outcome.rows)


def _with_every_fault(
    taken: ListInput,
    outcomes: Sequence[RowResult],
    unread: Mapping[int, set[str]],
    judge: Check,
    columns: ColumnSet,
    plan: PlanRows,
) -> list[RowResult]:
    """Return the outcomes, those refused with what the ledger would refuse of them besides; all errors at once."""
    by_row = {row.row: row for row in (*taken.rows, *taken.refused)}
    headers = {
        row: {fault.header for fault in outcome.faults}
        for outcome in outcomes
        if outcome.verdict == REFUSED
        for row in outcome.rows
    }
    for row in taken.refused:
        headers[row.row] = unread[row.row] | {fault.header for fault in judge(row)}
    more = _further(taken, {row: (by_row[row], told) for row, told in headers.items() if "" not in told}, columns, plan)
    today = shanghai_day(database_now())
    taken.report["further"] = {
        row.row: [*day_faults(row, columns, today), *more.get(row.row, [])] for row in taken.refused
    }
    return [
        replace(outcome, faults=(*outcome.faults, *more.get(outcome.rows[0], ())))
        if outcome.verdict == REFUSED
        else outcome
        for outcome in outcomes
    ]


def _is_unread(row: ListRow, column: Column) -> bool:
    return column.name not in row.texts or (column.required and not row.texts[column.name])


def _filled(row: ListRow, columns: ColumnSet) -> ListRow:
    return ListRow(row.row, {**dict.fromkeys(columns.names, ""), **row.texts}, row.shown)


def _further(
    taken: ListInput, waiting: Mapping[int, tuple[ListRow, set[str]]], columns: ColumnSet, plan: PlanRows
) -> dict[int, list[Fault]]:
    """Try refused rows again with the cells that were refused left blank, round by round, until nothing new is said.

    A refused day is stood in for by today's; a row that lacks more than that can't be tried. Everything is taken back,
    and what may be said of a stand-in is not told.
    """
    more: dict[int, list[Fault]] = defaultdict(list)
    today = shanghai_day(database_now()).isoformat()
    for _ in range(MOST_ROUNDS):
        tried = {}
        for number, (row, told) in waiting.items():
            lacking = [column for column in columns if column.header in told]
            if any(column.required and column.kind != "date" for column in lacking):
                continue
            stood = {column.name: today if column.required else "" for column in lacking}
            tried[number] = ListRow(number, {**row.texts, **stood}, row.shown)
        if not tried:
            break
        again: dict[int, tuple[ListRow, set[str]]] = {}
        for planned in plan(taken.actor, taken.project, list(tried.values())):
            with transaction.atomic():
                outcome = _done(taken.actor, planned, columns)
                transaction.set_rollback(True)
            for number in planned.rows:
                told = waiting[number][1]
                of_today = (
                    today if any(tried[number].texts[c.name] == today for c in columns if c.header in told) else "\n"
                )
                new = [
                    fault
                    for fault in outcome.faults
                    if fault.header and fault.header not in told and of_today not in fault.message
                ]
                more[number] += new
                if new:
                    again[number] = (waiting[number][0], told | {fault.header for fault in new})
        waiting = again
    return more


def _faults(
    taken: ListInput, judge: Check, claims: Callable[[ListRow], list[Claim]] | None, together: str
) -> dict[int, list[Fault]]:
    """All that is wrong with each row beside the ledger and the others, and those on one paper with a bad one."""
    wrong = {row.row: said for row in taken.rows if (said := judge(row))}
    if claims is not None:
        readable = [row for row in taken.refused if row.row not in wrong]
        stated = [row for row in taken.rows if row.row not in wrong]
        good = {row.row for row in stated}
        partial = {row.row for row in readable}
        clashing = contradictions(sorted([*stated, *readable], key=lambda row: row.row), claims, partial)
        wrong |= {row: said for row, said in clashing.items() if row in good}
    if not together:
        return wrong
    bad = dict(taken.bad)
    for row in taken.rows:
        if row.row in wrong:
            name = row.shown.get(together, "")
            bad[name] = min(row.row, bad.get(name, row.row))
    for row in taken.rows:
        first = bad.get(row.shown.get(together, ""))
        if first is not None and row.row not in wrong:
            wrong[row.row] = [Fault("TOGETHER", TOGETHER.format(first=first))]
    return wrong


def _done(actor: Actor, plan: RowPlan, columns: ColumnSet) -> RowResult:
    if plan.refusal:
        return refused(plan.rows, [Fault("RULE", plan.refusal, plan.header)], plan.label)
    if plan.do is None:
        return RowResult(plan.rows, plan.label, UNCHANGED, plan.said)
    try:
        with transaction.atomic():
            done = plan.do(actor)
    except DomainError as refusal:
        header = columns.by_name(refusal.field).header if refusal.field in columns.names else ""
        return refused(plan.rows, [Fault("RULE", refusal.message, header)], plan.label)
    verdict = CHANGED if plan.changes else ADDED
    return RowResult(plan.rows, plan.label, verdict, done.said, changes=plan.changes, made=done.made)
