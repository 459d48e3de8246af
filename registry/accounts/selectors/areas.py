"""Districts and townships as the city's own table has them: a code is picked, its name is read here, never typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from registry.accounts.models import Area
from registry.accounts.selectors.settings import DISTRICT, areas
from registry.kernel.errors import Refused

TOWNSHIP: Final = 9
Choices = Sequence[tuple[str, list[tuple[str, str]]]]


class UnknownArea(Refused):
    """A code that the city's table does not have, or has no more."""


@dataclass(frozen=True)
class Place:
    """Where a project lies: codes and the names that go with them."""

    district_code: str
    district_name: str
    township_code: str
    township_name: str


def place_of(township_code: str, *, field: str = "township_code") -> Place:
    """Return district and township of a code, by the table. One query. Refused: what the table lacks."""
    code = township_code.strip()
    names = names_of([code[:DISTRICT], code])
    if len(code) != TOWNSHIP or code not in names or code[:DISTRICT] not in names:
        raise unknown(code, field)
    return Place(code[:DISTRICT], names[code[:DISTRICT]], code, names[code])


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of codes that are in use, by code. One query."""
    in_use = Area.objects.filter(code__in={code for code in codes if code}, is_active=True)
    return dict(in_use.values_list("code", "name"))


def every_name() -> dict[str, str]:
    """Return every name in use by its code: the rows of a list are held against it. One query."""
    return dict(Area.objects.filter(is_active=True).values_list("code", "name"))


def unknown(code: str, field: str) -> UnknownArea:
    """Say that the table lacks a code, and who can mend that."""
    return UnknownArea(
        f"行政区划表里没有{code or '这个代码'}。请核对代码；确是本市的，先由系统管理员在“基础数据”的行政区划表里补上。",
        field=field,
    )


def township_choices(within: str = "") -> Choices:
    """Return the townships to pick from, by district; of one's own area, if there is one. Two queries."""
    return [(district.name, towns) for district, towns in _districts(within) if towns]


def first_township(within: str = "") -> str:
    """Return the code of the first township in an area, for an example; empty while the table has none. One query."""
    town = areas(TOWNSHIP).filter(code__startswith=within).first()
    return town.code if town is not None else ""


def area_choices(within: str = "") -> Choices:
    """Return districts, each with its townships, to pick from; the city itself first, for who is of the city. Two."""
    own = [] if within else [("本市", [("", "市级单位")])]
    return [
        *own,
        *((area.name, [(area.code, f"{area.name}（区级单位）"), *towns]) for area, towns in _districts(within)),
    ]


def _districts(within: str) -> list[tuple[Area, list[tuple[str, str]]]]:
    towns: dict[str, list[tuple[str, str]]] = {}
    for town in areas(TOWNSHIP):
        if town.code.startswith(within):
            towns.setdefault(town.code[:DISTRICT], []).append((town.code, town.name))
    own = [area for area in areas() if area.code.startswith(within[:DISTRICT])]
    return [(area, towns.get(area.code, [])) for area in own]
