"""The second generator: long clerks' records and callers' own words, other slips. For the test half only.

No rule of the matcher may be developed on these; what fails here is looked at by kind, never by template.
"""

import random

from tests.kernel.matching.world import CHINESE, TOWNSHIPS, Estate, Facts, Labelled, World

OPENINGS = ("", "您好，", "【市民热线】", "重复来电。", "网上留言：", "来电人（女士）表示：", "领导你们好！")
CLAIMS = (
    "我是{place}的住户，2009年买的房，到现在红本都没见着，到底啥时候能给办？",
    "{place}，业主两百多户，契税都交了，不动产证就是不给发，问为什么。",
    "位于{place}，因土地抵押未解除，首次登记迟迟未完成，业主无法过户。要求协调开发单位。",
    "关于{place}产权办理的问题，前年说快了，现在仍无进展，请书面答复。",
    "老人住{place}，拆迁安置房，一直没有房产证，想知道卡在哪里。",
    "求助：{place}小产权转大产权的事何时落实，网签合同已满十年。",
    "家住{place}。孩子落户要房本，可是开发商跑了，证办不下来，怎么办？",
    "投诉{place}建设单位拖延办理权属登记，已交维修基金，仍未取得权属证书。",
)
OTHERS = (
    "家住{place}，楼顶漏雨三年，物业推给开发商，请督促维修。",
    "{place}门口有人占道经营，油烟很大，城管不管。",
    "拿着房产证去给孩子报名，学校说{place}不在片区，请教育局解释。",
    "{place}的充电桩一直没有电，电动车没法充。",
    "{place}健身器材损坏，存在安全隐患，请社区更换。",
    "建议在{place}东门增设红绿灯，行人过街危险。",
    "{place}居民办理居住证需要哪些材料？社区说不清楚。",
    "{place}昨天又停水了，没有通知，老人做不了饭。",
    "不动产证已经拿到，但{place}的下水管道总堵，反味。",
)
QUOTES = (
    "本人于上月反映过办证问题，受理号：{number}，到现在一个电话都没有。",
    "不满意{number}的处理结果，请重新办理。",
    "同{number}，再次要求给个说法！",
    "（关联工单 {number}）来电人询问进度。",
)
VAGUE = ("房子住了好几年，红本没下来，找谁？", "那个小区的证到底能不能办，给句准话。", "开发商倒闭了，几百户没证，急。")
SHAPES = {
    "湖": "潮", "锦": "绵", "金": "全", "阳": "阴", "庭": "廷", "苑": "宛", "园": "圆", "末": "未", "清": "情",
    "桂": "挂", "景": "影", "林": "村", "岭": "玲",
    "城": "域", "泉": "皋", "源": "塬", "雅": "推", "梅": "海", "松": "淞", "枫": "枫", "瑞": "端", "祥": "详",
    "荷": "菏", "碧": "碧", "紫": "柴", "龙": "尤",
}  # fmt: skip
DIALECT = {
    "林": "凌灵", "景": "锦紧", "金": "京晶", "兰": "南", "星": "心辛", "庭": "停", "岭": "领", "恒": "横", "宁": "林",
    "春": "村", "山": "三",
    "沁": "庆", "静": "近", "清": "亲", "盛": "胜", "泰": "太", "瑞": "锐", "府": "腐", "泉": "权", "辉": "灰",
    "港": "岗", "湾": "弯", "溪": "希",
}  # fmt: skip
ROMAN = ("Ⅰ", "Ⅱ")


