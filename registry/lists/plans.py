"""Lists whose rows are acts of their own: each by the same service as the form, tried beside the ledger, then done."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from registry.kernel.authority import Actor
from registry.kernel.columns import ColumnSet
from registry.kernel.errors import DomainError
from registry.lists.rows import (
    ADDED,
    CHANGED,
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
    taken back: the rules that refuse are then those of the acts themselves.
    """
    faults = _faults(taken, check(taken.project), claims(taken.project) if claims else None, together)
    outcomes = [refused((row,), said) for row, said in faults.items()]
    with transaction.atomic():
        good = [row for row in taken.rows if row.row not in faults]
        outcomes += [_done(taken.actor, each, columns) for each in plan(taken.actor, taken.project, good)]
        transaction.set_rollback(is_trial)
    return sorted(outcomes, key=lambda outcome: outcome.rows)


def _faults(
    taken: ListInput, check: Check, claims: Callable[[ListRow], list[Claim]] | None, together: str
) -> dict[int, list[Fault]]:
    """All that is wrong with each row beside the ledger and the others, and those on one paper with a bad one."""
    wrong = {row.row: said for row in taken.rows if (said := check(row))}
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
