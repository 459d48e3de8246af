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
from registry.kernel.masking import HIDDEN
from registry.kernel.names import HAN, clean_person_name, refuse_control
from registry.kernel.organisation_names import after_company, is_organisation, is_two_organisations, is_unnamed
from registry.kernel.person_names import (
    DEAD,
    DEAD_WORDS,
    HAS_HAN,
    LATIN,
    PROXY,
    PeopleRefused,
    between,
    is_common_name,
    person_name,
    refuse,
)
from registry.kernel.shares import SHARE, read_share

DECEASED: Final = "已故"
_PARTING: Final = frozenset("、;|\\+&\n\t/")
_KIN: Final = (
    "配偶|丈夫|妻子|爱人|夫|妻|父亲?|母亲?|长子|次子|三子|儿子|子|长女|次女|三女|女儿|女|孙子|孙女|兄|弟|姐|妹"
)
_ROLE: Final = (
    f"户主|业主|产权人|权利人|共有人|共同共有人?|按份共有人?|买受人|购房人|被安置人|承租人|本人|未成年人?|{_KIN}"
)
_STATUS: Final = "[大小老]|男|女|外籍|军人|离异|离婚|已婚|未婚|丧偶|香港|澳门|台湾|港澳台?"
_NOTE: Final = re.compile(f"(?:{_ROLE}|{_STATUS})")
_FORMER: Final = re.compile("(曾用名|原名|又名|别名|化名|小名|现名|更名前|改名前)(?:为|是|叫)?[:：]?(.+)")
_TITLE: Final = re.compile(f"({_ROLE})[:：](?=.)")
_CALLED: Final = re.compile(  # 户主张三, 妻李四: what the person is, before a name of which nothing else is left over
    "(户主|业主|产权人|权利人|共有人|买受人|购房人|被安置人|承租人|本人|配偶|丈夫|妻子?|爱人|[长次三]子|[长次三]女|儿子|女儿|父亲|母亲|个体工商户)"
    f"\\s*(?={HAN}{{2,4}}$|{HAN}+·{HAN}+$)"
)
_TITLE_INSIDE: Final = re.compile(f"((?:^|[（、;|\\n])\\s*(?:{_ROLE})[:：])|\\s*((?:{_ROLE})[:：])")
_OF_ONE: Final = f"（(?:(?:占|持有?|享有?|份额[:：]?)?(?:{SHARE})(?:份额|产权)?|{_ROLE}|男|女)）"
_IN_FIGURES: Final = "[0-9]+\\s*[/⁄]\\s*[0-9]+|[0-9]+(?:\\.[0-9]+)?\\s*[%％]"
_AFTER_SHARE: Final = re.compile(f"((?:{_OF_ONE}|{_IN_FIGURES})\\s*|[0-9]\\s+)(?={HAN}{{2}})(?!份额|产权|所有)")
_DEAD_TAIL: Final = re.compile("(?:已故|(?:已经?)?(?:亡故|去世|过世|病故|身故|死亡|逝世)|已亡)$")
_DEAD_HEAD: Final = re.compile("^(?:已故|亡[夫妻父母](?=.{2}))")
_MASK: Final = re.compile("[*＊●○◯■□▇█⬛★☆]")
_SHARE: Final = re.compile(SHARE)
_BRACKET: Final = re.compile("（([^（）]*)）")
_KEPT: Final = re.compile(f"(?:{SHARE}|{DEAD_WORDS}|曾用名|原名|又名|[（(](?:{_ROLE}|{_STATUS})[）)]|[0-9%％]+)")
_X_RUN: Final = re.compile(f"(?<={HAN})[xX×]+|[xX×]+(?={HAN})|^[xX×]{{2,}}$|[〇口囗]{{2,}}")
_SOMEONE: Final = re.compile("某+")
_LATIN_FIRM: Final = re.compile(
    "(?i)(?:^|[\\s,])(?:co\\.?,?\\s*ltd|ltd|limited|inc|llc|llp|corp|corporation|gmbh|plc|company)\\.?$"
)
_EACH: Final = re.compile(f"[（]?各(?:自|人)?(?:占|持有?|享有?|为)?({SHARE})[）]?$")
_COMMON: Final = re.compile("[（]?(共同共有|共有|按份共有)[）]?$")


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


@lru_cache(maxsize=16384)
def read_people(text: str) -> People | NotStated | MaskedPeople:
    """Read a cell of names. Raises PeopleRefused with the choice to make."""
    refuse_control(text)
    folded = fold_signs(text).strip(" ,")
    if is_not_stated(folded):
        return NotStated("".join(folded.split()))
    if is_ditto(folded):
        raise refuse("NAME_DITTO", f"“{folded}”不能表示权利人。请填写本户权利人的姓名。")
    if is_truth_word(folded):
        raise refuse("NAME_KIND", f"“{folded}”不是姓名。请填写证件上的姓名。")
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
        raise refuse("NAME_TWICE", "同一姓名写了两次。请核对：是一个人的只写一次，同名的两人请分两行，各填证件号码。")
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
        raise refuse("NAME_SHARES", "有的权利人写了份额，有的未填写。请给每人写明份额，或都不写。")
    if (total := sum(given, Fraction(0))) != 1:
        raise refuse("NAME_SHARES", f"各人份额合计为{format_share(total)}，应为1。请核对，如 1/2、1/2。")


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
        raise refuse("NAME_MASKED", "有的姓名是掩码，有的不是。请都填证件上的姓名，或整格留空表示不变。")
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
            raise refuse("NAME_SHARES", "既写了各人份额，又写了各占多少。请只留一种写法。")
        people = tuple(StatedPerson(p.name, p.kind, share, p.note) for p in people)
    if len(people) > 1:
        check_whole([person.share for person in people])
    elif people[0].share is not None and people[0].share > 1:
        check_whole([people[0].share])
    return people


