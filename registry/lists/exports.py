"""The lists that go out as workbooks: their columns, their rows by the page's own filters, and those in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.registries import Registry

Words = Mapping[str, str]
Rows = Callable[[Actor, Words, date], Iterable[Any]]
Filters = Callable[[Actor, Words], list[tuple[str, str]]]


def no_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    """Say that a page has no filters."""
    return []


@dataclass(frozen=True)
class ExportList:
    """One list: its name, title, who may take it (None: anybody, of what is its own), columns, rows and filters.

    Rows that may be many come as a queryset: then they are counted before they are read, and read in portions.
    """

    name: str
    title: str
    permission: Permission | None
    columns: tuple[Column, ...]
    rows: Rows
    filters: Filters = no_filters
    frozen: int = 1

    def require(self, actor: Actor) -> None:
        """Refuse who may not see the page of this list."""
        if self.permission is not None:
            actor.require(self.permission)

    def shown(self, words: Words) -> tuple[Column, ...]:
        """The columns chosen on the page, all if none was; those that name a row always."""
        chosen = set(words.get("columns", "").split("、"))
        if "district" in chosen:
            chosen.add("township")
        kept = tuple(column for at, column in enumerate(self.columns) if at < self.frozen or column.name in chosen)
        return kept if len(kept) > self.frozen else self.columns


def filters_in_words(form: Any) -> list[tuple[str, str]]:
    """Say the filters of a page's bound form in words; what isn't valid did not filter and is not said."""
    form.is_valid()
    given = ((name, field, str(form.data.get(name) or "").strip()) for name, field in form.fields.items())
    return [
        (str(field.label), label_of(field, text)) for name, field, text in given if text and name not in form.errors
    ]


def label_of(field: Any, value: str) -> str:
    """Return the word for a value that was chosen from a list, else the value itself."""
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(value, value)


EXPORTS: Final[Registry[ExportList]] = Registry()


def declare_exports(*lists: ExportList) -> None:
    """Declare lists that go out, in the app's `ready()`."""
    EXPORTS.declare(*lists)
