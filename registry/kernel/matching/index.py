"""The index over what is known: names by pairs of syllables, roads, townships and developers by their own words.

It is built once and kept: a ticket looks up the pairs of its own text, so its cost hangs on the text and not on how
many projects there are. What these pairs don't find is missed, and counts as missed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Final

from registry.kernel.matching.folding import SEPARATOR, Numbers, fold, take_numbers
from registry.kernel.matching.known import AddressRange, KnownProject
from registry.kernel.matching.sounds import Sounds
from registry.kernel.names import building_number

ENDINGS: Final = (
    "花园|家园|嘉园|佳园|佳苑|雅苑|花苑|家苑|嘉苑|景苑|名苑|新苑|馨苑|小区|社区|公寓|新村|新居|新区|华庭|豪庭|雅庭|名庭|新城|名城|名都|公馆|国际|广场|大厦|中心"
    "|馨园|豪园|铭苑|丽都|名郡|绿洲|左岸|国际城|阳光城|花城|庄园|金座|花都|雅园|景园|丽苑|福苑|世家|华苑"
    "|安置小区|回迁小区|东里|西里|南里|北里"
    "|家属院|家属楼|家属区|宿舍楼?|职工住宅|集资楼|大院|老院|别墅|山庄|名邸|府邸|华府|名府|尚城|水岸|御府|雅居|佳居|丽景|华城|里|苑|园|府|城|湾|庄|村|院|居|轩|阁|邸"
)
KINDS: Final = (  # ends of names that are words of the sentence too
    "时代|印象|上院|上城|经济适用房|经适房|安置房|回迁房|商住楼|单身楼|集资房|家委会|老楼|[0-9]{1,2}号院"
)
_ENDING: Final = re.compile(f"(?:{ENDINGS}|{KINDS})$")
_ESTATE: Final = re.compile(
    "([一-龥]{2,}?(?:花园|家园|花城|新城|名城|小区|山庄|庄园|国际|苑|园|城))(?!区)[一-龥]{1,4}$"
)
_FILLER: Final = re.compile("(?<!回迁)(?<!安置)(?:小区|社区|住宅项目|住宅小区|住宅楼?|楼盘|项目|工程|地块)$")
_HEAD: Final = re.compile("^(?:[一-龥]{2,4}?市)?")
_FIRM_TAIL: Final = re.compile(
    "(?:集团)?(?:房地产开发|房地产|地产|置业|房产|城市建设|建设|开发|实业|投资|发展|建筑|城建|住宅)*(?:集团)?(?:有限责任公司|股份有限公司|有限公司|总公司|公司|集团)*$"
)
_FIRM_HEAD: Final = re.compile("^(?:[一-龥]{2,3}(?:省|市|区|县)){1,2}")
COMMON: Final = 200  # a pair in more names than this tells nothing
SHORTEST_STEM: Final = 2
SHORTEST_PART: Final = 3
KEPT: Final = 24
COVERED: Final = 0.3
STEM_SHARE: Final = 0.75
WHOLE: Final = 0.99  # every pair of the name is there


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One spelling, with the projects that bear it, and the numbers that stand in each one's name."""

    text: str
    sound: str
    blurred: str
    stem: str  # without 花园, 小区 …, "" if too little is left
    estate: str  # 怡海花园 of 怡海花园恒丰园: what several projects of one estate begin with, "" where there is no such
    is_part: bool  # 万万树 of MOMA万万树, 又一城 of 富力又一城: what stands behind a brand
    owners: tuple[tuple[int, str, Numbers], ...]  # place of the project, its name as written, the numbers in it


