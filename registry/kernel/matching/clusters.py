"""Tickets that no known project fits, put together by place first and by words second: possible unknown projects.

The answer hangs on the set of tickets, not on the order in which they came: spellings are taken in the order of how
many tickets write them, then of their letters. Two towns are never joined but by one address.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from registry.kernel.matching.folding import fold, take_numbers
from registry.kernel.matching.index import ENDINGS, bare_township
from registry.kernel.matching.sounds import Sounds

_TAIL: Final = re.compile("(?:小区|社区|项目)$")
_CUT: Final = re.compile(
    "的|了|在|于|位于|地处|是|反映|导致|咨询|居住|家住|老人住|住|购买|买|我们|我|你们|本|该|那个|这个|整个|某|投诉|求助|关于|表示|街道|办事处|镇|乡|区(?!.?$)|号|公司|开发|至今|因为|因|市|:|为|诉"
)
_GENERIC: Final = re.compile(
    "(?:住宅|安置|老|新|回迁|商品房|各|全|住户)*(?:小区|社区|家属院|宿舍|大院|公寓|花园|村|院|城|湾|里|居|府)?"
)
_HOUSE: Final = re.compile("([一-龥]{2,4}?(?:大街|路|街|巷|胡同|道))([0-9]{1,4})号")
_LANDMARK: Final = re.compile("([一-龥]{2,8}?)(?:后面|后边|对面|旁边|附近|隔壁|[东西南北]侧|一带|那片|那几栋)")
_TOWNSHIP_WORD: Final = re.compile("街道办事处|街道|镇|乡|地区")
_SINGLE: Final = frozenset("里苑园府院居轩阁邸湾")
_WORDS: Final = re.compile("[一-龥A-Z0-9]+$")
SHORTEST, LONGEST = 3, 8
SPELLINGS: Final = 5


@dataclass(frozen=True, slots=True)
class UnmatchedText:
    """A ticket that was matched to nothing."""

    key: int
    text: str
    address: str = ""
    township: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Tickets of one possible unknown project: how it is called, where, and by what they were put together."""

    keys: tuple[int, ...]
    name: str
    township: str
    address: str
    evidence: tuple[str, ...]
    names: tuple[str, ...] = ()  # every spelling, the most frequent first


@dataclass(frozen=True, slots=True)
class _Placed:
    key: int
    name: str
    heard: str
    town: str
    house: str
    landmark: str


def cluster_texts(
    texts: Iterable[UnmatchedText], *, syllable: Callable[[str], str], towns: Iterable[str]
) -> list[Cluster]:
    """Return the clusters, the largest first; who stands alone is a cluster of one. `towns` are the known townships."""
    sounds = Sounds(syllable, blurred=False)
    known = frozenset(bare_township(town) for town in towns)
    endings = frozenset(ending.translate(sounds) for ending in ENDINGS.replace("?", "").split("|") if len(ending) > 1)
    placed = sorted((_place(text, sounds, known, endings) for text in texts), key=lambda each: each.key)
    roots = _spellings(placed)
    groups: dict[tuple[str, ...], list[_Placed]] = defaultdict(list)
    for each in placed:
        groups[_home(each, roots)].append(each)
    _settle_townless(groups, roots)
    parts = _join_by_address(list(groups.values()))
    clusters = [_cluster(part) for part in parts]
    return sorted(clusters, key=lambda cluster: (-len(cluster.keys), cluster.keys))


def _place(text: UnmatchedText, sounds: Sounds, known: frozenset[str], endings: frozenset[str]) -> _Placed:
    folded = fold(f"{text.address}。{text.text}")
    town, folded = _town(folded, bare_township(text.township) if text.township else "", known)
    house = _HOUSE.search(folded)
    rest = _HOUSE.sub("。", folded)
    bare = take_numbers(rest)[1]
    name = _name(bare, bare.translate(sounds), endings)
    landmark = None if name else _LANDMARK.search(rest)
    words = _CUT.split(landmark[1])[-1] if landmark else ""
    road = _CUT.split(house[1])[-1] if house else ""
    return _Placed(text.key, name, name.translate(sounds), town, f"{road}{house[2]}号" if house and road else "", words)


def _town(folded: str, stated: str, known: frozenset[str]) -> tuple[str, str]:
    """Return the township that a text names, else the stated one, and the text without it: it is no estate's name."""
    for match in _TOWNSHIP_WORD.finditer(folded):
        for size in range(min(5, match.start()), 1, -1):
            if (town := folded[match.start() - size : match.start()]) in known:
                return town, f"{folded[: match.start() - size]}。{folded[match.end() :]}"
    return stated, folded


