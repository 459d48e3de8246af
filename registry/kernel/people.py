"""The people of one cell: one grammar for names, separators, shares, notes, organisations, and what is no person.

A cell says people (each with share and note), or says that nobody is stated (空置), or shows a mask (张*), or is
refused with the choice to make. What can be read in two ways is never read: 张三和李四 may be one name. Everything is
pure text; a caller says which column it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final

from registry.kernel.cell_words import fold_signs, is_ditto, is_not_stated, is_truth_word
from registry.kernel.errors import DomainError
from registry.kernel.masking import COMPOUND_SURNAMES, HIDDEN
from registry.kernel.names import HAN, clean_person_name, refuse_control
from registry.kernel.organisation_names import is_organisation, is_two_organisations
from registry.kernel.shares import SHARE, read_share

DECEASED: Final = "已故"
COMMON_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_PARTING: Final = frozenset("、;|\\+&\n\t/")
_JOINING: Final = re.compile("以及|[和与及跟暨]")
_DEAD: Final = "(?:已经?)?(?:亡故|去世|过世|病故|身故|死亡|逝世|故去)|已故|已亡|故|殁|亡"
_KIN: Final = (
    "配偶|丈夫|妻子|爱人|夫|妻|父亲?|母亲?|长子|次子|三子|儿子|子|长女|次女|三女|女儿|女|孙子|孙女|兄|弟|姐|妹"
)
_ROLE: Final = (
    f"户主|业主|产权人|权利人|共有人|共同共有人?|按份共有人?|买受人|购房人|被安置人|承租人|本人|未成年人?|{_KIN}"
)
_STATUS: Final = "[大小老]|男|女|外籍|军人|离异|离婚|已婚|未婚|丧偶|香港|澳门|台湾|港澳台?"
_NOTE: Final = re.compile(f"(?:{_ROLE}|{_STATUS})")
_DECEASED: Final = re.compile(f"(?:{_DEAD})")
_FORMER: Final = re.compile("(曾用名|原名|又名|别名|化名|小名|现名|更名前|改名前)(?:为|是|叫)?[:：]?(.+)")
_TITLE: Final = re.compile(f"({_ROLE})[:：](?=.)")
_TITLE_INSIDE: Final = re.compile(f"(?<=[^（、;|\\n])\\s*(?=(?:{_ROLE})[:：])")
_AFTER_SHARE: Final = re.compile(f"((?:（(?:{SHARE})）|[0-9%])\\s+|（(?:{SHARE})）)(?={HAN}{{2}})")
_DEAD_TAIL: Final = re.compile("(?:已故|(?:已经?)?(?:亡故|去世|过世|病故|身故|死亡|逝世)|已亡)$")
_DEAD_HEAD: Final = re.compile("^(?:已故|亡[夫妻父母](?=.{2}))")
_OTHERS: Final = re.compile(
    "(?<=.)(?:等(?:共|人|户|[0-9一二两三四五六七八九十]+[人户位名口]?)*|[0-9一二两三四五六七八九十]+[人户位口])$"
)
_WHOSE: Final = re.compile(
    "(?<=.)(?:[之的](?:长|次|幼|大|小|独)?(?:子女|子|女|儿子|女儿|妻子?|夫|丈夫|配偶|父亲?|母亲?|兄|弟|姐|妹|孙|家属|后人|法定继承人|继承人|遗孀)"
    "|家属|爱人|遗孀|继承人|后人|遗属|夫妇|夫妻|两口子?|一家|全家|父子|母子|父女|母女|兄弟|姐妹|兄妹|姐弟|他人)$"
)
_ADDRESS: Final = re.compile("(?<=.)(?:先生|女士|小姐|太太|老师|师傅|大爷|大妈|阿姨|同志|总|经理|主任)$")
_PROXY: Final = re.compile("代办|代理|委托|监护|联系人|经办|代签|代持")
_MASK: Final = re.compile("[*＊●○◯■□▇█⬛★☆]")
_BRACKET: Final = re.compile("（([^（）]*)）")
_KEPT: Final = re.compile(f"(?:{SHARE}|{_DEAD}|曾用名|原名|又名|[（(](?:{_ROLE}|{_STATUS})[）)]|[0-9%％]+)")
_X_RUN: Final = re.compile(f"(?<={HAN})[xX×]+|[xX×]+(?={HAN})|^[xX×]{{2,}}$")
_SOMEONE: Final = re.compile("某+")
_ALL_HAN: Final = re.compile(f"{HAN}+")
_HAS_HAN: Final = re.compile(HAN)
_LATIN: Final = re.compile("[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’‘`. -]*")
_LATIN_AND: Final = re.compile("(?i)\\s(?:and|or)\\s")
_LATIN_FIRM: Final = re.compile(
    "(?i)(?:^|[\\s,])(?:co\\.?,?\\s*ltd|ltd|limited|inc|llc|llp|corp|corporation|gmbh|plc|company)\\.?$"
)
_EACH: Final = re.compile(f"[（]?各(?:自|人)?(?:占|持有?|享有?|为)?({SHARE})[）]?$")
_COMMON: Final = re.compile("[（]?(共同共有|共有|按份共有)[）]?$")
_WEAK_DOT: Final = re.compile(f"(?<={HAN})\\s*[.．•●∙⋅・･]\\s*(?={HAN})")
_DASH: Final = re.compile(f"(?<={HAN})\\s*[-‐-―−－~～]+\\s*(?={HAN})")
_DIGIT: Final = re.compile("[0-9]")
_STRANGE: Final = re.compile("[^\\w\\s·'’‘`.,\\-]")
_JUSTIFIED: Final = 3  # letters of a name that a writer spreads out: 王 小 明


class PersonKind(StrEnum):
    """Whether a right holder is a natural person or an organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class StatedPerson:
    """A person or organisation as a cell states it: name as stored, share if one is given, what was noted of them."""

    name: str
    kind: PersonKind = PersonKind.PERSON
    share: Fraction | None = None
    note: str = ""

    @property
    def is_deceased(self) -> bool:
        """Whether the note says that the person has died."""
        return DECEASED in self.note.split("；")


