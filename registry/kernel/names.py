"""Names of people and numbers of buildings, entrances, floors and rooms, as they are stored and compared.

Code-like texts are folded (NFKC, no spaces, no invisible characters, trust.md 3.4); names of people keep every rare
character and the middle dot; a building's number is what remains of "9#", "九号楼" or "9栋".
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from registry.kernel.errors import DomainError

NAME_LIMIT: Final = 60
_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_FORBIDDEN: Final = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
HAN: Final = "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAN_GAP: Final = re.compile(f"(?<={HAN})\\s+(?={HAN})")
_DOTS: Final = re.compile(
    "\\s*[\u00b7\u0387\u2022\u2027\u22c5\u2219\u30fb\uff65\u16eb\uff0e\u318d\u2e31\ua78f\u25e6]\\s*"
)
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DIGITS: Final = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_UNITS: Final = {"十": 10, "百": 100}
_NUMERAL: Final = re.compile("[零〇一二两三四五六七八九十百]+")
_CAPITALS: Final = str.maketrans(
    "壹贰弍叁叄参肆伍陆柒捌玖拾佰兩○號棟楝樓層單戶門東區", "一二二三三三四五六七八九十百两〇号栋栋楼层单户门东区"
)
_BUILDING_WORD: Final = re.compile("(?:号楼|号院楼|楼栋|栋楼|幢楼|#楼|楼|栋|幢|座|#|号)+$")
_BUILDING_PART: Final = re.compile("(?<=[期区苑园里])(?=.)|(?<=[0-9零〇一二两三四五六七八九十百]号院)(?=.)")
_SAME_AGAIN: Final = re.compile("^(.+?)\\((.*)\\)$")
_BUILDING_HEAD: Final = re.compile(
    "^(?:楼栋号?|楼号|幢号|第|楼|栋|幢|NO\\.?|#)+(?=[0-9A-Z零〇一二两三四五六七八九十百])"
)
_BUILDING_CORE: Final = re.compile("^([A-Z甲乙丙丁戊东西南北中]*)([零〇一二两三四五六七八九十百]+)([A-Z甲乙丙丁戊]*)$")
_ENTRANCE: Final = re.compile("^(?:第|单元)?(.+?)(?:单元|门|梯)?$")
_NO_ENTRANCE: Final = frozenset({"", "无", "无单元", "-", "/", "—"})
_FLOOR: Final = re.compile("^(-?)([0-9]+)([A-Z]?)(夹?)$")
_FLOOR_RANGE: Final = re.compile("^(-?[0-9]+)[-~至](-?[0-9]+)$")
_BELOW: Final = re.compile("^(?:地下室?|负|B)(?=[0-9])")
_ROOM_TAIL: Final = re.compile("(?<=[0-9A-Z])(?:号?房间|号房|号室|室|房|号|户|#)$")
_ROOM_HEAD: Final = re.compile("^(?:#|NO\\.?|室号|房号|户号)[:.]?(?=[0-9A-Z])")
_ROOM_NUMERAL: Final = re.compile(
    "(?<![一-鿿])[零〇一二两三四五六七八九十百]+(?![一-鿿])|(?<=[商铺底层门房])[一二两三四五六七八九十]+$"
)


def clean_code(text: str) -> str:
    """Fold a code-like text: NFKC, no spaces, no invisible characters; a control character is refused."""
    if text.isascii() and text.isalnum():
        return text
    refuse_control(text)
    return "".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def code_key(text: str) -> str:
    """Fold a code-like text for comparing: capital letters too, and one kind of dash, whatever a program made of it."""
    return _DASHES.sub("-", clean_code(text)).upper()


def refuse_control(text: str) -> None:
    """Refuse control characters and marks that reverse the writing direction; they only ever hide something."""
    if _FORBIDDEN.search(text):
        raise DomainError("内容含有看不见的控制字符。请清空该格后用键盘重新录入。", code="CTRL_CHAR")


def clean_person_name(text: str) -> str:
    """Return the name as stored: trimmed, 张　三 → 张三, one kind of middle dot, every rare character kept."""
    refuse_control(text)
    visible = _INVISIBLE.sub("", text)
    dotted = _DOTS.sub("·", visible) if _is_dotted(visible) else visible
    name = " ".join(_HAN_GAP.sub("", dotted).split())
    if not name:
        raise DomainError("姓名为空。请填写证件上的姓名。", code="REQUIRED")
    if len(name) > NAME_LIMIT:
        raise DomainError(f"姓名超过{NAME_LIMIT}个字。一格只填一个人，共有人请分行或用顿号隔开。", code="TOO_LONG")
    return name


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: width, compatibility forms, case and dots do not count."""
    return _name_key(one) == _name_key(other)


def rare_characters(text: str) -> str:
    """Return the characters outside GB2312 (龑, 𫖯, private use): a font or an old system may not have them."""
    return "".join(dict.fromkeys(c for c in text if ord(c) > 0x7F and c != "·" and not _in_gb2312(c)))


def chinese_number(text: str) -> int:
    """Return the value of 九, 十二, 二十, 一百零三 or 二〇三."""
    if not _NUMERAL.fullmatch(text):
        raise ValueError(f"not a Chinese number: {text}")
    if not set(text) & set(_UNITS):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for position, character in enumerate(text):
        if character in _UNITS:
            total += (digit or (1 if position == 0 else 0)) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


