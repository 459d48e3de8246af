"""The place of a home: one grammar for building, entrance, floor and room, however they are spread over the cells.

`1号楼 | 1 | 101`, `1号楼1单元 | | 101` and `1号楼 | | 1-1-101` are one home. Each cell gives the parts that it names;
where dashes leave open which part is which, every reading is tried against the other cells: one home is taken, two are
asked back, none is a contradiction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from registry.kernel.cell_words import is_truth_word
from registry.kernel.errors import DomainError
from registry.kernel.names import (
    Floor,
    building_number,
    entrance_number,
    parse_floor,
    place_key,
    room_number,
)

_NUMERAL: Final = "零〇一二两三四五六七八九十百"
_NUMBER: Final = f"[A-Z甲乙丙丁东西南北中]?(?:[0-9]+|[{_NUMERAL}]+)[A-Z甲乙丙丁]?|[A-Z]"
_PART: Final = f"(?P<part>(?:[0-9{_NUMERAL}]+期|[A-Z东西南北中]区|[0-9{_NUMERAL}]+区)+)?"
_BUILDING: Final = f"(?:{_PART}(?P<building>{_NUMBER}(?:-[0-9]+)?)(?:号楼|栋楼?|幢楼?|座|#楼?|楼))"
_ENTRANCE: Final = f"(?:第?(?P<entrance>{_NUMBER})(?:单元|门|梯))"
_FLOOR: Final = f"(?:第?(?P<floor>(?:-|负|地下)?(?:[0-9]+[A-Z]?|[{_NUMERAL}]+)夹?)(?:层|楼层|F))"
_ROOM: Final = f"(?P<room>[^楼层单元]*?)(?:(?<=[0-9A-Z{_NUMERAL}])(?:号?房间|号房|号室|室|房|号|户|#))?"
_CELL: Final = re.compile(f"{_BUILDING}?-?{_ENTRANCE}?-?{_FLOOR}?-?{_ROOM}")
_DASHED: Final = re.compile("[A-Z]?[0-9]+[A-Z]?(?:-[A-Z]?[0-9]+[A-Z]?){1,2}|[A-Z](?:-[0-9]+[A-Z]?){1,2}")
_WHOLE: Final = re.compile(  # 1-2-301 and 1#-2-301 in the cell of the building: no date has three figures at the end
    f"(?P<building>{_NUMBER})(?:号楼|栋|幢|座|#)?-(?P<entrance>[0-9]{{1,2}})-(?P<room>[0-9]{{3,4}}[A-Z]?)(?:室|号)?"
)
_BARE_PAIR: Final = re.compile("[0-9]+-[0-9]+(?:-[0-9]+)?")
_HOLES: Final = re.compile(
    "[*?？]|(?<=[0-9])[OoIl](?=[0-9])|(?<=[0-9])[ol]$|^[ol](?=[0-9])|(?<=[0-9])O(?=[号栋幢座#楼])"
)  # signs, and letters for figures
_TAIL: Final = re.compile("[.。．,，、;；:：]+$")  # stops and commas that a list leaves behind a number
_ALONE: Final = re.compile(f"第?(?:{_NUMBER})(单元|层)")
_SEVERAL_BUILDINGS: Final = re.compile(
    "(?<=[0-9楼栋幢座#号])\\s*[、,，;；/~～+&和至\n]\\s*(?=[0-9A-Za-z])|(?<=号楼)(?=[0-9]+号楼)|[0-9A-Z]号?楼?[、,/~～+&和至][0-9]"
)
_SEVERAL_ENTRANCES: Final = re.compile(
    "(?<=[0-9A-Za-z甲乙丙丁东西元门])\\s*[、,，;；/~～+&和至]\\s*(?=[0-9A-Za-z甲乙丙丁东西])"
)
_BETWEEN: Final = re.compile("[0-9]{3,}[A-Z]?(?:-|～)[0-9]{3,}[A-Z]?")  # 101-103: from one room to another
_BELOW: Final = re.compile("-[0-9]|负[0-9一二三]|地下")
_DECIMAL: Final = re.compile("[0-9]+[.．。][0-9]+")
_GAP: Final = re.compile("(?<=[0-9０-９])\\s+(?=[0-9０-９])")  # 1 101 may be an entrance and a room, or badly typed
_TOTAL: Final = re.compile("(?:.*号?楼)?(?:合计|小计|总计|共计|累计)")
_UNDERGROUND: Final = re.compile("(?:-|负|地下)([0-9]{2,}[A-Z]?)")
_OTHER_NUMBER: Final = re.compile("[(（][^()（）]*[0-9]{2,}[^()（）]*[)）]")
_SEVERAL: Final = re.compile(
    "(?<=[0-9A-Za-z０-９室号])\\s*[、,，;；和与及+＋&＆/／~～至到\n]\\s*(?=[0-9A-Za-z０-９])|(?<=[0-9]{3})\\s+(?=[0-9]{3})"
)
_ONE: Final = {"building": "一栋", "entrance": "一个单元", "room": "一户"}
_COLUMN: Final = {"单元": "单元号", "层": "楼层"}
_WHOLE_ROOM: Final = 3  # digits of a room that names its floor too: 101


class PlaceRefused(DomainError):
    """A place that contradicts itself, or can be read in more than one way."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What one cell names of a place; blank is not named."""

    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a home as stored; `floor` is None if it is nowhere named."""

    building: str
    entrance: str
    floor: Floor | None
    room: str


def _refuse(field: str, code: str, message: str) -> PlaceRefused:
    return PlaceRefused(message, code=code, field=field)


@lru_cache(maxsize=16384)
def read_place(building: str, entrance: str, floor: str, room: str) -> Place:
    """Read the four cells of a place together. Raises PlaceRefused with `field` naming the cell."""
    for name, text in (("building", building), ("entrance", entrance), ("floor", floor), ("room", room)):
        if text and is_truth_word(text):
            raise _refuse(name, "PLACE_KIND", f"“{text.strip()}”不是编号。请填写现场的编号，并把该列设为文本。")
    building, entrance, room = (_TAIL.sub("", text.strip()) for text in (building, entrance, room))
    _refuse_several(building, entrance, room)
    first = building_parts(building)
    second = _entrance_parts(entrance, first.building)
    agreed = first.entrance or second.entrance
    if first.entrance and second.entrance and first.entrance != second.entrance:
        raise _refuse(
            "entrance", "PLACE_CONTRADICTS", f"单元号{second.entrance}与楼栋里写的{first.entrance}单元不一致。请核对。"
        )
    stated = parse_floor(floor) if floor else None
    if stated is not None and stated.order >= 0 and _BELOW.match(place_key(room)):
        raise _refuse("room", "PLACE_CONTRADICTS", f"“{room}”在地下，楼层一列是{stated.label}。请核对后改正。")
    readings = list(_room_readings(room, first.building, agreed, stated))
    fitting = {
        (reading.entrance or agreed, reading.room): reading.floor
        for reading in readings
        if reading.building in ("", first.building)
        and (not agreed or reading.entrance in ("", agreed))
        and _fits(reading.floor, stated)
    }
    if not fitting:
        raise _contradiction(room, readings, first.building, agreed, stated)
    if len(fitting) > 1:
        choices = "，或".join(_words(*choice) for choice in sorted(fitting))
        raise _refuse(
            "room", "PLACE_AMBIGUOUS", f"“{room.strip()}”可以读作{choices}。请把单元填到单元号一列，户号只填室号。"
        )
    [((entrance_read, room_read), floor_read)] = fitting.items()
    if first.room and room_read and first.room != room_read:
        raise _refuse("room", "PLACE_CONTRADICTS", f"户号{room_read}与楼栋里写的{first.room}不一致。请核对。")
    named = stated or (parse_floor(floor_read) if floor_read else parse_floor(first.floor) if first.floor else None)
    return Place(first.building, entrance_read, named, room_read or first.room)


def _refuse_several(building: str, entrance: str, room: str) -> None:
    """Refuse cells of several buildings, entrances or rooms, and those with signs that no number has."""
    for name, text, several, what in (
        ("building", building, _SEVERAL_BUILDINGS, "几栋楼"),
        ("entrance", entrance, _SEVERAL_ENTRANCES, "几个单元"),
        ("room", room, _SEVERAL, "几户"),
        ("room", place_key(room), _BETWEEN, "几户"),
    ):
        is_between = several is _BETWEEN and several.fullmatch(text)
        if is_between or (several is not _BETWEEN and several.search(text)):
            raise _refuse(name, "ROOM_SEVERAL", f"“{text}”像是{what}。一行只填{_ONE[name]}，请分行填写。")
        if _HOLES.search(text):
            raise _refuse(name, "PLACE_KIND", f"“{text}”里有认不准的符号或字母。请照现场的编号填写，数字不要写成字母。")
    for name, text, what in (("building", building, "楼号"), ("entrance", entrance, "单元号"), ("room", room, "户号")):
        if _DECIMAL.fullmatch(text):
            raise _refuse(name, "PLACE_KIND", f"“{text}”带小数点，不是{what}。请照现场的编号填写，并把该列设为文本。")
        if _GAP.search(text):
            raise _refuse(
                name, "PLACE_AMBIGUOUS",
                f"“{text}”中间有空格，看不出是一个号，还是楼、单元、户号写在一起。请去掉空格，或分开填到各自的列。",
            )  # fmt: skip
    if _TOTAL.fullmatch(place_key(building)):
        raise _refuse("building", "PLACE_KIND", f"“{building}”不是楼号。是合计行的请整行删去，或写在第一列。")
    if _OTHER_NUMBER.search(room):
        raise _refuse("room", "ROOM_SEVERAL", f"“{room}”的括号里还有一个号。户号只填一个，另一个写进备注。请改正。")
    for name, text, label in (("building", building, "楼栋"), ("room", room, "户号")):
        if alone := _ALONE.fullmatch(place_key(text)):
            raise _refuse(
                name, "PLACE_KIND", f"“{text}”是{alone[1]}，不是{label}。请填到{_COLUMN[alone[1]]}一列，本列填{label}。"
            )


@lru_cache(maxsize=16384)
def home_key(building: str, entrance: str, floor: str, room: str) -> tuple[str, str, str, str]:
    """Return what makes two spellings one home; a place that can't be read is itself alone."""
    is_number = _BARE_PAIR.fullmatch(building) and not _WHOLE.fullmatch(building)
    named = f"{building}号楼" if is_number else building  # 14-1 as stored is a number, no date
    try:
        place = read_place(named, entrance, floor, room)
    except DomainError:
        return building, entrance, floor, room
    return place.building, place.entrance, place.floor.label if place.floor else floor, place.room