def _name(rest: str, heard: str, endings: frozenset[str]) -> str:
    """Return the first thing that ends like the name of an estate, as it sounds: 家圆 too; or ""."""
    for size in (3, 2, 1):
        for at in range(len(rest) - size + 1):
            if (heard[at : at + size] in endings and size > 1) or (rest[at] in _SINGLE and size == 1):
                words = _WORDS.search(rest[max(0, at - LONGEST) : at])
                stem = _CUT.split(words[0])[-1] if words else ""
                name = stem + rest[at : at + size]
                if len(stem) >= SHORTEST - 1 and not _GENERIC.fullmatch(name):
                    return name if len(stem) < SHORTEST else _TAIL.sub("", name)
    return ""


def _spellings(placed: list[_Placed]) -> dict[tuple[str, str], str]:
    """Return, for each town and sound of a name, the sound it is taken for: the rarer for the more frequent."""
    roots: dict[tuple[str, str], str] = {}
    by_town: dict[str, Counter[str]] = defaultdict(Counter)
    for each in placed:
        if each.name:
            by_town[each.town][each.heard] += 1
    for town, counts in by_town.items():
        kept: list[str] = []
        by_pair: dict[str, list[int]] = defaultdict(list)
        for heard, _ in sorted(counts.items(), key=lambda item: (-item[1], len(item[0]), item[0])):
            near = {at for pair in _pairs(heard) for at in by_pair[pair]}
            root = next((kept[at] for at in sorted(near) if town and _is_one(kept[at], heard)), heard)
            if root == heard:
                for pair in _pairs(heard):
                    by_pair[pair].append(len(kept))
                kept.append(heard)
            roots[town, heard] = root
    return roots


def _is_one(kept: str, heard: str) -> bool:
    """Tell whether two sounds are one name: one slip in a name of five, or words of the sentence before it."""
    if min(len(kept), len(heard)) >= SHORTEST + 1 and (kept.endswith(heard) or heard.endswith(kept)):
        return abs(len(kept) - len(heard)) <= 3
    return min(len(kept), len(heard)) >= SHORTEST + 2 and kept[-1] == heard[-1] and OSA.distance(kept, heard) <= 1


def _pairs(heard: str) -> set[str]:
    return {heard[i : i + 2] for i in range(len(heard) - 1)}


def _home(each: _Placed, roots: dict[tuple[str, str], str]) -> tuple[str, ...]:
    if each.name:
        return "name", each.town, roots[each.town, each.heard]
    if each.house:
        return "house", each.town, each.house
    if each.landmark and each.town:
        return "words", each.town, each.landmark
    return "alone", str(each.key)


def _settle_townless(
    groups: dict[tuple[str, ...], list[_Placed]], roots: dict[tuple[str, str], str]
) -> None:  # fmt: skip
    """Give tickets that say no town to the one town where their name, or their address, is found."""
    towns: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for (town, heard), root in roots.items():
        if town:
            towns["name", heard].add((town, root))
    for kind, *rest in groups:
        if kind == "house" and rest[0]:
            towns[kind, rest[1]].add((rest[0], rest[1]))
    for home in sorted(home for home in groups if home[0] in ("name", "house") and not home[1]):
        where = towns.get((home[0], home[2]), set())
        if len(where) == 1:
            groups[(home[0], *next(iter(where)))] += groups.pop(home)


def _join_by_address(parts: list[list[_Placed]]) -> list[list[_Placed]]:
    """Join what shares a house number of a road, whatever it is called: by union, so in any order the same."""
    parent = list(range(len(parts)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[str, int] = {}
    for at, part in enumerate(parts):
        for house in {each.house for each in part if each.house}:
            a, b = root(first.setdefault(house, at)), root(at)
            parent[max(a, b)] = min(a, b)
    joined: dict[int, list[_Placed]] = defaultdict(list)
    for at, part in enumerate(parts):
        joined[root(at)] += part
    return list(joined.values())


def _cluster(part: list[_Placed]) -> Cluster:
    names = Counter(each.name for each in part if each.name)
    towns = Counter(each.town for each in part if each.town)
    houses = Counter(each.house for each in part if each.house)
    words = Counter(each.landmark for each in part if each.landmark)
    evidence = [f"{count}件写作“{name}”" for name, count in _first(names, 3)]
    evidence += [f"{count}件写门牌{house}" for house, count in _first(houses, 2)]
    evidence += [f"{count}件写在{town}" for town, count in _first(towns, 2)]
    evidence += [f"{count}件写在“{word}”一带" for word, count in _first(words, 1)]
    name, town, house = (next((text for text, _ in _first(each, 1)), "") for each in (names, towns, houses))
    spellings = tuple(spelling for spelling, _ in _first(names, SPELLINGS))
    return Cluster(tuple(sorted(each.key for each in part)), name, town, house, tuple(evidence), spellings)


def _first(counts: Counter[str], limit: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