@dataclass(frozen=True, slots=True)
class People:
    """The people of a cell, in order, and by which rules the text was mended on the way."""

    people: tuple[StatedPerson, ...]
    rules: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names."""
        return tuple(person.name for person in self.people)


@dataclass(frozen=True, slots=True)
class NotStated:
    """A cell that says of nobody that they hold it: blank, 空置, 未售, 待定."""

    word: str = ""


@dataclass(frozen=True, slots=True)
class MaskedPeople:
    """Names that are masked, as ours and other programs mask them; `*` stands for what is hidden."""

    masks: tuple[str, ...]


class PeopleRefused(DomainError):
    """A cell of people that can't be read in one way only."""


def _refuse(code: str, message: str) -> PeopleRefused:
    return PeopleRefused(message, code=code)


@lru_cache(maxsize=16384)
def read_people(text: str) -> People | NotStated | MaskedPeople:
    """Read a cell of names. Raises PeopleRefused with the choice to make."""
    refuse_control(text)
    folded = fold_signs(text).strip(" ,")
    if is_not_stated(folded):
        return NotStated("".join(folded.split()))
    if is_ditto(folded):
        raise _refuse("NAME_DITTO", f"“{folded}”不能表示权利人。请填写本户权利人的姓名。")
    if is_truth_word(folded):
        raise _refuse("NAME_KIND", f"“{folded}”不是姓名。请填写证件上的姓名。")
    if (masked := _masked(folded)) is not None:
        return masked
    rules: dict[str, None] = {}
    each, body = _shared_tail(folded)
    people = tuple(_person(piece, rules) for piece in _pieces(body, rules))
    if not people:
        return NotStated()
    people = _with_shares(people, each)
    names = [person.name for person in people]
    again = next((name for name in names if names.count(name) > 1), None)
    if again is not None:
        raise _refuse("NAME_TWICE", "同一姓名写了两次。请核对：是一个人的只写一次，同名的两人请分两行，各填证件号码。")
    _note_rules(text, people, rules)
    return People(people, tuple(rules))