@lru_cache(maxsize=4096)
def building_number(text: str) -> str:
    """Return the bare number of a building: 9#, ９＃, 9号楼, 九栋, 第9幢, 09 → 9; B9# → B9; 甲9号楼 → 甲9."""
    return _settled(_bare_building, text)


@lru_cache(maxsize=4096)
def entrance_number(text: str) -> str:
    """Return the bare number of an entrance: 2单元, 二单元, 第2单元, 02 → 2; nothing where there is none."""
    return _settled(_bare_entrance, text)


def room_number(text: str) -> str:
    """Return a room's number: folded, capital letters, without 室: 502室 → 502, 一零一 → 101, s04 → S04.

    Zeros in front stay.
    """
    return _settled(_bare_room, text)


def place_key(text: str) -> str:
    """Fold what is written of a place: width, spaces, capital letters, dashes, capital numerals (壹), 號 and 樓."""
    return code_key(text).translate(_CAPITALS)


@dataclass(frozen=True, slots=True)
class Floor:
    """A nominal floor, which is text ("1夹", "-1", "5-6"), and its place in the building.

    `order` is ten times the number, so that a mezzanine (1夹: 15) stands between 1 and 2 and 13A between 13 and 14.
    """

    label: str
    order: int


@lru_cache(maxsize=4096)
def parse_floor(text: str) -> Floor:
    """Return the floor for 5层, 五层, 5F, 1夹, -1, 地下一层, B1, 负1 or 5-6层 (a duplex, by its lower floor)."""
    folded = place_key(text).replace("夹层", "夹")
    folded = _NUMERAL.sub(lambda numeral: str(chinese_number(numeral[0])), folded)
    folded = re.sub("^第|(?<=[0-9夹])(?:层|楼|F)(?=夹?$)|^F(?=[0-9])|\\.0$", "", folded)
    folded = re.sub("层(?=夹)", "", _BELOW.sub("-", folded))
    if match := _FLOOR.match(folded):
        number = int(match[1] + match[2])
        step = 5 if match[4] else (ord(match[3]) - ord("A") + 1 if match[3] else 0)
        return Floor(label=f"{number}{match[3]}{match[4]}", order=number * 10 + min(step, 9))
    if match := _FLOOR_RANGE.match(folded):
        return Floor(label=f"{int(match[1])}-{int(match[2])}", order=int(match[1]) * 10)
    raise DomainError(f"楼层“{text.strip()}”无法识别。请写成 5、-1、1夹 或 5-6 这样的名义层。", code="FLOOR_FORMAT")


def _settled(normalise: Callable[[str], str], text: str) -> str:
    """Normalise until nothing changes any more, so that normalising a stored number again never does."""
    while (settled := normalise(text)) != text:
        text = settled
    return text


def _bare_building(text: str) -> str:
    folded = place_key(text)
    if (again := _SAME_AGAIN.match(folded)) and building_number(again[1]) == building_number(again[2] or again[1]):
        folded = again[1]  # 1号楼(1#): said twice
    head, folded = _building_part(folded)
    core = _BUILDING_WORD.sub("", _BUILDING_HEAD.sub("", folded)) or folded
    if spelled := _BUILDING_CORE.match(core):
        core = f"{spelled[1]}{chinese_number(spelled[2])}{spelled[3]}"
    return head + re.sub("(?<![0-9])0+(?=[0-9])", "", core)


def _building_part(folded: str) -> tuple[str, str]:
    """Part 二期3号楼 into its part of the project (2期) and its number; a part alone stays with the number."""
    cut = next((match.start() for match in reversed(list(_BUILDING_PART.finditer(folded)))), 0)
    return _NUMERAL.sub(lambda numeral: str(chinese_number(numeral[0])), folded[:cut]).removeprefix("第"), folded[cut:]


def _bare_room(text: str) -> str:
    core = _ROOM_TAIL.sub(
        "",
        _ROOM_HEAD.sub(
            "", re.sub("(?<=[零〇一二两三四五六七八九十])(?:号?房间|号房|号室|室|房|号|户)$", "", place_key(text))
        ),
    )
    return _ROOM_NUMERAL.sub(lambda numeral: _digits_of(numeral[0]), core)


def _digits_of(numeral: str) -> str:
    """Return a numeral in digits, place by place where it is spelled so: 〇一 → 01, 一零一 → 101, 十一 → 11."""
    if set(numeral) & set(_UNITS):
        return str(chinese_number(numeral))
    return "".join(str(_DIGITS[character]) for character in numeral)


def _bare_entrance(text: str) -> str:
    folded = place_key(text)
    if folded in _NO_ENTRANCE:
        return ""
    match = _ENTRANCE.match(folded)
    core = match[1] if match else folded
    if _NUMERAL.fullmatch(core):
        core = str(chinese_number(core))
    return core.lstrip("0") or core if core.isdigit() else core


def _is_dotted(name: str) -> bool:
    """Tell whether the dot-like signs of this name are the middle dot between Han parts."""
    return bool(re.search(f"{HAN}{_DOTS.pattern}{HAN}", name))


def _name_key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", clean_person_name(name)).casefold()
    return re.sub("[·.\\s]", "", folded)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
