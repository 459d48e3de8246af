"""Addresses: 坐落 in parts and as one string, keys for matching what callers say, and ranges of building numbers.

The string on the certificate wins over the parts (domain.md 3), so parsing is a proposal and never a correction. A name
and its numbers are compared apart: 阳光家园3号楼 and 阳光花园3#楼 look alike to any fuzzy score, and are not.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.names import building_number, chinese_number, place_key, room_number

_NUMERALS: Final = "零〇一二两三四五六七八九十百"
_COUNTED: Final = re.compile(f"[{_NUMERALS}]+(?=号|栋|幢|座|楼|单元|门|层|期|区|室|#|-[{_NUMERALS}])")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212~～]")
_NUMBER: Final = "[A-Z甲乙丙丁]*[0-9]+(?:-[0-9]+)*[A-Z甲乙丙丁]?|[A-Z]"
_BUILDING: Final = re.compile(f"({_NUMBER})(?:号楼|栋楼?|幢楼?|座|#楼?|楼)")
_ENTRANCE: Final = re.compile(f"({_NUMBER})(?:单元|门)")
_FLOOR: Final = re.compile("(-?[0-9]+[A-Z]?夹?)层")
_ROOM: Final = re.compile("-*([A-Z商底]*[0-9][0-9A-Z-]*)(?:室|号)?$")
_YARD: Final = re.compile("([甲乙丙丁]?[0-9]+)号(?:院|楼院)?(?!楼)")
_PHASE: Final = re.compile("([0-9]+)期")
_CITY: Final = re.compile("^[一-龥]{2,5}?市(?=[一-龥])")
_FILLER: Final = re.compile("小区|社区|项目|住宅楼?|楼盘|[,，。;；()（）、的在]|附近")
_RANGE: Final = re.compile("([A-Z甲乙丙丁]*)([0-9]+)-([A-Z甲乙丙丁]*)([0-9]+)")
LONGEST_RANGE: Final = 500


@dataclass(frozen=True, slots=True)
class Location:
    """A 坐落 in parts; each part is bare (53, 5, 2, 502), and the place is everything before the building."""

    district: str
    place: str
    building: str = ""
    floor: str = ""
    entrance: str = ""
    room: str = ""

    def text(self) -> str:
        """Return the string as certificates have it: 朝阳区管庄西里53号楼5层2单元502."""
        building = f"{self.building}号楼" if self.building else ""
        floor = f"{self.floor}层" if self.floor else ""
        entrance = f"{self.entrance}单元" if self.entrance else ""
        return f"{self.district}{self.place}{building}{floor}{entrance}{self.room}"


def normalise_address(text: str) -> str:
    """Return the address folded: width, spaces, capitals, dashes, and numerals before a counter (九号院 → 9号院)."""
    folded = _DASHES.sub("-", place_key(text))
    return _COUNTED.sub(lambda match: str(chinese_number(match[0])), folded)


def parse_location(text: str, *, districts: Collection[str] = ()) -> Location | None:
    """Return the parts of a 坐落, or None if no building is named; floor and entrance may stand in either order.

    `districts` are the names the address may begin with (reference data); a city's name before them is dropped.
    """
    rest = normalise_address(text)
    without_city = _CITY.sub("", rest)
    district = next((name for name in districts if without_city.startswith(name)), "")
    if district:
        rest = without_city[len(district) :]
    building = _BUILDING.search(rest)
    if building is None or not building.start():
        return None
    tail = rest[building.end() :]
    floor, entrance = _FLOOR.search(tail), _ENTRANCE.search(tail)
    used = max((part.end() for part in (floor, entrance) if part), default=0)
    room = _ROOM.match(tail[used:])
    return Location(
        district=district,
        place=rest[: building.start()],
        building=building_number(building[1]),
        floor=floor[1] if floor else "",
        entrance=entrance[1] if entrance else "",
        room=room_number(room[1]) if room else "",
    )


@dataclass(frozen=True, slots=True)
class AddressKey:
    """What a free text says of a place: its bare name, and the numbers it gives, each apart."""

    name: str
    phase: str = ""
    yard: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""


def address_key(text: str, *, districts: Collection[str] = ()) -> AddressKey:
    """Return the key for comparing a caller's words with the ledger: fuzzy on the name, exact on each number given."""
    rest = _CITY.sub("", normalise_address(text))
    for name in districts:
        rest = rest.removeprefix(name)
    building, rest = _take(_BUILDING, rest)
    entrance, rest = _take(_ENTRANCE, rest)
    rest = _FLOOR.sub("", rest)
    yard, rest = _take(_YARD, rest)
    phase, rest = _take(_PHASE, rest)
    rest = _FILLER.sub("", rest)
    room, rest = _take(_ROOM, rest) if building else ("", rest)
    return AddressKey(rest.strip("-"), phase, yard, building_number(building) if building else "", entrance, room)


