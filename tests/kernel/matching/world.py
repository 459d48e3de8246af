"""A synthetic town for matching: 1,000 projects with some 5,000 names, and near twins of five kinds.

Nothing here is a real place. Laid before the matcher was written, and no rule of the matcher is used: what a careful
reader could tell of the facts that a ticket states is decided by `could_be`, on the facts and not on the text.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pypinyin import lazy_pinyin
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

DISTRICTS = ("东川区", "西宁口区", "南关区", "北辰岭区")
TOWNSHIPS = (
    "桥北街道 柳河镇 枣林街道 石门镇 望江街道 双塔街道 青龙桥镇 白庙乡 新华里街道 红星镇 "
    "高店街道 泉水镇 大营街道 东岭乡 凤台街道 马家铺镇 西苑街道 云台镇 长堤街道 沙河口镇"
).split()
FIRST = list("翠金银锦玉紫碧青蓝丹宏恒盛泰瑞祥福华龙凤鸿景星月云海江湖山林松柏枫桂兰荷梅春秋朝望观听临滨沁雅静康安和")
SECOND = list("湖江河海溪泉源山岭峰林枫桂兰苑庭景阳光辉虹霞云月星城都府邸悦泰祥瑞福康宁安和平乐天地河湾岸港桥")
ENDS = "花园 家园 佳苑 雅苑 小区 公寓 新村 名苑 华庭 新城 花苑 家苑 名都 豪庭 景苑 公馆".split()
UNITS = "棉纺厂 轴承厂 粮食局 机床厂 供销社 铁路 煤机厂 化肥厂 水泥厂 电机厂 农机厂 印刷厂 酒厂 啤酒厂 钢窗厂 玻璃厂".split()
ROADS = [a + b for a in "枣柳槐榆桃杏梨枫桑竹" for b in "林园溪坡桥店坊庄河堤塘阁"]
ROAD_ENDS = ("路", "街", "大街", "巷")
CHINESE = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十".split()
TWINS_OF_A_KIND = 26


@dataclass(frozen=True)
class Name:
    """A name of a project: `base` without phase, section or building, which stand apart."""

    kind: str  # registered, marketing, nick, former
    base: str
    tail: str = ""  # 一期, A区, 3号楼

    @property
    def text(self) -> str:
        return self.base + self.tail


@dataclass(frozen=True)
class Estate:
    """A project as its ledger knows it."""

    id: int
    district: str
    township: str
    developer: str
    names: tuple[Name, ...]
    buildings: tuple[str, ...]
    schemes: dict[str, str] = field(hash=False)  # another number on the wall → the registered one
    road: str
    low: int
    high: int
    phase: str = ""
    section: str = ""
    only_building: str = ""
    twin: int | None = None
    twin_kind: str = ""


@dataclass(frozen=True)
class Facts:
    """What a ticket states, apart from how it is written; "" is not stated."""

    base: str = ""
    phase: str = ""
    section: str = ""
    building: str = ""
    township: str = ""
    road: str = ""
    number: int = 0
    developer: str = ""


@dataclass(frozen=True)
class Labelled:
    """A ticket with its label. `kind`: project, nobody, none, other, quote."""

    number: str
    text: str
    address: str
    township: str
    kind: str
    project: int | None = None
    building: str = ""
    room: str = ""
    quotes: str = ""
    estate: str = ""  # of an unknown estate: which, for the clusters


@cache
def sound(text: str) -> str:
    return " ".join(lazy_pinyin(text))


class World:
    """The projects, and what could be told of stated facts."""

    city = ""

    def __init__(self, seed: int, *, count: int = 1000, unseen: bool = False) -> None:
        self.rng = random.Random(seed)
        self.unseen = unseen
        self.estates: list[Estate] = []
        self._stems: set[str] = set()
        self._roads = self._lay_roads()
        self._developers = [f"{a}{b}" for a in "恒宏鼎中华信嘉广远天" for b in "泰基业诚盛达厦置投联城建和安"]
        self.rng.shuffle(self._developers)
        self._lay_twins()
        while len(self.estates) < count:
            self._add(self._base())
        self._by_sound: dict[str, set[int]] = defaultdict(set)
        for estate in self.estates:
            for name in estate.names:
                self._by_sound[sound(name.base)].add(estate.id)
        self.bases = sorted({name.base for estate in self.estates for name in estate.names})
        self._syllables: dict[str, str] = {}
        self._heard = [self._as_heard(base) for base in self.bases]

    def could_be(self, facts: Facts) -> set[int]:
        """Return the projects that the facts leave open: one is told, none or several are not."""
        every = set(self._by_sound.get(sound(facts.base), ())) if facts.base else {e.id for e in self.estates}
        return {i for i in every if self._agrees(self.estates[i], facts)}

    @staticmethod
    def _agrees(estate: Estate, facts: Facts) -> bool:
        if facts.phase and estate.phase and facts.phase != estate.phase:
            return False
        if facts.section and estate.section and facts.section != estate.section:
            return False
        if facts.building and facts.building not in estate.buildings and facts.building not in estate.schemes:
            return False
        if facts.township and facts.township != estate.township:
            return False
        if facts.road and (facts.road != estate.road or not estate.low <= facts.number <= estate.high):
            return False
        return not facts.developer or facts.developer == estate.developer

    def is_taken_for_one(self, wrong: str) -> bool:
        """Tell whether a misspelt base is near one name only, as it is written and as it sounds."""
        near = process.extract(wrong, self.bases, scorer=Levenshtein.distance, score_cutoff=2, limit=2)
        heard = process.extract(
            self._as_heard(wrong), self._heard, scorer=Levenshtein.distance, score_cutoff=1, limit=2
        )
        return len(near) <= 1 and len(heard) <= 1 and wrong not in self.bases

    def _as_heard(self, text: str) -> str:
        """Return one sign for each syllable, so that a distance counts syllables."""
        return "".join(
            self._syllables.setdefault(each, chr(0xE000 + len(self._syllables))) for each in lazy_pinyin(text)
        )

    def stranger(self, rng: random.Random) -> str:
        """Return a base that is no project's and two changes away from every one."""
        while True:
            base = rng.choice(FIRST) + rng.choice(SECOND) + rng.choice(FIRST) + rng.choice(ENDS)
            if not process.extract(base, self.bases, scorer=Levenshtein.distance, score_cutoff=1, limit=1):
                return base

    def free_address(self, rng: random.Random) -> tuple[str, int]:
        """Return a road and a number that no project has."""
        return rng.choice(sorted({e.road for e in self.estates})), rng.randrange(901, 990)

    def _lay_roads(self) -> Iterator[tuple[str, str, int, int]]:
        names = [road + end for road in ROADS for end in ROAD_ENDS]
        self.rng.shuffle(names)
        for index, name in enumerate(names * 3):
            township = TOWNSHIPS[index % len(names) % len(TOWNSHIPS)]
            low = 1 + 100 * (index // len(names))
            for step in range(3):
                yield township, name, low + step * 20, low + step * 20 + self.rng.randrange(0, 16)

    def _base(self, end: str = "") -> str:
        while True:
            stem = self.rng.choice(FIRST) + self.rng.choice(SECOND)
            if self.unseen and self.rng.random() < 0.3:
                stem = self.rng.choice("东西南北新") + stem
            base = stem + (end or self.rng.choice(ENDS))
            if self.unseen and not end and self.rng.random() < 0.25:
                base = self.rng.choice(
                    [
                        f"{self.rng.choice(UNITS)}{self.rng.choice(['宿舍', '职工住宅', '集资楼'])}{stem[0]}院",
                        f"{stem}{self.rng.choice(['MOMA', '1号院', '88', 'SOHO', '国际'])}",
                        f"{stem}·{self.rng.choice(FIRST)}{self.rng.choice(SECOND)}",
                        f"{stem}里",
                    ]
                )
            if base not in self._stems:
                self._stems.add(base)
                return base

    def _lay_twins(self) -> None:
        for _ in range(TWINS_OF_A_KIND):
            stem = self._base("家园")[:-2]
            self._pair("suffix", (f"{stem}家园", f"{stem}花园"), apart=self.rng.random() < 0.5)
            base = self._base()
            self._pair("phase", (base, base), tails=("一期", "二期"))
            base = self._base()
            self._pair("section", (base, base), tails=("A区", "B区"))
            base = self._base()
            self._pair("building", (base, base), tails=("3号楼", "13号楼"))
            end, two = self.rng.choice(ENDS), self.rng.choice(SECOND)
            ones = self.rng.choice(["玉御裕", "青清", "金今", "和合", "福富", "兴星", "阳杨", "龙隆", "新欣", "华桦"])
            base, other = ones[0] + two + end, ones[1] + two + end
            if base not in self._stems and other not in self._stems:
                self._stems |= {base, other}
                self._pair("sound", (base, other), apart=self.rng.random() < 0.5)

    def _pair(
        self, kind: str, bases: tuple[str, str], *, tails: tuple[str, str] = ("", ""), apart: bool = False
    ) -> None:
        first = len(self.estates)
        continued = self.rng.random() < 0.5
        each = self._add(bases[0], tails[0], twin=first + 1, kind=kind)
        self._add(bases[1], tails[1], twin=first, kind=kind, beside=None if apart else each, continued=continued)

    def _add(
        self, base: str, tail: str = "", *, twin: int | None = None, kind: str = "", beside: Estate | None = None,
        continued: bool = False,
    ) -> Estate:  # fmt: skip
        township, road, low, high = next(self._roads)
        count = self.rng.randrange(2, 14)
        start = len(beside.buildings) + 1 if beside is not None and continued else 1
        buildings = tuple(str(n) for n in range(start, start + count))
        if kind == "building":
            buildings = (tail.removesuffix("号楼"),)
        if beside is not None:
            township = beside.township
        developer = beside.developer if beside else self.rng.choice(self._developers)
        schemes = {}
        if kind == "" and self.rng.random() < 0.2:
            letter = self.rng.choice("ABCS")
            schemes = {f"{letter}{n}": number for n, number in enumerate(buildings, 1)}
        names = [Name("registered", base, tail)]
        shared = beside.names[1] if beside is not None and kind in ("phase", "section") else None
        if shared is not None:
            names.append(Name("marketing", shared.base, tail))
        else:
            names.append(Name("marketing", self._base(), tail if kind in ("phase", "section") else ""))
        names.append(Name("former", self._base()))
        names.append(Name("nick", self._nick()))
        names.append(Name("marketing", self._base()))
        estate = Estate(
            id=len(self.estates), district=DISTRICTS[TOWNSHIPS.index(township) // 5], township=township,
            developer=developer, names=tuple(names), buildings=buildings, schemes=schemes, road=road, low=low,
            high=high, phase=tail if kind == "phase" else "", section=tail if kind == "section" else "",
            only_building=buildings[0] if kind == "building" else "", twin=twin, twin_kind=kind,
        )  # fmt: skip
        self.estates.append(estate)
        return estate

    def _nick(self) -> str:
        while True:
            place = self.rng.choice(FIRST) + self.rng.choice(SECOND)
            name = f"{place}{self.rng.choice(UNITS)}{self.rng.choice(['家属院', '宿舍', '老院', '大院'])}"
            if name not in self._stems:
                self._stems.add(name)
                return name