class KnownIndex:
    """Projects ready for matching."""

    def __init__(self, projects: Iterable[KnownProject], *, syllable: Callable[[str], str], city: str = "") -> None:
        self.projects = tuple(projects)
        self.city = fold(city).removesuffix("市")
        self.sounds = Sounds(syllable)
        self.blurs = Sounds(syllable, blurred=True)
        self.places = _place_names(self.projects)
        self.township_of = tuple(bare_township(project.township) for project in self.projects)
        self.district_of = tuple(fold(project.district) for project in self.projects)
        self.districts = tuple(sorted(set(filter(None, self.district_of))))
        self.townships = frozenset(filter(None, self.township_of))
        self.entries = self._read_names()
        self.characters = frozenset("东西南北新老大小").union(*(entry.stem or entry.text for entry in self.entries))
        self.all_characters = self.characters.union(*(entry.text for entry in self.entries))
        self.numbered = tuple(entry.text for entry in self.entries if re.search("[0-9A-Z]$", entry.text))
        self.numbers = self._numbers_of_projects()
        self.buildings = tuple(_buildings_of(project) for project in self.projects)
        self.roads = self._roads()
        self.firms = self._firms()
        self._weights, self._postings = self._pairs()

    def blocked(self, text: str) -> list[tuple[NameEntry, float]]:
        """Return the names that share enough pairs of syllables with a text, most of them first."""
        keys = _pairs_of(text.translate(self.blurs))
        points: dict[int, float] = defaultdict(float)
        for key in keys & self._postings.keys():
            weight, places = self._postings[key]
            for place in places:
                points[place] += weight
        shares: list[tuple[float, int]] = []
        for place, got in points.items():
            entry, share = self.entries[place], got / self._weights[place]
            if share > WHOLE and entry.text in text:
                share += 1  # a name that stands there whole comes first
            elif share < STEM_SHARE and (
                (entry.stem and entry.stem in text) or (entry.estate and entry.estate in text)
            ):
                share = STEM_SHARE
            if share >= COVERED:
                shares.append((share, place))
        return [(self.entries[place], share) for share, place in nlargest(KEPT, shares)]

    def core(self, folded: str) -> str:
        """Return a folded name without the town, district or township before it and without 小区 after it."""
        for place in self.places:
            rest = folded.removeprefix(place)
            if len(rest) >= SHORTEST_STEM:
                folded = rest
        short = _FILLER.sub("", folded)
        return short if len(short) > SHORTEST_STEM else folded

    def _read_names(self) -> tuple[NameEntry, ...]:
        owners: dict[str, dict[int, tuple[int, str, Numbers]]] = defaultdict(dict)
        for place, project in enumerate(self.projects):
            for name in project.names:
                numbers, rest = take_numbers(_parted(fold(name), project.buildings))
                text = self.core(re.sub("[^\\w]", "", rest))
                if len(text) >= SHORTEST_STEM:
                    owners[text].setdefault(place, (place, name, numbers))
        parts: dict[str, dict[int, tuple[int, str, Numbers]]] = defaultdict(dict)
        for of in owners.values():
            for place, name, numbers in of.values():
                part = _behind_brand(name, self.projects[place].developer, self.city)
                if len(part) >= SHORTEST_PART and part not in owners:
                    parts[part].setdefault(place, (place, name, numbers))
        return tuple(
            NameEntry(
                text,
                text.translate(self.sounds),
                text.translate(self.blurs),
                "" if is_part else _stem(text),
                "" if is_part else _estate(text, owners),
                is_part,
                tuple(of.values()),
            )
            for is_part, entries in ((False, owners), (True, parts))
            for text, of in entries.items()
        )

    def _numbers_of_projects(self) -> tuple[Numbers, ...]:
        """Return what the names of each project say of its phase, section and buildings, taken together."""
        every: list[list[Numbers]] = [[] for _ in self.projects]
        for entry in self.entries:
            for place, _, numbers in entry.owners:
                every[place].append(numbers)
        return tuple(
            Numbers(
                frozenset().union(*(each.phases for each in of)), frozenset().union(*(each.sections for each in of)),
                tuple(dict.fromkeys(number for each in of for number in each.buildings)),
            )
            for of in every
        )  # fmt: skip

    def _pairs(self) -> tuple[list[float], dict[str, tuple[float, tuple[int, ...]]]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            for pair in _pairs_of(entry.blurred):
                places[pair].append(place)
        weights = [0.0] * len(self.entries)
        postings: dict[str, tuple[float, tuple[int, ...]]] = {}
        for pair, of in places.items():
            weight = log((len(self.entries) + 1) / len(of)) + 0.1
            for place in of:
                weights[place] += weight if len(of) <= COMMON else 0.0
            if len(of) <= COMMON:
                postings[pair] = (weight, tuple(of))
        return [weight or 1.0 for weight in weights], postings

    def _roads(self) -> dict[str, list[tuple[int, AddressRange]]]:
        roads: dict[str, list[tuple[int, AddressRange]]] = defaultdict(list)
        for place, project in enumerate(self.projects):
            for address in project.addresses:
                roads[fold(address.road).translate(self.sounds)].append((place, address))
        return dict(roads)

    def _firms(self) -> dict[str, frozenset[int]]:
        firms: dict[str, set[int]] = defaultdict(set)
        for place, project in enumerate(self.projects):
            if stem := firm_stem(project.developer, self.city):
                firms[stem].add(place)
        return {stem: frozenset(of) for stem, of in firms.items()}


def _pairs_of(heard: str) -> set[str]:
    """Return the syllables side by side, and those with one between them: one slip leaves some of them whole."""
    pairs = {heard[i : i + 2] for i in range(len(heard) - 1)}
    pairs.update(heard[i] + heard[i + 2] for i in range(len(heard) - 2))
    return pairs


def firm_stem(name: str, city: str = "") -> str:
    """Return what tells a firm from others: 北京恒泰房地产开发有限公司 → 恒泰, where `city` is 北京."""
    folded = fold(name)
    stem = _FIRM_TAIL.sub("", folded)
    bare = _FIRM_HEAD.sub("", stem)
    if city and len(bare) >= len(city) + SHORTEST_STEM:
        bare = bare.removeprefix(city)
    return bare if len(bare) >= SHORTEST_STEM else stem


def bare_township(name: str) -> str:
    """Return 桥北 for 桥北街道: callers write either."""
    return re.sub("(?:街道办事处|地区办事处|办事处|街道办|街道|地区|镇|乡)$", "", fold(name))


def _place_names(projects: Iterable[KnownProject]) -> tuple[str, ...]:
    districts = {fold(project.district) for project in projects if project.district}
    townships = {fold(project.township) for project in projects if project.township}
    return (*sorted(districts, key=len, reverse=True), *sorted(townships, key=len, reverse=True))


def _parted(folded: str, buildings: Collection[str]) -> str:
    """Part a name that ends with digits from the number of its building: 荷瑞883号楼 is 荷瑞88, 3号楼."""
    match = re.search("([0-9]{2,})号楼$", folded)
    if match is None or not buildings or match[1] in buildings:
        return folded
    known = [number for number in buildings if match[1].endswith(number)]
    if not known:
        return folded
    number = max(known, key=len)
    return f"{folded[: match.end(1) - len(number)]}{SEPARATOR}{number}号楼"


def _stem(text: str) -> str:
    stem = _ENDING.sub("", text)
    is_kind = _ENDING.fullmatch(stem) is not None  # 花园 of 花园新区 stands in every other name
    return stem if stem != text and len(stem) >= SHORTEST_STEM and not is_kind else ""


def _behind_brand(name: str, developer: str, city: str) -> str:
    """Return a name without the brand it begins with: letters, what stands before a dot, or the developer's own."""
    whole = _words(name)
    behind = re.sub("^[A-Z]+", "", _words(re.sub("^[^·•・]+[·•・]", "", name)))
    if firm := firm_stem(developer, city):
        behind = behind.removeprefix(firm)
    return behind if behind != whole else ""


def _words(name: str) -> str:
    """Return a name folded, without its numbers and marks."""
    return re.sub("[^\\w]", "", take_numbers(fold(name))[1])


def _estate(text: str, others: Collection[str]) -> str:
    """Return the name of the estate within a name, unless another project bears that name alone."""
    match = _ESTATE.match(text)
    return match[1] if match is not None and match[1] not in others else ""


def _buildings_of(project: KnownProject) -> dict[str, str]:
    numbers = {building_number(number): number for number in project.buildings}
    return {building_number(other): registered for other, registered in project.other_numbers.items()} | numbers
