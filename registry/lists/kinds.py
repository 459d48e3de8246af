"""The kinds of lists that come in as files: who may send one, its columns, example and rules, what its rows do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.columns import Column, ColumnSet
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.registries import Registry
from registry.lists.plans import CheckRows, PlanRows, carry_out_plans, nothing_wrong
from registry.lists.rows import Apart, ClaimsOf, Known, ListInput, RowResult

Before = Mapping[str, Any] | None
KnownRows = Callable[[Any], list[Known]]  # given the project or, for the list of projects, the actor
TakeBack = Callable[[Actor, int, Before, str], None]  # the key of what was made, what it was before, the reason


During = Callable[[], AbstractContextManager[Callable[[], None]]]


@contextmanager
def at_once() -> Iterator[Callable[[], None]]:
    """Run the acts of a list each by itself: nothing is left to count at the end."""
    yield lambda: None


class TakeWhole(Protocol):
    """Carry out a list as a whole, or try it and take it back."""

    def __call__(self, taken: ListInput, *, is_trial: bool) -> list[RowResult]: ...


@dataclass(frozen=True)
class ListKind:
    """One kind of list, declared by the app that owns its rows.

    `check` tells what a row names that is not there, `plan` what each row does. `take` is for a list that is one act as
    a whole; with neither, it is placed on a day (the unit list). `known` writes out what the ledger has of them;
    `take_back` undoes what one row made in `table`, by the act that a person would use, and `undone_by` is who may take
    a list back (None: nobody, its rows are ended one by one). `together` is the header of the column by which rows are
    one paper; `limits` are the longest cells by column, `several` the columns whose cells may hold several choices,
    `clearable` those that 【清空】 empties: a blank cell changes nothing. `claims` tells what a row says of what, so
    that two that contradict are both refused. `example_in` says what of the example is of the project, so that it
    passes its own import; `listed` what a cell of the template may be chosen from, by column, that the project or the
    reference data have. `page` is the view from which a list of no project is sent. `during` is what the acts of a list
    run in, and gives what is counted once at the end, inside the act that closes the list.
    """

    name: str
    label: str
    columns: ColumnSet
    example: Mapping[str, str]
    rules: tuple[str, ...]
    sent_by: Permission
    undone_by: Permission | None
    unit: str = "项"
    plan: PlanRows | None = None
    take: TakeWhole | None = None
    check: CheckRows = nothing_wrong
    known: KnownRows | None = None
    take_back: TakeBack | None = None
    table: str = ""
    together: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    several: frozenset[str] = frozenset()
    clearable: frozenset[str] = frozenset()
    claims: ClaimsOf | None = None
    example_in: Callable[[Actor, Any], Mapping[str, str]] | None = None
    listed: Callable[[Any], Mapping[str, Sequence[str]]] | None = None
    during: During = at_once
    of_project: bool = True
    page: str = ""
    apart: Callable[[Actor, Any, Mapping[str, Any], Sequence[Apart]], int] | None = None
    apart_codes: frozenset[str] = frozenset()

    @property
    def is_written_out(self) -> bool:
        """Whether what is known can be written out as such a list."""
        return self.known is not None

    @property
    def is_placed(self) -> bool:
        """Whether it is a unit list, placed as a whole on a day."""
        return self.plan is None and self.take is None

    @property
    def translatable(self) -> tuple[Column, ...]:
        """The columns whose words a sender may have translated: one choice from a closed list."""
        return tuple(column for column in self.columns if column.choices and column.name not in self.several)

    def example_for(self, actor: Actor, project: Any) -> dict[str, str]:
        """Return the example row as the project could import it."""
        of_project = {"project": project.code} if self.of_project and project is not None else {}
        return {**self.example, **of_project, **(self.example_in(actor, project) if self.example_in else {})}

    def listed_for(self, project: Any) -> Mapping[str, Sequence[str]]:
        """Return what may be chosen in the columns whose words are data."""
        return self.listed(project) if self.listed else {}

    def carry_out(self, taken: ListInput, *, is_trial: bool) -> list[RowResult]:
        """Do what the rows say, or try it and take it back."""
        if self.plan is not None:
            return carry_out_plans(
                taken, self.columns, check=self.check, plan=self.plan, claims=self.claims, together=self.together,
                is_trial=is_trial,
            )  # fmt: skip
        if self.take is None:
            raise DomainError("清册按入账日期写入，不在这里办。")
        return self.take(taken, is_trial=is_trial)

    def may_undo(self, actor: Actor) -> bool:
        """Whether the actor may take such a list back."""
        return self.undone_by is not None and actor.can(self.undone_by)

    def require_undoing(self, actor: Actor) -> None:
        """Refuse to take a list back to whom it is not given; some kinds are taken back by nobody."""
        if self.undone_by is None:
            raise DomainError(f"{self.label}清单不能整批撤销。请逐个办理。")
        actor.require(self.undone_by)

    def takes_two(self, actor: Actor) -> bool:
        """Whether a second person accepts what the actor sends: a firm's files always need one."""
        if self.is_placed:
            return not actor.can(Permission.IMPORT_ACCEPT)
        return actor.role == Role.DEVELOPER


LISTS: Final[Registry[ListKind]] = Registry()


def declare_lists(*kinds: ListKind) -> None:
    """Declare kinds of lists, in the app's `ready()`."""
    LISTS.declare(*kinds)


def list_called(name: str) -> ListKind:
    """Return a kind of list by its name. Raises NotFound."""
    if name not in LISTS:
        raise NotFound("没有这种清单。")
    return LISTS[name]