def _note_rules(text: str, people: tuple[StatedPerson, ...], rules: dict[str, None]) -> None:
    """Note what else was done to the text, so that a preview can say it."""
    if any(person.share is not None for person in people):
        rules["份额单独记录"] = None
    if any(person.note for person in people):
        rules["说明单独记录"] = None
    if text != "、".join(person.name for person in people) and not rules:
        rules["分开记录各权利人" if len(people) > 1 else "规整姓名的写法"] = None


def check_whole(shares: "list[Fraction | None]") -> None:
    """Refuse shares of one home that are given for some only, or do not make up the whole."""
    given = [share for share in shares if share is not None]
    if not given:
        return
    if len(given) < len(shares):
        raise _refuse("NAME_SHARES", "有的权利人写了份额，有的没有写。请给每人写明份额，或都不写。")
    if (total := sum(given, Fraction(0))) != 1:
        raise _refuse("NAME_SHARES", f"各人份额合计为{format_share(total)}，应为1。请核对，如 1/2、1/2。")


def format_share(share: Fraction) -> str:
    """Return a share as it is stored and printed: 1/2, 33.33%, 1."""
    if share.denominator <= 24:
        return str(share)
    percent = share * 100
    if 10_000 % percent.denominator == 0:
        return f"{float(percent):.4f}".rstrip("0").rstrip(".") + "%"
    return str(share)


def _masked(folded: str) -> MaskedPeople | None:
    """Return masked names; refused if some are masked and others are not."""
    parts = [part.strip() for part in re.split("[、;|\\\\+&\n,/]", folded) if part.strip()]
    masks = [_mask_of(_BRACKET.sub("", part)) for part in parts]
    if not any(mask is not None for mask in masks):
        return None
    if any(mask is None for mask in masks):
        raise _refuse("NAME_MASKED", "有的姓名是掩码，有的不是。请都填证件上的姓名，或整格留空表示不变。")
    return MaskedPeople(tuple(mask for mask in masks if mask is not None))


def _mask_of(part: str) -> str | None:
    """Return the mask of a part with `*` for each hidden character, None if nothing of it is hidden."""
    said = _MASK.sub(HIDDEN, part)
    for runs in (_X_RUN, _SOMEONE):
        said = runs.sub(lambda run: HIDDEN * len(run[0]), said)
    return said if HIDDEN in said else None


def _shared_tail(text: str) -> tuple[str, str]:
    """Take from the end what is said of all together: 各占1/2 and 共同共有; the first is returned."""
    each = ""
    while True:
        if match := _EACH.search(text):
            each, text = match[1], text[: match.start()].rstrip(" 、,")
        elif (match := _COMMON.search(text)) and len(text) > match.end() - match.start():
            text = text[: match.start()].rstrip(" 、,")
        else:
            return each, text


def _with_shares(people: tuple[StatedPerson, ...], each: str) -> tuple[StatedPerson, ...]:
    if each:
        share = read_share(each)
        if any(person.share is not None for person in people):
            raise _refuse("NAME_SHARES", "既写了各人份额，又写了各占多少。请只留一种写法。")
        people = tuple(StatedPerson(p.name, p.kind, share, p.note) for p in people)
    if len(people) > 1:
        check_whole([person.share for person in people])
    elif people[0].share is not None and people[0].share > 1:
        check_whole([people[0].share])
    return people


