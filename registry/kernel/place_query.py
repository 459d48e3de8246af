"""What a person types to find a home: 9-1-2003, 阳光花园9号楼1单元2003, 9号楼2003室, or a bare 2003."""

import re
from dataclasses import dataclass
from typing import Final

from registry.kernel.addresses import address_key, normalise_address
from registry.kernel.names import building_number, entrance_number, room_number

_BUILDING: Final = "(?P<building>[A-Z甲乙丙丁]*[0-9]+[A-Z]?)(?:号楼|栋楼?|幢楼?|座|#楼?|楼)?"
_ROOM: Final = "(?P<room>[A-Z商底]*[0-9][0-9A-Z]{0,5})(?:室|号)?"
_DASHED: Final = re.compile(f"(?P<name>.*?){_BUILDING}-(?:(?P<entrance>[0-9]{{1,2}})(?:单元|门)?-)?{_ROOM}$")
_BEFORE: Final = re.compile("(.+?)[A-Za-z甲乙丙丁]*[0-9一二三四五六七八九十]+(?:号楼|栋|幢|座)")
_BARE: Final = re.compile(f"{_ROOM}$")


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A home as typed, each part bare, "" is not stated; `name` stands before the building: a project."""

    name: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""


def place_query(text: str) -> PlaceQuery | None:
    """Return the home that a text may mean, or None if it names no room."""
    head, _, tail = text.strip().rpartition(" ")
    if head and (last := place_query(tail)) is not None and (last.building or last.room) and not last.name:
        return PlaceQuery(head.strip(), last.building, last.entrance, last.room)
    folded = normalise_address(text)
    if match := _DASHED.fullmatch(folded):
        return PlaceQuery(
            _as_typed(text, match["name"]).strip("-"),
            building_number(match["building"]),
            entrance_number(match["entrance"] or ""),
            room_number(match["room"]),
        )
    key = address_key(text)
    if key.building and key.room:
        typed = _BEFORE.match(text) if key.name else None
        return PlaceQuery(typed[1].strip() if typed else key.name, key.building, key.entrance, key.room)
    if match := _BARE.fullmatch(folded):
        return PlaceQuery(room=room_number(match["room"]))
    return None


def _as_typed(text: str, name: str) -> str:
    """Return the beginning of a text that was folded to a name: 周庄嘉园三期 is no 周庄嘉园3期 to who looks for it."""
    ends = range(len(text), 0, -1) if name else ()
    return next((text[:end].strip() for end in ends if normalise_address(text[:end]) == name), name)