def one_building(text: str) -> str:
    """Return what a cell writes of one building; refused if it names two, an entrance too, or none.

    14-1 may stand here bare: nothing else in a list of buildings could be meant by it.
    """
    written = _TAIL.sub("", text.strip())
    _refuse_several(written, "", "")
    folded = place_key(written)
    is_whole = _WHOLE.fullmatch(folded) is not None
    if is_whole or (not _BARE_PAIR.fullmatch(folded) and building_parts(written).entrance):
        raise _refuse("building", "PLACE_KIND", f"“{written}”里还有单元。本列只填楼号。请改正。")
    return written


@lru_cache(maxsize=4096)
def building_parts(text: str) -> Parts:
    """Return what a cell of buildings names: a building, and an entrance behind it. Refuses what may be a date."""
    folded = place_key(text)
    if whole := _WHOLE.fullmatch(folded):
        return Parts(
            building_number(f"{whole['building']}号楼"), entrance_number(whole["entrance"] or ""), "", whole["room"]
        )
    if _BARE_PAIR.fullmatch(folded):
        raise _refuse(
            "building",
            "BUILDING_PAIR",
            f"“{text.strip()}”像日期，也像楼号带单元。请写成“14号楼”、单元另填，或“14-1号楼”，并把该列设为文本。",
        )
    match = re.fullmatch(f"{_BUILDING}(?:-?{_ENTRANCE})?-?(?:{_FLOOR})?-?{_ROOM}", folded)
    if match and match["building"] and (match["entrance"] or match["floor"] or match["room"]):
        named = building_number(f"{match['part'] or ''}{match['building']}号楼")
        if match["entrance"] or re.fullmatch("[0-9]{3,4}", match["room"] or ""):
            return Parts(
                named, entrance_number(match["entrance"] or ""), match["floor"] or "", room_number(match["room"])
            )
    return Parts(building_number(text))