def _pieces(text: str, rules: dict[str, None]) -> Iterator[str]:
    """Part a text at what certainly separates people; a comma between Latin words may belong to one name."""
    text = _AFTER_SHARE.sub("\\1、", _TITLE_INSIDE.sub("、", text))
    for part in _parted(text):
        commas = [piece.strip() for piece in _outside(part, ",") if piece.strip()]
        if len(commas) < 2 or _LATIN_FIRM.search(part):
            yield part.strip(", ")
        elif any(_HAS_HAN.search(piece) for piece in commas):
            if sum(bool(_LATIN.fullmatch(piece)) for piece in commas) > 1:
                raise _between()
            yield from commas
        elif len(commas) == 2 and all(_LATIN.fullmatch(piece) for piece in commas):
            if min(len(piece.split()) for piece in commas) > 1:
                raise _between()
            yield ", ".join(commas)
        else:
            raise _between()


def _parted(text: str) -> list[str]:
    pieces: list[str] = []
    depth, start = 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "（") - (sign == "）")
        if depth > 0 or sign not in _PARTING:
            continue
        if sign == "/" and _is_fraction(text, at):
            continue
        if sign == "/" and _is_latin(text[start:at]) and _is_latin(re.split("[、;|/]", text[at + 1 :])[0]):
            raise _between()
        pieces.append(text[start:at])
        start = at + 1
    if depth != 0:
        raise _refuse("NAME_BRACKETS", "括号没有成对。请补全或删去括号。")
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip(" ,")]


def _outside(text: str, sign: str) -> list[str]:
    """Split at a sign that stands outside brackets."""
    pieces, depth = [""], 0
    for character in text:
        depth += (character == "（") - (character == "）")
        if character == sign and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


def _is_fraction(text: str, at: int) -> bool:
    before, after = text[:at].rstrip(), text[at + 1 :].lstrip()
    return before[-1:].isdigit() and after[:1].isdigit()


def _is_latin(text: str) -> bool:
    return _LATIN.fullmatch(text.strip()) is not None


def _person(piece: str, rules: dict[str, None]) -> StatedPerson:
    """Read one piece: a name with whatever stands around it."""
    notes: list[str] = []
    share: Fraction | None = None
    if title := _TITLE.match(piece):
        notes.append(title[1])
        piece = piece[title.end() :].strip()
    piece = piece.rstrip(":： ")
    while (bracket := re.search("\\s*（([^（）]*)）$", piece)) and not _is_of_firm(piece, bracket[1]):
        share, piece = _take_bracket(bracket[1].strip(), notes, share), piece[: bracket.start()].strip()
    if (bracket := re.match("（([^（）]*)）\\s*(?=.)", piece)) and not _is_of_firm(piece, bracket[1]):
        share, piece = _take_bracket(bracket[1].strip(), notes, share), piece[bracket.end() :]
    if (tail := re.search(f"\\s*(?:占|持有?|份额[:：]?|享有?|:)?\\s*({SHARE})$", piece)) and tail.start() > 0:
        if share is not None:
            raise _refuse("NAME_SHARES", "一人写了两个份额。请只留一个。")
        share, piece = read_share(tail[1]), piece[: tail.start()].strip()
    if _is_firm(piece):
        if is_two_organisations(piece):
            raise _between()
        return StatedPerson(_firm_name(piece), PersonKind.ORGANISATION, share, _noted(notes))
    if not (bracket := _BRACKET.search(piece)):
        for pattern in (_DEAD_TAIL, _DEAD_HEAD):
            if (match := pattern.search(piece)) and len(piece) - len(match[0]) > 1:
                notes.append(DECEASED)
                piece = pattern.sub("", piece).strip()
    else:
        share, piece = _take_bracket(bracket[1].strip(), notes, share), _BRACKET.sub("", piece)
    return StatedPerson(_name(piece.strip(), rules), PersonKind.PERSON, share, _noted(notes))


def _noted(notes: list[str]) -> str:
    return "；".join(dict.fromkeys(notes))


def _is_firm(piece: str) -> bool:
    return is_organisation(piece) or _LATIN_FIRM.search(piece) is not None


