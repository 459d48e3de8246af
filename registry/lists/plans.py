"""Lists whose rows are acts of their own: each by the same service as the form, tried beside the ledger, then done."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.lists.rows import (
    ADDED,
    CHANGED,
    KNOWN,
    TOGETHER,
    UNCHANGED,
    Check,
    Fault,
    ListInput,
    ListRow,
    RowPlan,
    RowResult,
    refused,
    rule,
)

CheckRows = Callable[[Any], Check]  # given the project, or none for the list of projects
PlanRows = Callable[[Actor, Any, Sequence[ListRow]], list[RowPlan]]


def nothing_wrong(project: Any) -> Check:
    """Find nothing: the rows name nothing that must be there."""
    return lambda row: []


def carry_out_plans(
    taken: ListInput, *, check: CheckRows, plan: PlanRows, together: str = "", is_trial: bool
) -> list[RowResult]:
    """Do what the rows of a list say in one transaction, and tell of each row; a refused row is left out.

    `together` is the column by which rows are one paper: one bad row refuses all of it. With `is_trial` all of it is
    taken back: the rules that refuse are then those of the acts themselves.
    """
    faults = _faults(taken, check(taken.project), together)
    outcomes = [refused((row,), said) for row, said in faults.items()]
    with transaction.atomic():
        good = [row for row in taken.rows if row.row not in faults]
        outcomes += [_done(taken.actor, each) for each in plan(taken.actor, taken.project, good)]
        transaction.set_rollback(is_trial)
    return sorted(outcomes, key=lambda outcome: outcome.rows)


def _faults(taken: ListInput, check: Check, together: str) -> dict[int, list[Fault]]:
    """All that is wrong with each row beside the ledger, and the rows that stand on one paper with a bad one."""
    wrong = {row.row: said for row in taken.rows if (said := check(row))}
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


def _done(actor: Actor, plan: RowPlan) -> RowResult:
    if plan.refusal:
        return refused(plan.rows, [rule(plan.refusal)], plan.label)
    if plan.do is None:
        return RowResult(plan.rows, plan.label, UNCHANGED, KNOWN)
    try:
        with transaction.atomic():
            done = plan.do(actor)
    except DomainError as refusal:
        return refused(plan.rows, [rule(refusal.message)], plan.label)
    verdict = CHANGED if plan.changes else ADDED
    return RowResult(plan.rows, plan.label, verdict, done.said, changes=plan.changes, made=done.made)
