"""Where a known name stands in a ticket, and how far its spelling is from the known one."""

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from registry.kernel.matching.folding import SEPARATOR
from registry.kernel.matching.index import ENDINGS, NameEntry
from registry.kernel.matching.reading import Page

BLURRED: Final = 0.4  # 林 for 灵: the ear may take one for the other
SOUNDS_SAME: Final = 0.25  # 玉 for 御
FILLER: Final = 0.6  # 翠湖 for 翠湖小区
STEM: Final = 1.45  # 翠湖 for 翠湖花园, nothing else behind it
TRIED: Final = 6
_TELLING: Final = frozenset("东西南北中前后上下0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ一二三四五六七八九十")
_ENDS: Final = re.compile(f"[一-龥]{{0,2}}(?:{ENDINGS})")
_ENDS_AT_ONCE: Final = re.compile(f"(?:{ENDINGS})")
_GENERIC_END: Final = re.compile("小区|社区|院内?|大院|的|楼")
_FIRM: Final = re.compile("公司|房地产|地产|置业|集团|房产|开发")
_CLEAN_LEFT: Final = re.compile(
    "(?:[在于住是的了到由对与及区镇乡道村路街号院址称映诉询买家问盘致从给就为去向说叫即有县门内侧司发商房主位区我处求助及关年后期办造建]|[^一-龥])$"
)
_LANDMARK_LEFT: Final = re.compile("(?:旁边?|隔壁|对面|附近|相邻|邻近|不像|就像|像|参照|不同于|而|毗邻|同样是)的?是?$")
_LANDMARK_RIGHT: Final = re.compile(
    "(?:小区)?(?:旁|隔壁|对面|附近|[东西南北]侧|以[东西南北]|都?已经?办|都?办了|早就?办)"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A name as it stands in a ticket. `cost` 0 is letter for letter; 1 is one character, neither seen nor heard."""

    entry: NameEntry
    cost: float
    start: int
    end: int
    written: str
    is_stem: bool = False
    is_longer: bool = False  # the text goes on as if its name were longer
    is_landmark: bool = False


def spot(entry: NameEntry, page: Page) -> Spot | None:
    """Return where a name stands in a ticket, at its best, or None if it does not."""
    start = page.text.find(entry.text)
    if start >= 0:
        return _placed(entry, page, 0.0, start, start + len(entry.text))
    return _misspelt(entry, page) or _shortened(entry, page)


def _misspelt(entry: NameEntry, page: Page) -> Spot | None:
    near = partial_ratio_alignment(entry.blurred, page.blurred, score_cutoff=55)
    if near is None:
        return None
    windows = sorted(
        (
            OSA.distance(entry.blurred, page.blurred[start:end]),
            OSA.distance(entry.text, page.text[start:end]),
            start,
            end,
        )
        for start in range(max(0, near.dest_start - 1), near.dest_start + 2)
        for end in range(near.dest_end - 1, min(len(page.text), near.dest_end + 1) + 1)
    )
    best: Spot | None = None
    for blurred, written, start, end in windows[:TRIED]:
        cost = _cost(entry, page, blurred, written, start, end)
        if cost is None or (best is not None and best.cost <= cost):
            continue
        placed = _placed(entry, page, cost, start, end)
        if not placed.is_longer and _is_clean(page, start, page.all_characters):
            best = placed  # one slip, and one character more before or behind it, would be another name
    return best


def _cost(entry: NameEntry, page: Page, blurred: int, written: int, start: int, end: int) -> float | None:
    """Return what a window costs against a name, or None if it is another name."""
    if blurred > (2 if len(entry.text) > 6 else 1):
        return None
    heard = OSA.distance(entry.sound, page.heard[start:end])
    cost = blurred + _by_ear(BLURRED, heard - blurred) + _by_ear(SOUNDS_SAME, written - max(heard, blurred))
    if blurred:
        cost += _telling(entry, page.text[start:end])
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
    if rest[:1] in page.name_characters and not _GENERIC_END.match(rest):
        return None
    cost = FILLER if entry.text.endswith(("小区", "社区")) else STEM
    return _placed(entry, page, cost, start, end, is_stem=True)


def _placed(entry: NameEntry, page: Page, cost: float, start: int, end: int, *, is_stem: bool = False) -> Spot:
    rest = page.text[end : end + 7]
    goes_on = bool(_ENDS.match(rest)) and not _GENERIC_END.match(rest) and not is_stem
    left = page.text[max(0, start - 5) : start]
    return Spot(
        entry, cost, start, end, page.text[start:end], is_stem,
        is_longer=goes_on or not _is_clean(page, start),
        is_landmark=_LANDMARK_LEFT.search(left) is not None or _LANDMARK_RIGHT.match(rest) is not None,
    )  # fmt: skip


def _is_clean(page: Page, start: int, characters: frozenset[str] | None = None) -> bool:
    """Tell whether a name may begin here: what stands before it is no character of which names are made."""
    if start == 0 or page.text[start - 1] not in (characters or page.name_characters):
        return True
    return _CLEAN_LEFT.search(page.text[max(0, start - 2) : start]) is not None