def _is_of_firm(piece: str, inside: str) -> bool:
    """Tell whether brackets belong to the name of an organisation: （北京）, （集团）, but not a share or a note."""
    return _is_firm(piece) and not re.fullmatch(SHARE, inside) and not _NOTE.fullmatch(inside)


def _firm_name(piece: str) -> str:
    name = clean_person_name(piece)
    return "".join(name.split()) if _HAS_HAN.search(name) and not re.search("[A-Za-z]", name) else name


def _take_bracket(inside: str, notes: list[str], share: Fraction | None) -> Fraction | None:
    """Read what stands in brackets behind a name: a share, a note of the known ones; else refused with the choice."""
    for said in re.split("[、;,\\s]+", inside):
        if not said:
            continue
        if read := re.fullmatch(f"(?:占|各|各占|持有?|份额[:：]?|享有?|产权份额[:：]?)?({SHARE})(?:份额|产权)?", said):
            if share is not None:
                raise _refuse("NAME_SHARES", "一人写了两个份额。请只留一个。")
            share = read_share(read[1])
        elif former := _FORMER.fullmatch(said):
            notes.append(f"{former[1]}：{_name(former[2].strip(), {})}")
        elif _DECEASED.fullmatch(said):
            notes.append(DECEASED)
        elif _NOTE.fullmatch(said):
            notes.append(said)
        else:
            raise _bracketed(said)
    return share


def _bracketed(said: str) -> PeopleRefused:
    if _PROXY.search(said):
        return _refuse("NAME_BRACKETS", "括号里写的不是权利人。请只填权利人的姓名，代办、联系情况写进备注。")
    if re.search("[0-9]{6,}", said):
        return _refuse("NAME_BRACKETS", "括号里有号码。请把证件号码、联系电话填到各自的列。")
    return _refuse(
        "NAME_BRACKETS",
        "请写明括号里的是谁、是什么：是另一位权利人的用“、”隔开；是以前的名字的写成“（曾用名：…）”；是说明的写进备注。",
    )


def _name(piece: str, rules: dict[str, None]) -> str:
    """Check that a piece is the name of one person, and mend how it is written."""
    if others := _OTHERS.search(piece):
        raise _refuse("NAME_OTHERS", f"“{others[0]}”没有写明是谁。请写出每位权利人的姓名，用“、”隔开。")
    if whose := _WHOSE.search(piece):
        raise _refuse("NAME_WHO", f"“…{whose[0]}”没有写明是谁。请填写这位权利人自己的姓名。")
    if address := _ADDRESS.search(piece):
        raise _refuse("NAME_WHO", f"“{address[0]}”不是姓名的一部分。请填写证件上的姓名。")
    if _PROXY.search(piece):
        raise _refuse("NAME_WHO", "这里写的是代办、联系情况。请只填权利人证件上的姓名。")
    if _DIGIT.search(piece):
        raise _refuse("NAME_DIGITS", "姓名里有数字。请只填证件上的姓名，号码填到各自的列。")
    if is_not_stated(piece) or is_ditto(piece) or is_truth_word(piece) or _DECEASED.fullmatch(piece):
        raise _refuse("NAME_WHO", "写的不是姓名。请写出每位权利人的姓名，用“、”隔开；没有权利人的整格留空。")
    if not _HAS_HAN.search(piece):
        return _latin_name(piece)
    return _han_name(piece, rules)


def _latin_name(piece: str) -> str:
    parts = [part.strip() for part in piece.split(",")]
    if _LATIN_AND.search(piece):
        raise _between()
    if not all(_LATIN.fullmatch(part) for part in parts) or len(re.sub("[^A-Za-zÀ-ɏ]", "", piece)) < 2:
        raise _refuse("NAME_SIGNS", "有姓名中没有的符号。请填写证件上的姓名。")
    return clean_person_name(", ".join(parts))