def tickets(world: World, seed: int, count: int) -> list[Labelled]:
    """Return `count` labelled tickets; the mixture is not that of the first generator."""
    rng = random.Random(seed)
    made: list[Labelled] = []
    while len(made) < count:
        number = f"BJ-{20220300 + len(made) % 28}-{len(made) + 10001}"
        draw = rng.random()
        if draw < 0.5:
            ticket = _about(world, rng, number, rng.choice(world.estates))
        elif draw < 0.66:
            ticket = _about(world, rng, number, rng.choice([e for e in world.estates if e.twin is not None]))
        elif draw < 0.72:
            ticket = _contradicts(world, rng, number)
        elif draw < 0.83:
            ticket = _unknown(world, rng, number)
        elif draw < 0.93:
            ticket = _other(world, rng, number)
        elif draw < 0.97:
            ticket = _quote(rng, number, made)
        else:
            ticket = Labelled(
                number, rng.choice(OPENINGS) + rng.choice(VAGUE), "", rng.choice(["", *TOWNSHIPS]), "nobody"
            )
        if ticket is not None:
            made.append(ticket)
    return made


def _about(world: World, rng: random.Random, number: str, estate: Estate) -> Labelled | None:
    building = rng.choice(estate.buildings) if rng.random() < 0.65 else ""
    if building and estate.schemes and rng.random() < 0.5:
        building = rng.choice(sorted(estate.schemes))
    township = estate.township if rng.random() < 0.5 else ""
    manner = rng.random()
    if manner < 0.08:
        house = rng.randrange(estate.low, estate.high + 1)
        place = f"{estate.road}{rng.choice([str(house), str(house)])}号" + rng.choice(["院", "院内", "大院", ""])
        return _labelled(world, rng, number, Facts("", "", "", building, township, estate.road, house), place, estate)
    name = rng.choice(estate.names)
    tail = bool(name.tail) and rng.random() < 0.8
    if estate.only_building:
        building = estate.only_building if tail or name.kind != "registered" else ""
    road, house = (estate.road, rng.randrange(estate.low, estate.high + 1)) if rng.random() < 0.15 else ("", 0)
    developer = estate.developer if rng.random() < 0.08 else ""
    phase, section = (estate.phase, estate.section) if tail else ("", "")
    facts = Facts(name.base, phase, section, building, township, road, house, developer)
    base = name.base
    if rng.random() < 0.35:
        slipped = _slip(world, rng, base)
        if slipped is None:
            return None
        base = slipped
    place = base
    if tail and not estate.only_building:
        place = _with_tail(rng, base, name.tail)
    if rng.random() < 0.15:
        place = place.removesuffix("小区")
    if road:
        place = f"{road}{house}号{place}" if rng.random() < 0.5 else f"{place}（{road}{house}号）"
    if developer:
        place = f"{developer}公司开发的{place}"
    return _labelled(world, rng, number, facts, place, estate)


def _labelled(
    world: World, rng: random.Random, number: str, facts: Facts, place: str, estate: Estate
) -> Labelled:  # fmt: skip
    left = world.could_be(facts)
    told = next(iter(left)) if len(left) == 1 else None
    room = ""
    if facts.building:
        way = rng.random()
        if way < 0.3:
            room = f"{rng.randrange(1, 19)}0{rng.randrange(1, 5)}"
            place += f"{facts.building}号楼{rng.randrange(1, 5)}单元{room}室"
        elif way < 0.4 and facts.building.isdigit():
            room = f"{rng.randrange(1, 19)}0{rng.randrange(1, 5)}"
            place += f"{facts.building}-{rng.randrange(1, 5)}-{room}"
        else:
            place += _building(rng, facts.building)
    stated = ""
    if facts.township:
        where = rng.random()
        if where < 0.4:
            place = f"{estate.district}{facts.township}{place}"
        elif where < 0.6:
            place = f"{place}（{facts.township}）"
        else:
            stated = facts.township
    as_address = rng.random() < 0.25
    text = rng.choice(OPENINGS) + rng.choice(CLAIMS).format(place="这里" if as_address else place)
    kind = "project" if told is not None else "nobody"
    registered = world.estates[told].schemes.get(facts.building, facts.building) if told is not None else ""
    return Labelled(
        number, text, place if as_address else "", stated, kind, told, registered, room if told is not None else ""
    )


