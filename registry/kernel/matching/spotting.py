"""Where a known name stands in a ticket, and how far its spelling is from the known one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from registry.kernel.matching.folding import SEPARATOR
from registry.kernel.matching.index import ENDINGS, KINDS, NameEntry
from registry.kernel.matching.reading import Page

TWICE: Final = 0.5  # 翠湖湖花园: one character typed twice
BLURRED: Final = 0.4  # 林 for 灵: the ear may take one for the other
SOUNDS_SAME: Final = 0.25  # 玉 for 御
FILLER: Final = 0.6  # 翠湖 for 翠湖小区
STEM: Final = 1.45  # 翠湖 for 翠湖花园, words behind it
SLIPS: Final = 1.0  # from here on another character stands there, and what is there letter for letter says more
ESTATE: Final = 1.6  # 怡海花园 for 怡海花园恒丰园
PART_OF: Final = ("的", "小区", "小区的", "小区里的", "里的", SEPARATOR)  # 怡海花园的恒丰园
STEM_ALONE: Final = 0.9  # 翠湖小区, 翠湖3号楼 for 翠湖花园: nothing goes on that would make it another name
TRIED: Final = 6
_TELLING: Final = frozenset("东西南北中前后上下0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ一二三四五六七八九十")
_ENDS: Final = re.compile(f"[一-龥]{{0,2}}(?:{ENDINGS})|(?:{KINDS})")
_GENERIC_END: Final = re.compile("小区|社区|院内?|大院|的|楼|[那这]边|经适房|经济适用房|安置房|回迁房|集资房")
_AFTER_STEM: Final = re.compile(  # what may follow 翠湖 for 翠湖花园: anything else would be a longer name
    "小区|社区|[那这]边|[^一-龥]|$|[院楼的在是有没房业不未无办至已都全一产证什何能咋怎啥到购买入交迟开居住项内里这那共现还也和与及附旁对隔西东南北以拆]"
)
_ALONE: Final = re.compile("小区|社区|[那这]边|[^一-龥]|$")
_FIRM: Final = re.compile("公司|房地产|地产|置业|集团|房产|开发")
_CLEAN_LEFT: Final = re.compile(
    "(?:[在于住是的了到由对与及区镇乡道村路街号院址称映诉询买家问盘致从给就为去向说叫即有县门内侧司发商房主位区我处求助及关年后期办造下建们我你他她请为租自属系老]|[园苑里院城厦楼区期府居栋幢号座][和跟同]|[^一-龥])$"
)
_PLACES: Final = "街道|[镇乡]|地区|办事处|大?街|路|胡同|桥|地铁|车?站|派出所|小学|中学|医院|幼儿园"
_LANDMARK_LEFT: Final = re.compile(
    "(?:(?:旁边?|隔壁|对面|附近|相邻|邻近|不像|就像|像|参照|不同于|而|毗邻|紧邻|靠近|挨着|同样是)的?是?"
    "|不是|并非|不在|不住|(?:户口|户籍|落户|工作|上班|单位|原来|以前|曾经?|先前|之前)(?:就|住|是)*在?|搬离|离)$"
)
_LANDMARK_RIGHT: Final = re.compile(
    "(?:小区)?(?:[东西南北正后]门|旁|隔壁|对面|附近|[东西南北]侧|以[东西南北]|都?已经?办|都?办了|早就?办)"
    "|(?:小区|的)?[^|,。没未不何什能]{0,4}(?:都|已经?|早就?)[^|,。没未不该应能]{0,3}(?:办|拿|领|发)(?:下来|好|完|妥|到|齐)"
    f"|(?:小区)?(?:{_PLACES})"
)
_OF_A_PLACE: Final = re.compile(_PLACES)


@dataclass(frozen=True, slots=True)
class Spot:
    """A name as it stands in a ticket. `cost` 0 is letter for letter; 1 is one character, neither seen nor heard."""

    entry: NameEntry
    cost: float
    start: int
    end: int
    written: str
    is_stem: bool = False
    is_estate: bool = False  # only the estate is named, of which the project is a part
    is_longer: bool = False  # the text goes on as if its name were longer
    is_bare: bool = False  # 翠湖里 for 翠湖里小区: without what the name ends with
    is_landmark: bool = False

    @property
    def is_mostly_heard(self) -> bool:
        """Whether most of its characters are written otherwise: only the ear takes it for the name."""
        return 2 * OSA.distance(self.written, self.entry.text) > len(self.entry.text)


def spots_of(entries: Iterable[NameEntry], page: Page) -> list[Spot]:
    """Return where each of the names stands in a ticket, at its best, those that do not stand there left out.

    A name that another stands for letter for letter may begin where that one does: 御泉 where 玉泉 is written.
    """
    every = list(entries)
    starts = frozenset(start for entry in every if (start := page.text.find(entry.text)) >= 0)
    return [each for entry in every if (each := _spot(entry, page, starts)) is not None]


def _spot(entry: NameEntry, page: Page, starts: frozenset[int]) -> Spot | None:
    start = page.text.find(entry.text)
    if entry.is_part:
        placed = _placed(entry, page, STEM_ALONE, start, start + len(entry.text), is_stem=True) if start >= 0 else None
        return placed if placed is not None and _is_clean(page, start) else None
    if start >= 0:
        return _placed(entry, page, 0.0, start, start + len(entry.text))
    near, short = _misspelt(entry, page, starts), _shortened(entry, page)
    if short is None and (near is None or near.cost >= SLIPS):
        short = _estate_of(entry, page)
    return near if short is None or (near is not None and near.cost <= short.cost < ESTATE) else short


def _misspelt(entry: NameEntry, page: Page, starts: frozenset[int]) -> Spot | None:
    near = partial_ratio_alignment(entry.blurred, page.blurred, score_cutoff=55)
    if near is None:
        return None
    size, slips = len(entry.text), 2 if len(entry.text) > 6 else 1
    windows = sorted(
        (OSA.distance(entry.blurred, page.blurred[start:end], score_cutoff=slips), start, end)
        for start in range(max(0, near.dest_start - 2), near.dest_start + 2)
        for end in range(near.dest_end - 1, min(len(page.text), near.dest_end + 1) + 1)
        if abs(end - start - size) <= slips
    )
    best: Spot | None = None
    for blurred, start, end in windows[:TRIED]:
        if blurred > slips:
            break
        written = OSA.distance(entry.text, page.text[start:end])
        cost = _cost(entry, page, blurred, written, start, end)
        if cost is None or (best is not None and best.cost <= cost):
            continue
        placed = _placed(entry, page, cost, start, end)
        if start not in starts and not _may_begin(page, start):
            continue  # a character that is no word of the sentence: the name would be longer
        if not placed.is_longer and not placed.is_landmark and _is_clean(page, start, page.all_characters):
            best = placed  # one slip, and one character more before or behind it, would be another name
    return best


def _cost(entry: NameEntry, page: Page, blurred: int, written: int, start: int, end: int) -> float | None:
    """Return what a window costs against a name, or None if it is another name."""
    window = page.text[start:end]
    if written == 1 and len(window) == len(entry.text) + 1 and any(here == there for here, there in pairwise(window)):
        return TWICE
    heard = OSA.distance(entry.sound, page.heard[start:end])
    cost = blurred + _by_ear(BLURRED, heard - blurred) + _by_ear(SOUNDS_SAME, written - max(heard, blurred))
    if blurred:
        cost += _telling(entry, window)
    is_thin = cost > 1.1 and len(entry.stem or entry.text) <= 2 and entry.stem not in page.text
    return None if is_thin or cost > _limit(entry.text) else cost


def _by_ear(price: float, count: int) -> float:
    """Return the cost of characters that sound alike: who writes by the ear writes a whole name so."""
    return price + 0.05 * (count - 1) if count > 0 else 0.0


def _telling(entry: NameEntry, window: str) -> float:
    """Return what is added because a name differs in what tells names apart: 东 and 西, numbers, 家园 and 花园."""
    added = 0.0
    if sorted(entry.text) == sorted(window):
        return added  # two characters in the other order
    for step in Levenshtein.editops(entry.text, window):
        old = entry.text[step.src_pos] if step.src_pos < len(entry.text) else ""
        new = window[step.dest_pos] if step.dest_pos < len(window) else ""
        if step.tag == "replace":
            if old in _TELLING and new in _TELLING:
                added += 1.0
            elif entry.stem and step.src_pos >= len(entry.stem):
                added += 0.5
        elif (old if step.tag == "delete" else new) in _TELLING:
            added += 0.3
        if new == SEPARATOR:
            added += 0.5
    return added


def _limit(text: str) -> float:
    if len(text) <= 2:
        return SOUNDS_SAME
    return 0.8 if len(text) == 3 else 1.6 if len(text) <= 6 else 2.2


def _shortened(entry: NameEntry, page: Page) -> Spot | None:
    """Return where a name stands without its 花园, if nothing goes on behind it that would make it another name."""
    if not entry.stem:
        return None
    start = page.text.find(entry.stem)
    if start < 0:
        return None
    end = start + len(entry.stem)
    rest = page.text[end : end + 6]
    if _FIRM.match(rest) or (_ENDS.match(rest) and not _GENERIC_END.match(rest)) or not _is_clean(page, start):
        return None
    if not _AFTER_STEM.match(rest):
        return None
    cost = FILLER if entry.text[len(entry.stem) :] in ("小区", "社区") else STEM_ALONE if _ALONE.match(rest) else STEM
    placed = _placed(entry, page, cost, start, end, is_stem=True)
    return None if _OF_A_PLACE.match(rest) else placed


def _estate_of(entry: NameEntry, page: Page) -> Spot | None:
    """Return where the estate of a project stands without the part that the project is: a person has to ask which."""
    start = page.text.find(entry.estate) if entry.estate else -1
    end = start + len(entry.estate)
    if start < 0 or not _is_clean(page, start):
        return None
    part = entry.text[len(entry.estate) :]
    if gap := next((gap for gap in PART_OF if page.text.startswith(gap + part, end)), ""):
        return _placed(entry, page, 0.0, start, end + len(gap + part))
    if not _AFTER_STEM.match(page.text[end : end + 6]):
        return None
    return replace(_placed(entry, page, ESTATE, start, end, is_stem=True), is_estate=True)


def _placed(entry: NameEntry, page: Page, cost: float, start: int, end: int, *, is_stem: bool = False) -> Spot:
    rest = page.text[end : end + 7]
    goes_on = bool(_ENDS.match(rest)) and not _GENERIC_END.match(rest) and not is_stem
    left = page.text[max(0, start - 7) : start]
    is_bare = all(name.endswith(("小区", "社区")) for _, name, _ in entry.owners) and not rest.startswith(("小", "社"))
    if is_bare and cost == 0:
        goes_on = goes_on or not _AFTER_STEM.match(rest) or rest.startswith(("那边", "这边"))
    return Spot(
        entry, cost, start, end, page.text[start:end], is_stem,
        is_longer=goes_on or not _is_clean(page, start),
        is_landmark=_LANDMARK_LEFT.search(left) is not None or _LANDMARK_RIGHT.match(rest) is not None,
        is_bare=is_bare and not is_stem,
    )  # fmt: skip


def _is_clean(page: Page, start: int, characters: frozenset[str] | None = None) -> bool:
    """Tell whether a name may begin here: what stands before it is no character of which names are made."""
    if start == 0 or page.text[start - 1] not in (characters or page.name_characters):
        return True
    return _may_begin(page, start)


def _may_begin(page: Page, start: int) -> bool:
    """Tell whether what stands before ends a word: a particle, a mark, a known township."""
    if start == 0 or _CLEAN_LEFT.search(page.text[max(0, start - 2) : start]) is not None:
        return True
    return any(page.text[start - size : start] in page.known_townships for size in range(2, min(5, start) + 1))