def _han_name(piece: str, rules: dict[str, None]) -> str:
    if _DASH.search(piece):
        raise _between()
    if _WEAK_DOT.search(piece):
        sides = [side.strip() for side in re.split("[.．•●∙⋅・･]", piece)]
        if len(sides) == 2 and all(_is_common_name(side) for side in sides):
            raise _between()
        piece = _WEAK_DOT.sub("·", piece)
        rules["间隔号改为“·”"] = None
    dotted = clean_person_name(piece)
    if "·" in piece or "·" in dotted:
        name = "·".join("".join(side.split()) for side in dotted.split("·") if side.strip())
    else:
        name = _joined(piece, rules)
    if _STRANGE.search(name) or re.search("[A-Za-z].*[,]|[,]", name):
        raise _refuse("NAME_SIGNS", "有姓名中没有的符号。请填写证件上的姓名；几个人的用“、”隔开。")
    if len(name) == 1:
        raise _refuse("NAME_WHO", "只有一个字。请填写证件上的全名。")
    _refuse_several(name)
    return clean_person_name(name)


def _joined(piece: str, rules: dict[str, None]) -> str:
    """Close the gaps of a spread-out name; a gap that may part two people is refused."""
    parts = piece.split()
    name = "".join(parts)
    if len(parts) == 1:
        return name
    if not all(_ALL_HAN.fullmatch(part) for part in parts):
        raise _between()
    first, rest = parts[0], parts[1:]
    is_surname = len(first) == 1 or first in COMPOUND_SURNAMES
    is_spread = all(len(part) == 1 for part in rest)
    short = len(name) <= (_JUSTIFIED + 1 if first in COMPOUND_SURNAMES or len(parts) == 2 else _JUSTIFIED)
    if not (short and ((is_surname and (len(parts) == 2 or is_spread)) or (len(name) <= _JUSTIFIED and is_spread))):
        raise _between()
    rules["去掉姓名中的空格"] = None
    return name


def _refuse_several(name: str) -> None:
    """Refuse a name that may be those of several: joined by 和, or one behind the other."""
    for joint in _JOINING.finditer(name):
        left, right = name[: joint.start()], name[joint.end() :]
        if len(left) >= 2 and len(right) >= 2 and left not in COMPOUND_SURNAMES:
            raise _between()
        if len(left) == 1 and len(right) == 2 and len(joint[0]) == 1 and right[0] in COMMON_SURNAMES:
            raise _between()
    if "·" not in name and len(name) >= 4 and name[:2] not in COMPOUND_SURNAMES and _are_names(name):
        raise _between()


@lru_cache(maxsize=4096)
def _are_names(text: str) -> bool:
    """Tell whether a text can be parted into two or more ordinary names of two or three characters."""
    if text[0] not in COMMON_SURNAMES:
        return False
    for size in (2, 3):
        rest = text[size:]
        if rest and (_is_common_name(rest) or (len(rest) > 3 and _are_names(rest))) and text[1] not in COMMON_SURNAMES:
            return True
    return False


def _is_common_name(text: str) -> bool:
    return 2 <= len(text) <= 3 and text[0] in COMMON_SURNAMES and _ALL_HAN.fullmatch(text) is not None


def _between() -> PeopleRefused:
    return _refuse(
        "NAME_SEVERAL",
        "看不出是一个人还是几个人。是几个人的请用“、”隔开；是一个人的请照证件写，中间不要空格和连接符号，民族姓名用“·”。",
    )


def mask_people(text: str) -> str:
    """Mask a cell of names as it was written: signs, shares and known words stay, of each name its first letter."""
    shown, at, is_first = "", 0, True
    while at < len(text):
        if word := _KEPT.match(text, at):
            shown, at = shown + word[0], word.end()
            continue
        letter = text[at]
        if letter.isalpha():
            shown, is_first = shown + (letter if is_first else HIDDEN), False
        else:
            shown += letter
            is_first = is_first or letter in "、,，;；|｜\\＼+＋&＆/／\n（("
        at += 1
    return shown
