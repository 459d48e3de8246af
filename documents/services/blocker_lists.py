"""A list of blockers into a project, row by row: each by the same service as the form, what is there already left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from documents.intake.blocker_rows import BlockerRow
from projects.gates.models import BlockerType, BlockerVersion
from projects.gates.services import raise_blocker
from projects.ledger.models import Building, Project
from registry.audit.recording import canonical
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.scope import NOTHING, Scope, scope_of


@dataclass
class BlockersTaken:
    """What a list of blockers did: numbers given, rows that were there already, rows refused with the reason."""

    numbers: list[str] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def take_blockers(
    *, actor: Actor, project: Project, rows: Sequence[BlockerRow], is_trial: bool = False
) -> BlockersTaken:
    """This will raise each blocker of a list by an act of its own; with `is_trial` each is tried and taken back.

    The same list twice raises nothing: a blocker of that type, day, title and scope is left as it is.
    """
    actor.require(Permission.BLOCKER_RAISE)
    types = {one.code: one for one in BlockerType.objects.all()}
    buildings = dict(Building.objects.filter(project=project).values_list("number", "id"))
    known = _known(project)
    taken = BlockersTaken()
    for row in rows:
        try:
            if row.error:
                raise DomainError(row.error)
            of_type = types.get(row.type)
            if of_type is None or row.found_on is None:
                raise DomainError(f"没有「{row.type}」这个堵点类型。请照基础数据里的编码填写。")
            scope = _scope_of(row, buildings)
            key = (row.type, row.found_on, row.title or of_type.label, canonical(scope.to_data()))
            if key in known:
                taken.same.append(row.row)
                continue
            with transaction.atomic():
                blocker = raise_blocker(
                    actor=actor,
                    project=project,
                    type=of_type,
                    title=row.title,
                    scope=scope,
                    at_fault=scope & scope_of(features=row.fault) if row.fault else NOTHING,
                    found_on=row.found_on,
                    cause=row.cause,
                )
                transaction.set_rollback(is_trial)
            known.add(key)
            taken.numbers.append(blocker.number)
        except DomainError as refusal:
            taken.refused.append((row.row, refusal.message))
    return taken


def _known(project: Project) -> set[tuple[str, date, str, str]]:
    """Read what the project's blockers were, in each of their versions. One query."""
    rows = BlockerVersion.objects.filter(blocker__project=project).values_list(
        "blocker__type__code", "blocker__found_on", "blocker__title", "scope"
    )
    return {(code, found_on, title, canonical(scope)) for code, found_on, title, scope in rows}


def _scope_of(row: BlockerRow, buildings: dict[str, int]) -> Scope:
    unknown = [number for number in row.buildings if number not in buildings]
    if unknown:
        raise DomainError(f"项目里没有{'、'.join(unknown)}号楼。请核对楼号，或先导入清册。")
    named: dict[str, object] = {}
    if row.buildings:
        named["buildings"] = {buildings[number] for number in row.buildings}
    if row.uses:
        named["uses"] = row.uses
    return scope_of(**named)
