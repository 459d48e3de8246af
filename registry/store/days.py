"""The days among the arguments of a service, each with its rule: the write door holds them against what they may be."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, cast, get_args, get_origin

from registry.kernel.days import (
    NUMBERED,
    WORDS,
    DayRule,
    DayWord,
    require_day,
    require_no_year_ahead,
    require_year_of,
)

Rules = Mapping[str, DayWord | None]


class DayWithoutRule(TypeError):
    """A service takes a day of which nothing says what it may be. A fault of the program, at import."""


def day_rules(service: Callable[..., Any]) -> Rules:
    """Return the rules of the days that a service takes by name. Raises for a day without one."""
    hints = {name: parameter.annotation for name, parameter in inspect.signature(service).parameters.items()}
    return {name: _rule(service.__qualname__, name, hint) for name, hint in hints.items() if _is_day(hint)}


def argument_names(service: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the arguments that a service takes, in their order."""
    return tuple(inspect.signature(service).parameters)


def hold_days(given: Mapping[str, Any], rules: Rules, today: date) -> None:
    """Refuse arguments with a day that cannot be: given by itself, in a mapping of words, or in rows and drafts.

    And a document's number whose year is not that of its day, or has not come.
    """
    _hold_years(given, today)
    for name, value in given.items():
        for field, day, word in _days_in(name, value, rules.get(name)):
            if word.rule is not DayRule.ANY:
                require_day(day, word, today=today, field=field)


def _hold_years(given: Mapping[str, Any], today: date) -> None:
    for name, value in given.items():
        if isinstance(value, str):
            require_no_year_ahead(value, today=today, field=name)
            for other in NUMBERED.get(name, ()):
                if isinstance(day := given.get(other), date):
                    require_year_of(value, day, field=name)
        elif isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            _hold_years(value, today)


def _days_in(name: str, value: Any, word: DayWord | None) -> Iterator[tuple[str, date, DayWord]]:
    kind = _kind(cast(Any, type(value)))
    if kind is date:
        if known := word or WORDS.get(name):
            yield name, value, known
    elif kind is Mapping:
        for key, inner in value.items():
            if _kind(cast(Any, type(inner))) is date and key in WORDS:
                yield key, inner, WORDS[key]
    elif kind is Draft:
        for field, rule in _class_days(cast(Any, type(value))).items():
            yield from _days_in(field, getattr(value, field), rule)
    elif kind is Sequence and _are_drafts(value):
        for draft in value:
            yield from _days_in(name, draft, None)


class Draft:
    """A dataclass, of the kinds of values that may hold days."""


@cache
def _kind(of: Any) -> Any:
    """Return what a value of a type is looked at as; None if it holds no day. Rows are thousands, their types few."""
    if issubclass(of, str):
        return None
    if issubclass(of, date):
        return None if issubclass(of, datetime) else date
    if issubclass(of, Mapping):
        return Mapping
    if is_dataclass(of):
        return Draft
    return Sequence if issubclass(of, Sequence) else None


def _are_drafts(rows: Sequence[Any]) -> bool:
    return bool(rows) and is_dataclass(rows[0]) and bool(_class_days(cast(Any, type(rows[0]))))


@cache
def _class_days(row: Any) -> Rules:
    """Return the days of a draft or row, and what of it holds more of them, by the name of the field."""
    return {
        field.name: _rule(row.__qualname__, field.name, field.type) if _is_day(field.type) else None
        for field in fields(row)
        if _is_day(field.type) or _holds_days(field.type)
    }


def _holds_days(hint: Any) -> bool:
    return any(is_dataclass(part) and isinstance(part, type) and _class_days(part) for part in (hint, *get_args(hint)))


def _is_day(hint: Any) -> bool:
    return any(part is date for part in _parts(hint))


def _rule(owner: str, name: str, hint: Any) -> DayWord:
    stated = [mark for mark in _parts(hint) if isinstance(mark, DayWord)]
    if not stated and name not in WORDS:
        raise DayWithoutRule(f"{owner} takes the day {name!r}: say what it may be (registry.kernel.days)")
    return stated[0] if stated else WORDS[name]


def _parts(hint: Any) -> Iterator[Any]:
    """Yield the day of `Annotated[date, word] | None`, and its word."""
    if get_origin(hint) is Annotated:
        yield from get_args(hint)
    elif hint is date:
        yield hint
    else:
        for part in get_args(hint):
            if part is date or get_origin(part) is Annotated:
                yield from _parts(part)