@lru_cache(maxsize=4096)
def _entrance_parts(text: str, building: str) -> Parts:
    folded = place_key(text)
    match = re.fullmatch(f"{_BUILDING}-?第?(?P<entrance>{_NUMBER})(?:单元|门|梯)?", folded)
    if match:
        named = building_number(f"{match['part'] or ''}{match['building']}号楼")
        if named != building:
            raise _refuse("entrance", "PLACE_CONTRADICTS", f"单元号写的是{named}号楼，楼栋是{building}号楼。请核对。")
        return Parts(named, entrance_number(match["entrance"]))
    if (pair := re.fullmatch("([0-9]+)-([0-9]+)(?:单元)?", folded)) and pair[1] == building:
        return Parts(building, entrance_number(pair[2]))
    return Parts("", entrance_number(text))


def _room_readings(text: str, building: str, entrance: str, floor: Floor | None) -> Iterator[Parts]:
    """Give every way in which a cell of rooms can be read."""
    folded = place_key(text)
    if below := _UNDERGROUND.fullmatch(folded):  # 负101 and 地下101 on floor -1 are 101 there; without a floor -101
        yield Parts(room=below[1] if floor is not None else f"-{below[1]}")
        return
    match = _CELL.fullmatch(folded)
    if match is None or not re.search("[0-9A-Z]", room_number(match["room"])):
        yield Parts(room=room_number(text))
        return
    named = Parts(
        building_number(f"{match['part'] or ''}{match['building']}号楼") if match["building"] else "",
        entrance_number(match["entrance"] or ""),
        parse_floor(match["floor"]).label if match["floor"] else "",
        room_number(match["room"]),
    )
    if not _DASHED.fullmatch(named.room):
        yield named
        return
    yield from _dashed(named, building, entrance, floor)


