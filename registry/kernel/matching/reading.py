"""A ticket as the matcher reads it: its numbers, the roads, townships and developers it names, and what is left."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from registry.kernel.matching.folding import SEPARATOR, Numbers, fold, take_numbers
from registry.kernel.matching.index import ENDINGS, KnownIndex, bare_township
from registry.kernel.matching.known import AddressRange, TicketText

_HOUSE: Final = re.compile("(?:路|街|巷|道|胡同|条|弄|里|庄|线)([0-9]{1,4})(?:号|弄)(?!楼(?!号)|线)")
_FIRM_WORD: Final = re.compile("总?公司|房地产|地产|置业|房产|开发商?|集团|房开|城建|实业")
_TOWNSHIP_WORD: Final = re.compile("街道|镇|乡|地区|办事处")
_TOKEN: Final = re.compile("[A-Z0-9][A-Z0-9_/-]{4,39}")
_LONGEST: Final = 8
_NAME_SHAPED: Final = re.compile(f"[一-龥]{{2,6}}(?:{ENDINGS})")
_FUNCTION: Final = re.compile(
    "的|开发|公司|在|位于|是|反映|导致|咨询|居住|家住|购买|我们|本|该|那个|这个|整个|某|我|住|地产|街道|镇|乡"
    "|号|希望|要求|请求|[区市县镇乡院家村手这那哪]里"
)
_NO_NAME: Final = re.compile(
    "(?:住宅|安置|老|新|回迁|商品房|职工|员工|单位|教师|干部)*(?:小区|社区|家属院|宿舍|大院|公寓|花园|村)"
)
SHORTEST_NAME: Final = 2
PARTS: Final = 400  # characters read of a long text: the place stands at its beginning or in its address


@dataclass(frozen=True, slots=True)
class Page:
    """What a ticket says. `text` is folded and without numbers; `heard` and `blurred` are the same by the ear."""

    text: str
    heard: str
    blurred: str
    numbers: Numbers
    townships: frozenset[str]
    is_stated: bool  # the township stands in its own field
    districts: frozenset[str]
    houses: tuple[tuple[str, int], ...]  # a known road by its sound, and the number
    lots: Mapping[int, AddressRange]  # the projects within whose addresses such a number lies
    firms: frozenset[str]
    address_ends: int
    folded: str
    name_characters: frozenset[str]  # of which names are made, without their 花园 and 小区
    all_characters: frozenset[str]
    known_townships: frozenset[str]


def read_page(index: KnownIndex, ticket: TicketText) -> Page:
    """Return a ticket read: the address first, then what was said."""
    address, said = fold(ticket.address), fold(ticket.text[:PARTS])
    folded = f"{address}{SEPARATOR}{said}" if address else said
    parted = folded
    for name in index.numbered:
        if name in parted:
            parted = parted.replace(name, name + SEPARATOR)
    numbers, rest = take_numbers(parted)
    houses = _houses(index, folded)
    townships, is_stated = _townships(index, folded, ticket.township)
    return Page(
        text=rest,
        heard=rest.translate(index.sounds),
        blurred=rest.translate(index.blurs),
        numbers=numbers,
        townships=townships,
        is_stated=is_stated,
        districts=frozenset(name for name in index.districts if name in folded),
        houses=houses,
        lots={
            place: address
            for heard, number in houses
            for place, address in index.roads[heard]
            if address.low <= number <= address.high
        },
        firms=_firms(index, folded),
        address_ends=len(take_numbers(address)[1]) if address else 0,
        folded=folded,
        name_characters=index.characters,
        all_characters=index.all_characters,
        known_townships=index.townships,
    )


def quoted_numbers(text: str) -> list[str]:
    """Return what may be the number of an earlier ticket, as it is written, in the order of the text."""
    return _TOKEN.findall(fold(text))


def names_an_unknown(text: str, places: Iterable[str] = ()) -> str:
    """Return what is shaped like the name of an estate in a text without known names, or "" if nothing is.

    `places` are districts, townships and the developers named: they are no estate's name.
    """
    for place in places:
        text = text.replace(place, SEPARATOR)
    for match in _NAME_SHAPED.finditer(text):
        name = _FUNCTION.split(match[0])[-1]
        if len(name) > SHORTEST_NAME and not _NO_NAME.fullmatch(name):
            return name
    return ""


def _townships(index: KnownIndex, folded: str, stated: str) -> tuple[frozenset[str], bool]:
    """Return the townships named in a text, bare, else the stated one; the text knows better where the home lies."""
    named: set[str] = set()
    for match in _TOWNSHIP_WORD.finditer(folded):
        end = match.start()
        for size in range(min(5, end), 1, -1):
            if (name := folded[end - size : end]) in index.townships:
                named.add(name)
                break
    if named:
        return frozenset(named), False
    return (frozenset({bare_township(stated)}), True) if stated else (frozenset(), False)


def _houses(index: KnownIndex, folded: str) -> tuple[tuple[str, int], ...]:
    houses: list[tuple[str, int]] = []
    for match in _HOUSE.finditer(folded):
        end = match.start(1)
        for size in range(min(_LONGEST, end), 1, -1):
            heard = folded[end - size : end].translate(index.sounds)
            if heard in index.roads:
                houses.append((heard, int(match[1])))
                break
    return tuple(houses)


def _firms(index: KnownIndex, folded: str) -> frozenset[str]:
    firms: set[str] = set()
    for match in _FIRM_WORD.finditer(folded):
        end = match.start()
        for size in range(min(_LONGEST, end), 1, -1):
            if (name := folded[end - size : end]) in index.firms:
                firms.add(name)
                break
    return frozenset(firms)
