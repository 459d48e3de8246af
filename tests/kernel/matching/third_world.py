"""A third town: names of other shapes, neighbours whose names contain one another, several numbers on one wall."""

import random
from collections import defaultdict
from typing import Final

from tests.kernel.matching.world import Estate, Facts, Name, World, sound

CITY: Final = "示例市"
DISTRICTS: Final = ("临川区", "东陵区", "望海区", "平原县")
TOWNSHIPS: Final = (
    "八里桥地区 太阳宫街道 草桥镇 南营街道 北营街道 永乐街道 永乐店镇 马驹镇 后沟乡 城关街道 胜利街道 和平里街道 "
    "文昌街道 旧宫镇 三间房地区 西河沿街道 金盏乡 沙岭镇 河湾街道 上庄镇"
).split()
TWO: Final = [
    a + b
    for a in "曙朝东和胜永长新建文古望北西远柳榆槐荷菊竹雁鹤鹿鹭莲苇汇润融信荣"
    for b in "光明风平利乐春华设昌槐京洲航荫堤坊塘浦亭庐坞汀野原田"
]
THREE: Final = "莲花池 白云观 八里庄 王家园 石佛营 青年湖 小关口 大钟坊 六合井 三官庙 水碓子 双榆树 北太平 甜水西 十里河 五棵松".split()
ENDS: Final = (
    "小区 嘉园 馨园 丽都 豪园 家园 花园 北里 南里 东里 西里 新居 公寓 时代 印象 绿洲 左岸 名郡 铭苑 上院 大厦 苑 里 壹号院 "
    "经济适用房 安置小区 回迁小区 国际城 阳光城 花城 庄园 金座 府 园"
).split()
BRANDS: Final = "恒润 金辰 万泰 中沐 鑫达 宏瑞 嘉实 天朗 远筑 城发 住总三 京投".split()
WORKS: Final = (
    "毛纺厂 被服厂 仪表厂 电子管厂 汽修厂 木材厂 乳品厂 邮电局 粮库 苗圃 砂石厂 六建公司 二商局 冷冻厂".split()
)
ROADS: Final = [
    a + b
    for a in ("永安", "广渠", "丰登", "安贞", "双营", "观音堂", "磨坊", "菜市", "铁匠营", "东大", "后河沿", "灯市")
    for b in ("路", "街", "东路", "胡同", "大街", "西街")
]