def _dashed(named: Parts, building: str, entrance: str, floor: Floor | None) -> Iterator[Parts]:
    """Read parts that only dashes keep apart: 楼-单元-室, 单元-室, 楼-室, 层-室."""
    *heads, room = named.room.split("-")
    is_whole = len(re.sub("[^0-9]", "", room)) >= _WHOLE_ROOM
    heads = [head.lstrip("0") or head for head in heads]
    if not is_whole and not (len(heads) == 2 and heads[0] == building and heads[1] == (entrance or heads[1])):
        yield named
        return
    if len(heads) == 2:
        yield Parts(heads[0], heads[1], named.floor, room)
        return
    [head] = heads
    if not head.isdigit() and head not in (building, entrance):
        yield named  # a stand in a garage, not a part of a building
        return
    if not named.entrance:
        yield Parts(named.building, head, named.floor, room)
    if not named.building:
        if head == building:
            yield Parts(head, named.entrance, named.floor, room)
        if floor is not None and head == floor.label:
            yield Parts(named.building, named.entrance, head, room)


def _fits(label: str, floor: Floor | None) -> bool:
    return not label or floor is None or label == floor.label


def _contradiction(text: str, readings: list[Parts], building: str, entrance: str, floor: Floor | None) -> PlaceRefused:
    """Say which part of a room's cell is not what the other cells say."""
    for reading in readings:
        pairs = (
            ("楼栋", reading.building, building, "号楼"),
            ("单元号", reading.entrance, entrance, "单元"),
            ("楼层", reading.floor, floor.label if floor else "", "层"),
        )
        for label, said, other, tail in pairs:
            if said and other and said != other:
                return _refuse(
                    "room",
                    "PLACE_CONTRADICTS",
                    f"“{text.strip()}”写的是{said}{tail}，{label}一列是{other}。请核对后改正。",
                )
    return _refuse("room", "PLACE_CONTRADICTS", f"“{text.strip()}”与楼栋、单元号对不上。请核对后改正。")


def _words(entrance: str, room: str) -> str:
    return f"{entrance}单元{room}" if entrance else f"没有单元的{room}"