def _contradicts(world: World, rng: random.Random, number: str) -> Labelled | None:
    estate = rng.choice([e for e in world.estates if e.twin is not None])
    other = world.estates[estate.twin or 0]
    name = estate.names[0]
    if estate.twin_kind in ("phase", "section"):
        foreign = sorted(set(other.buildings) - set(estate.buildings))
        facts = Facts(name.base, estate.phase, estate.section, rng.choice(foreign or ["77"]))
        return _labelled(world, rng, number, facts, _with_tail(rng, name.base, name.tail), estate)
    if estate.twin_kind == "sound":
        facts = Facts(name.base, township=rng.choice([other.township, ""]))
        if world.could_be(facts) == {estate.id}:
            return None
        if world.could_be(facts) == {other.id}:  # spelt as one, in the township of the other
            text = rng.choice(CLAIMS).format(place=name.base)
            return Labelled(number, text, "", facts.township, "nobody")
        return _labelled(world, rng, number, facts, name.base, estate)
    if estate.twin_kind == "building":
        return _labelled(world, rng, number, Facts(name.base), name.base, estate)
    return None


def _unknown(world: World, rng: random.Random, number: str) -> Labelled:
    base, township = world.stranger(rng), rng.choice(TOWNSHIPS)
    place = base + rng.choice(["", "", "二期", "3号楼", "12栋2单元601", "小区"])
    if rng.random() < 0.25:
        road, house = world.free_address(rng)
        place = f"{place}（{road}{house}号）"
    if rng.random() < 0.3:
        place, township = f"{township}{place}", ""
    text = rng.choice(OPENINGS) + rng.choice(CLAIMS).format(place=place)
    return Labelled(number, text, "", township if rng.random() < 0.6 else "", "none", estate=base)


def _other(world: World, rng: random.Random, number: str) -> Labelled:
    estate = rng.choice(world.estates)
    place = rng.choice(estate.names).text + rng.choice(["", "", "小区", "南门", "西侧"])
    text = rng.choice(OPENINGS) + rng.choice(OTHERS).format(place=place)
    return Labelled(number, text, "", rng.choice(["", estate.township]), "other")


def _quote(rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    earlier = [ticket for ticket in made if ticket.kind == "project"]
    if not earlier:
        return None
    quoted = rng.choice(earlier)
    text = rng.choice(OPENINGS) + rng.choice(QUOTES).format(number=quoted.number)
    return Labelled(number, text, "", "", "quote", quoted.project, quotes=quoted.number)


def _slip(world: World, rng: random.Random, base: str) -> str | None:
    """Return the base with a slip of the pen, the ear or the screen; None if it may be read as another name."""
    table = rng.choice([SHAPES, DIALECT, DIALECT, None])
    if table is None:
        place = rng.randrange(len(base))
        wrong = base[:place] + base[place] + base[place:] if rng.random() < 0.4 else base[:place] + base[place + 1 :]
    else:
        places = [i for i, character in enumerate(base) if character in table]
        if not places:
            return base
        place = rng.choice(places)
        wrong = base[:place] + rng.choice(table[base[place]]) + base[place + 1 :]
    if wrong == base:
        return base
    return wrong if world.is_taken_for_one(wrong) else None


def _with_tail(rng: random.Random, base: str, tail: str) -> str:
    if tail.endswith("期"):
        number = CHINESE.index(tail[0])
        return rng.choice(
            [
                f"{base}{tail}", f"{base}{ROMAN[number]}期", f"{base}[{tail}]", f"{base}项目{tail}", f"{tail}{base}",
                f"{base}小区{number + 1}期", f"{base}（第{number + 1}期）", f"{base}{'壹贰'[number]}期",
            ]
        )  # fmt: skip
    return rng.choice([f"{base}{tail}", f"{base}—{tail}", f"{tail}{base}", f"{base}小区{tail}", f"{base}【{tail}】"])


def _building(rng: random.Random, number: str) -> str:
    ways = [
        f"{number}号楼",
        f"，{number}楼",
        f"的{number}栋",
        f" {number}座",
        f"{number}幢楼",
        f"（{number}#）",
        f"楼号{number}",
    ]
    if number.isdigit() and int(number) <= 20:
        ways.append(f"{CHINESE[int(number) - 1]}号楼")
    return rng.choice(ways)