def _pieces(text: str, rules: dict[str, None]) -> Iterator[str]:
    """Part a text at what certainly separates people; a comma between Latin words may belong to one name."""
    text = _AFTER_SHARE.sub("\\1、", _TITLE_INSIDE.sub(lambda match: match[1] or f"、{match[2]}", text))
    for part in _parted(text):
        commas = [piece.strip() for piece in _outside(part, ",") if piece.strip()]
        if len(commas) < 2 or _LATIN_FIRM.search(part):
            yield part.strip(", ")
        elif any(HAS_HAN.search(piece) for piece in commas):
            if sum(bool(LATIN.fullmatch(piece)) for piece in commas) > 1:
                raise between()
            yield from commas
        elif len(commas) == 2 and all(LATIN.fullmatch(piece) for piece in commas):
            if min(len(piece.split()) for piece in commas) > 1:
                raise between()
            yield ", ".join(commas)
        else:
            raise between()


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
            raise between()
        pieces.append(text[start:at])
        start = at + 1
    if depth != 0:
        raise refuse("NAME_BRACKETS", "括号没有成对。请补全或删去括号。")
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
    return LATIN.fullmatch(text.strip()) is not None


def _person(piece: str, rules: dict[str, None]) -> StatedPerson:
    """Read one piece: a name with whatever stands around it."""
    notes: list[str] = []
    share: Fraction | None = None
    if title := _TITLE.match(piece) or (None if _is_firm(piece) else _CALLED.match(piece)):
        notes.append(title[1])
        piece = piece[title.end() :].strip()
    piece = piece.rstrip(":： ")
    while (bracket := re.search("\\s*（([^（）]*)）$", piece)) and not _is_of_firm(piece, bracket[1]):
        share, piece = _take_bracket(bracket[1].strip(), notes, share), piece[: bracket.start()].strip()
    if (bracket := re.match("（([^（）]*)）\\s*(?=.)", piece)) and not _is_of_firm(piece, bracket[1]):
        share, piece = _take_bracket(bracket[1].strip(), notes, share), piece[bracket.end() :]
    if (tail := re.search(f"\\s*(?:占|持有?|份额[:：]?|享有?|[:=])?\\s*({SHARE})$", piece)) and tail.start() > 0:
        if share is not None:
            raise refuse("NAME_SHARES", "一人写了两个份额。请只留一个。")
        share, piece = read_share(tail[1]), piece[: tail.start()].strip()
    if is_unnamed(piece):
        raise refuse("NAME_WHO", "没有写明单位的全称。请补全；尚无权利人的整格留空。")
    if _is_firm(piece):
        if is_two_organisations(piece) or is_common_name(after_company(piece)):
            raise between()
        return StatedPerson(_firm_name(piece), PersonKind.ORGANISATION, share, _noted(notes))
    if not (bracket := _BRACKET.search(piece)):
        for pattern in (_DEAD_TAIL, _DEAD_HEAD):
            if (match := pattern.search(piece)) and len(piece) - len(match[0]) > 1:
                notes.append(DECEASED)
                piece = pattern.sub("", piece).strip()
    else:
        share, piece = _take_bracket(bracket[1].strip(), notes, share), _BRACKET.sub("", piece)
    return StatedPerson(person_name(piece.strip(), rules), PersonKind.PERSON, share, _noted(notes))


def _noted(notes: list[str]) -> str:
    return "；".join(dict.fromkeys(notes))


def _is_firm(piece: str) -> bool:
    return is_organisation(piece) or _LATIN_FIRM.search(piece) is not None


def _is_of_firm(piece: str, inside: str) -> bool:
    """Tell whether brackets belong to the name of an organisation: （北京）, （集团）, but not a share or a note."""
    is_apart = any(pattern.fullmatch(inside) for pattern in (_NOTE, _SHARE, _FORMER)) or is_not_stated(inside)
    return _is_firm(piece) and not is_apart


def _firm_name(piece: str) -> str:
    name = clean_person_name(piece)
    return "".join(name.split()) if HAS_HAN.search(name) and not re.search("[A-Za-z]", name) else name


def _take_bracket(inside: str, notes: list[str], share: Fraction | None) -> Fraction | None:
    """Read what stands in brackets behind a name: a share, a note of the known ones; else refused with the choice."""
    for said in re.split("[、;,\\s]+", inside):
        if not said:
            continue
        if read := re.fullmatch(f"(?:占|各|各占|持有?|份额[:：]?|享有?|产权份额[:：]?)?({SHARE})(?:份额|产权)?", said):
            if share is not None:
                raise refuse("NAME_SHARES", "一人写了两个份额。请只留一个。")
            share = read_share(read[1])
        elif former := _FORMER.fullmatch(said):
            notes.append(f"{former[1]}：{person_name(former[2].strip(), {})}")
        elif DEAD.fullmatch(said):
            notes.append(DECEASED)
        elif _NOTE.fullmatch(said):
            notes.append(said)
        else:
            raise _bracketed(said)
    return share


def _bracketed(said: str) -> PeopleRefused:
    if PROXY.search(said):
        return refuse("NAME_BRACKETS", "括号里写的不是权利人。请只填权利人的姓名，代办、联系情况写进备注。")
    if re.search("[0-9]{6,}", said):
        return refuse("NAME_BRACKETS", "括号里有号码。请把证件号码、联系电话填到各自的列。")
    return refuse(
        "NAME_BRACKETS",
        "请写明括号内所指的人和身份：是另一位权利人的用“、”隔开；是以前的名字的写成“（曾用名：…）”；是说明的写进备注。",
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