def natural_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key by which 9 stands before 10 and both before S4; digits compare as numbers."""
    parts = re.findall("[0-9]+|[^0-9]+", number)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def expand_numbers(text: str) -> tuple[str, ...]:
    """Return the building numbers of 9—12号楼、15#、S1至S3, in natural order, each once."""
    numbers: set[str] = set()
    for part in re.split("[、,，;；和及]", normalise_address(re.sub("[至到]", "-", text))):
        bare = re.sub("(?:号楼|栋|幢|座|#楼?|楼|号)", "", part)
        match = _RANGE.fullmatch(bare)
        if match is None:
            numbers.update([building_number(bare)] if bare else [])
            continue
        first, last = int(match[2]), int(match[4])
        if match[3] not in ("", match[1]) or not first <= last < first + LONGEST_RANGE:
            raise DomainError(f"楼号范围“{part}”不成立。请写成“9—12号楼”，前小后大。", code="RANGE_FORMAT")
        numbers.update(f"{match[1]}{number}" for number in range(first, last + 1))
    return tuple(sorted(numbers, key=natural_key))


_NAMED: Final = re.compile("[楼库房栋幢座馆站所园校铺场厅间棚室亭]|心$")  # a name of a building that no 号楼 follows


_WORD: Final = re.compile("[\u4e00-\u9fff](?<![甲乙丙丁戊己庚辛零〇一二三四五六七八九十百])$")


def join_numbers(numbers: Iterable[str], *, tail: str = "号楼") -> str:
    """Return building numbers as people read them: 9—12、15号楼; three or more in a row become a range.

    What is a name by itself stands behind them: 1、2号楼、地下车库.
    """
    every = sorted(set(numbers), key=natural_key)
    ordered = [number for number in every if tail != "号楼" or not _NAMED.search(number)]
    names = [number for number in every if number not in ordered]
    if tail == "号楼":  # 东, 综合, 1号附: a name whose 楼 is not stored
        names += [f"{number}楼" for number in ordered if _WORD.search(number)]
        ordered = [number for number in ordered if not _WORD.search(number)]
    runs: list[list[str]] = []
    for number in ordered:
        if runs and _follows(runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [run if len(run) < 3 else [f"{run[0]}—{run[-1]}"] for run in runs]
    said = "、".join(number for run in shown for number in run) + (tail if ordered else "")
    return "、".join([*([said] if said else []), *names])


def _follows(earlier: str, other: str) -> bool:
    split_one, split_other = (re.fullmatch("([^0-9]*)([1-9][0-9]*)", number) for number in (earlier, other))
    if split_one is None or split_other is None or split_one[1] != split_other[1]:
        return False
    return int(split_other[2]) == int(split_one[2]) + 1


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return the first number a pattern finds, and the text without it."""
    match = pattern.search(text)
    return (match[1], text[: match.start()] + text[match.end() :]) if match else ("", text)