class ThirdWorld(World):
    """Its projects; what could be told of stated facts is decided as in the first two."""

    city = CITY

    def __init__(self, seed: int, *, count: int = 1000) -> None:
        self.rng = random.Random(seed)
        self.unseen = True
        self.estates = []
        self._stems = set()
        self._roads = self._lay_lots()
        self._developers = [f"{a}{b}" for a in "恒汇鼎融广众瑞德兆博" for b in "昌隆通和元茂信源力盈"]
        self.rng.shuffle(self._developers)
        for _ in range(26):
            self._lay_pairs()
        while len(self.estates) < count:
            self._add(self._base())
        self._by_sound = defaultdict(set)
        for estate in self.estates:
            for name in estate.names:
                self._by_sound[sound(name.base)].add(estate.id)
        self.bases = sorted({name.base for estate in self.estates for name in estate.names})
        self._syllables: dict[str, str] = {}
        self._heard = [self._as_heard(base) for base in self.bases]
        self._spoken = {base: f" {sound(base)} " for base in self.bases}

    def with_stem(self, stem: str, facts: Facts) -> set[int]:
        """Return the projects that have a name with this stem in it, of those that the other facts leave open."""
        heard = f" {sound(stem)} "
        bases = {base for base in self.bases if heard in self._spoken[base]}
        return {
            estate.id
            for estate in self.estates
            if any(name.base in bases for name in estate.names) and self._agrees(estate, facts)
        }

    def only_of_developer(self, developer: str) -> set[int]:
        return {estate.id for estate in self.estates if estate.developer == developer}

    def _lay_lots(self):  # type: ignore[no-untyped-def]
        """Yield township, road and a range of house numbers; every road lies in one township."""
        roads = [f"{side}{road}" for road in ROADS for side in ("", "新", "南")]
        self.rng.shuffle(roads)
        for turn in range(40):
            for at, road in enumerate(roads):
                low = 1 + 24 * turn
                yield TOWNSHIPS[at % len(TOWNSHIPS)], road, low, low + self.rng.randrange(0, 18)

    def _base(self, end: str = "") -> str:
        while True:
            draw = self.rng.random()
            stem = self.rng.choice(TWO) if draw < 0.62 else self.rng.choice(THREE)
            if draw > 0.9:
                stem = self.rng.choice(BRANDS) + stem
            base = stem + (end or self.rng.choice(ENDS))
            if base not in self._stems:
                self._stems.add(base)
                return base

    def _lay_pairs(self) -> None:
        base = self._base()
        self._pair("phase", (base, base), tails=("一期", "二期"))
        base = self._base()
        self._pair("section", (base, base), tails=self.rng.choice([("东区", "西区"), ("A区", "B区"), ("南区", "北区")]))
        base = self._base()
        self._pair("group", (base, base), tails=self.rng.choice([("一组团", "二组团"), ("A组团", "B组团")]))
        base = self._base()
        self._pair("yard", (f"{base}一号院", f"{base}二号院"))
        base = self._base()
        self._pair("building", (base, base), tails=("3号楼", "13号楼"))
        stem = self._base("北里")[:-2]
        self._stems.add(f"{stem}南里")
        self._pair("suffix", (f"{stem}北里", f"{stem}南里"))
        stem = self._base("花园")[:-2]
        if f"新{stem}花园" not in self._stems:
            self._stems.add(f"新{stem}花园")
            self._pair("within", (f"{stem}花园", f"新{stem}花园"), apart=self.rng.random() < 0.5)
        stem = self._base("嘉园")[:-2]
        if f"{stem}佳园" not in self._stems:
            self._stems.add(f"{stem}佳园")
            self._pair("sound", (f"{stem}嘉园", f"{stem}佳园"), apart=self.rng.random() < 0.5)

    def _add(
        self, base: str, tail: str = "", *, twin: int | None = None, kind: str = "", beside: Estate | None = None,
        continued: bool = False,
    ) -> Estate:  # fmt: skip
        township, road, low, high = next(self._roads)
        count = self.rng.randrange(1, 16)
        start = len(beside.buildings) + 1 if beside is not None and continued else 1
        buildings = tuple(str(n) for n in range(start, start + count))
        if kind == "building":
            buildings = (tail.removesuffix("号楼"),)
        if beside is not None:
            township = beside.township
        developer = beside.developer if beside else self.rng.choice(self._developers)
        schemes: dict[str, str] = {}
        if kind == "" and self.rng.random() < 0.3:
            way = self.rng.choice(["S{}", "C{}", "甲{}", "1{:02}", "{}A"])
            schemes = {way.format(n): number for n, number in enumerate(buildings, 1)}
        shared = kind in ("phase", "section", "group")
        names = [Name("registered", base, tail)]
        names.append(
            Name("marketing", beside.names[1].base if beside and shared else self._base(), tail if shared else "")
        )
        names += [Name("former", self._base()), Name("nick", self._nick())]
        if self.rng.random() < 0.5:
            names.append(Name("nick", self._base()))
        is_part = kind in ("section", "group")
        estate = Estate(
            id=len(self.estates), district=DISTRICTS[TOWNSHIPS.index(township) // 5], township=township,
            developer=developer, names=tuple(names), buildings=buildings, schemes=schemes, road=road, low=low,
            high=high, phase=tail if kind == "phase" else "", section=tail if is_part else "",
            only_building=buildings[0] if kind == "building" else "", twin=twin, twin_kind=kind,
        )  # fmt: skip
        self.estates.append(estate)
        return estate

    def _nick(self) -> str:
        while True:
            where = self.rng.choice([self.rng.choice(TWO), self.rng.choice("老东西南北大小")])
            name = f"{where}{self.rng.choice(WORKS)}{self.rng.choice(['宿舍', '家属楼', '集资房', '老楼', '单身楼', '家委会'])}"
            if name not in self._stems:
                self._stems.add(name)
                return name
