"""The second person: which acts need one, who the first was, and that nobody is both, in whichever role."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Protocol

from registry.kernel.authority import Actor
from registry.kernel.errors import Refused

CODE: Final = "second_person"
Given = Mapping[str, Any]


class SecondPersonNotAsked(RuntimeError):
    """A service that needs a second person by its row never asked. A fault of the program; the act is rolled back."""


class Named(Protocol):
    """A person as the accounts keep one."""

    pk: Any
    name: Any


@dataclass(frozen=True)
class FirstPerson:
    """Who proposed, drafted or uploaded; `approval` where it came through one."""

    key: int | None
    name: str
    approval: int | None = None

    @classmethod
    def of(cls, person: Named | None, approval: int | None = None) -> "FirstPerson":
        """Take the person of a row; none leaves no key, and no key is refused where two are needed."""
        return cls(None if person is None else person.pk, "" if person is None else str(person.name), approval)


def _always(given: Given) -> bool:
    return True


def _never(given: Given) -> bool:
    return False


@dataclass(frozen=True, eq=False)
class SecondPerson:
    """Which calls of a service need two persons, and who the first of them is.

    `first` are paths in the arguments: to a FirstPerson, a person or its key, or to a list of these where several came
    first (none of them, nobody to compare). With `of_row` the persons, or the need,
    stand on a row: the service asks `require` after the lock, with the row as it is then, and the door refuses an act
    that did not. Persons are compared, never roles or organisations: one person with two roles is one person. A first
    person without a key is refused but for rows that `legacy` names.
    """

    what: str
    first: tuple[str, ...] = ("first",)
    needs: Callable[[Given], bool] = _always
    of_row: bool = False
    same: str = "提请人和复核人不能是同一人。请由另一名有权限的人员复核。"
    missing: str = "请先提请，由另一名有权限的人员复核。"
    legacy: Callable[[Given], bool] = _never

    def require(self, actor: Actor, **given: Any) -> None:
        """Refuse an act that needs a second person and has none; `given` are the rows, read under lock."""
        asked = _asked.get()
        if asked is not None:
            asked.add(self)
        self.check(actor, given)

    def check(self, actor: Actor, given: Given) -> None:
        """Compare each first person with the actor; the system acts by rule and passes."""
        if actor.is_system or not self.needs(given):
            return
        for path in self.first:
            value = _read(path, given)
            for key in map(key_of, value if isinstance(value, list) else [value]):
                if key is not None and key == actor.person_id:
                    raise Refused(f"{self.what}须由两人办理。{self.same}", code=CODE)
                if key is None and not self.legacy(given):
                    raise Refused(f"{self.what}须由两人办理。{self.missing}", code=CODE)


NEVER: Final = SecondPerson("", (), _never)
_asked: ContextVar[set[SecondPerson] | None] = ContextVar("registry_second_asked", default=None)


def always(what: str, first: str = "first") -> SecondPerson:
    """Make the rule of an act that always needs two; its argument `first` says who the first was."""
    return SecondPerson(what, (first,))


def by_row(what: str, *first: str, same: str, legacy: Callable[[Given], bool] = _never) -> SecondPerson:
    """Make the rule of an act whose first persons stand on its row: `by_row("作废文书", "paper.issued_by_id", …)`."""
    return SecondPerson(what, first, of_row=True, same=same, legacy=legacy)


def key_of(value: Any) -> int | None:
    """Return the key of a first person, however it is named."""
    if isinstance(value, FirstPerson):
        return value.key
    key: int | None = value if value is None or isinstance(value, int) else value.pk
    return key


def _read(path: str, given: Given) -> Any:
    name, *steps = path.split(".")
    value = given.get(name) if not steps else given[name]
    for step in steps:
        value = None if value is None else getattr(value, step)
    return value


@contextmanager
def second_person_asked(rule: SecondPerson, service: str) -> Iterator[None]:
    """Hold a service with a rule on its row to it: the rule is asked before the act ends."""
    outer = _asked.get()
    asked: set[SecondPerson] = set()
    token = _asked.set(asked)
    try:
        yield
        if rule.of_row and rule not in asked:
            raise SecondPersonNotAsked(f"{service} never asked for its second person")
    finally:
        _asked.reset(token)
        if outer is not None:
            outer |= asked
