"""One normaliser for names and for tickets: width, numerals, brackets; phase, section and building taken apart."""

import re
from dataclasses import dataclass
from typing import Final

from registry.kernel.addresses import expand_numbers, normalise_address
from registry.kernel.errors import DomainError
from registry.kernel.names import building_number, chinese_number

_CONTROL: Final = re.compile("[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
_MARKS: Final = re.compile("[·•・‧∙.\"'“”‘’「」『』《》<>]")
_ROMAN: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
_ROMAN_PHASE: Final = re.compile("(?<![A-Z])(VI|IV|V|I{1,3})(?=期)")
_TURNED: Final = re.compile("期([0-9]{1,2}|[一二三四五六])(?![0-9号#栋幢])")
_ORDINAL: Final = re.compile("第(?=[0-9A-Z]+(?:期|区|组团|栋|幢|座|号|单元|#|楼))")
_FRAMED: Final = re.compile(
    "[\\(\\[【{]((?:[A-Z甲乙丙丁东西南北中]|[0-9]{1,3})(?:期|区|组团|号楼|栋|幢|座|#楼?))[\\)\\]】}]"
)
_NUMBER: Final = "(?:[A-Z]{0,2}[0-9]{1,3}[A-Z]?|[A-Z]|[甲乙丙丁])"
_PHASE: Final = re.compile(
    "-?(?<![分到长短定周学过假预近前后早中晚本])(?!(?<=[上下])1期)([0-9]{1,2}(?:[、和及,-][0-9]{1,2})*)期(?!房(?!屋|子|产|本|证)|限|间|待|望|满|刊|货|初|末)(?:工程)?"
)
_SECTION: Final = re.compile(
    "-?((?:[A-Z]|(?<![0-9])[0-9]{1,2}|[甲乙丙丁东西南北中])(?:区(?!域|政府|县|里|内|长|委|级)|组团))"
)
_GROUP: Final = re.compile("[一二三四五六七八九十]{1,2}(?=组团)")
_LISTED: Final = re.compile(  # 一、二期 and 三和四号楼: the counter stands behind the last one only
    "[一二三四五六七八九十]{1,3}(?=(?:[、,和及或与][0-9一二三四五六七八九十]{1,3}){1,6}(?:期|区|组团|号楼|栋|幢))"
)
_LANE: Final = re.compile("(?<=[一-龥])[1-9](?=里(?![地路外多]))")  # 迎风4里 is 迎风四里
_LETTERS_END: Final = re.compile("(?<=[A-Z]{3})(?=[0-9])")  # MOMA13号楼: no number has so many letters
_WORD: Final = "(?:号院楼(?!号)|号楼(?!号)|栋楼?|幢楼?|座|#楼?)"
_BUILDINGS: Final = re.compile(
    f"(?<![0-9A-Z.])({_NUMBER}(?:{_WORD}?[、,和及至~-]{_NUMBER}){{0,12}}){_WORD}(?!{_NUMBER}期)"
)
_LABELLED: Final = re.compile(f"(?:楼号|楼栋号?|栋号|幢号)[:为是]?({_NUMBER})(?![0-9])")
_TRIPLE: Final = re.compile("(?<![0-9A-Z-])([A-Z]?[0-9]{1,3})-([0-9]{1,2})-([0-9]{3,4})(?![0-9-])")
_PAIR: Final = re.compile("(?<![0-9A-Z-])([A-Z]?[0-9]{1,3})-([0-9]{3,4})(?![0-9-])")
_LOOSE: Final = re.compile("(?<![0-9A-Z第])([A-Z]?[0-9]{1,2})楼(?![层道上下顶梯盘市]|房(?![产本证照]))")
_ENTRANCE: Final = re.compile("(?<![0-9])([0-9]{1,2})(?:单元|门(?![口诊禁面牌前卫]))")
_AFTER_ENTRANCE: Final = re.compile("(?:单元|门)-?(?:[0-9]{1,2}层)?([0-9]{3,4}[A-Z]?)(?![0-9])")
_ROOM: Final = re.compile("(?<![0-9])([0-9]{3,4}[A-Z]?)(?:室|房间|号房|户(?!型|主|口))")
_AFTER_BUILDING: Final = re.compile(f"{_WORD}-?([0-9]{{3,4}})(?![0-9年元户米平栋幢#]|号[楼院])")
SEPARATOR: Final = "|"  # never part of a list of numbers, as a comma may be


def fold(text: str) -> str:
    """Return a text folded: width, capitals, numerals before a counter, 第 and brackets around a part dropped."""
    folded = normalise_address(_CONTROL.sub("", text))
    folded = _GROUP.sub(lambda match: str(chinese_number(match[0])), folded)
    folded = _LISTED.sub(lambda match: str(chinese_number(match[0])), folded)
    folded = _LANE.sub(lambda match: "零一二三四五六七八九"[int(match[0])], folded)
    folded = _ROMAN_PHASE.sub(lambda match: _ROMAN[match[1]], folded.replace("首期", "1期"))
    folded = _ORDINAL.sub("", _MARKS.sub("", folded))
    return _FRAMED.sub(lambda match: match[1] if match[1][-1] in "期区团" else SEPARATOR + match[1], folded)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a text gives of a place, each set empty where it is silent."""

    phases: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    buildings: tuple[str, ...] = ()
    is_loose: bool = False  # 3楼, which may be a floor
    entrance: str = ""
    room: str = ""


def take_numbers(folded: str) -> tuple[Numbers, str]:
    """Return the numbers of a folded text, and the text without them: what is left is names and words."""
    phases: set[str] = set()
    sections: set[str] = set()
    parted = _LETTERS_END.sub(SEPARATOR, folded)
    rest = _PHASE.sub(lambda match: _keep(phases, *re.split("[^0-9]", match[1])), parted)
    rest = _SECTION.sub(lambda match: _keep(sections, match[1]), rest)
    entrance = _ENTRANCE.search(rest)
    room = _AFTER_ENTRANCE.search(rest) or _ROOM.search(rest) or _AFTER_BUILDING.search(rest)
    numbers, is_loose, rest, whole = _buildings(rest)
    if whole is not None:
        return Numbers(frozenset(phases), frozenset(sections), numbers, is_loose, whole[0], whole[1]), rest
    return (
        Numbers(
            frozenset(phases), frozenset(sections), numbers, is_loose,
            entrance[1].lstrip("0") if entrance else "", room[1] if room else "",
        ),
        rest,
    )  # fmt: skip


def _buildings(rest: str) -> tuple[tuple[str, ...], bool, str, tuple[str, str] | None]:
    """Return the buildings that a text names, whether loosely, the rest, and entrance and room of a 3-2-502."""
    if match := _TRIPLE.search(rest):
        left = rest[: match.start()] + SEPARATOR + rest[match.end() :]
        return (building_number(match[1]),), False, left, (match[2].lstrip("0"), match[3])
    named: dict[str, None] = {}
    for match in _BUILDINGS.finditer(rest):
        named.update(dict.fromkeys(_several(match[1])))
    if named:
        return tuple(named), False, _BUILDINGS.sub(SEPARATOR, rest), None
    if match := _LABELLED.search(rest):
        return (building_number(match[1]),), False, rest[: match.start()] + SEPARATOR + rest[match.end() :], None
    if match := _PAIR.search(rest):
        left = rest[: match.start()] + SEPARATOR + rest[match.end() :]
        return (building_number(match[1]),), True, left, ("", match[2])
    loose = tuple(dict.fromkeys(building_number(match[1]) for match in _LOOSE.finditer(rest)))
    return loose, bool(loose), _LOOSE.sub(SEPARATOR, rest) if loose else rest, None


def _several(text: str) -> tuple[str, ...]:
    if not re.search("[、,和及至~-]", text):
        return (building_number(text),)
    try:
        return expand_numbers(text.replace("~", "-"))
    except DomainError:
        return ()


def _keep(found_in: set[str], *parts: str) -> str:
    found_in.update(part.lstrip("0") for part in parts if part)
    return ""
