"""The first generator of tickets: short forms as callers and clerks write them. The rules may be developed on these."""

import random

from tests.kernel.matching.world import CHINESE, TOWNSHIPS, Estate, Facts, Labelled, World

ASKS = (
    "业主来电反映{place}入住多年一直没有办理房产证，希望尽快办理。",
    "市民反映其居住在{place}，至今办不了不动产权证书，请相关部门核实处理。",
    "{place}什么时候能办房产证？开发商一直推脱。",
    "来电人称购买了{place}的房屋，{year}年交房，大产权一直没有办下来，要求解决办证难问题。",
    "咨询{place}的产权证何时可以办理。",
    "诉求：{place}房本迟迟下不来，影响孩子入学，要求给出办证时限。",
    "反映开发商资料不全，导致{place}无法办理不动产登记。",
)
OTHERS = (
    "市民反映{place}小区内停车位紧张，外来车辆乱停，要求物业加强管理。",
    "{place}暖气不热，室内只有15度，请供热公司上门。",
    "反映{place}楼上住户夜间噪音扰民。",
    "{place}电梯频繁故障，物业一直不维修。",
    "业主反映{place}物业费涨价未经业主大会同意。房产证早已办理，与此无关。",
    "{place}垃圾清运不及时，夏天气味很大。",
    "咨询{place}附近公交站何时开通。",
)
QUOTES = (
    "市民来电反映之前的工单{number}至今没有回复，要求尽快处理。",
    "补充反映：上次诉求编号{number}，问题仍未解决。",
    "来电催办{number}号工单，希望尽快答复。",
)
VAGUE = ("我们小区的房产证什么时候能办？", "开发商不给办房产证，请政府管一管。", "单元楼入住十年没有产权证，要求解决。")
HOMOPHONES = {
    "翠": "脆萃", "湖": "胡糊", "阳": "杨洋", "金": "今津", "华": "桦骅", "嘉": "佳", "锦": "紧", "景": "井颈", "龙": "隆",
    "安": "鞍", "和": "合禾",
    "福": "富", "城": "成诚", "庭": "亭廷", "清": "青轻", "源": "元原", "丽": "利", "春": "椿", "江": "姜", "新": "心欣",
    "康": "糠", "泰": "太",
    "盛": "胜", "祥": "翔", "雅": "哑", "枫": "丰风", "林": "琳淋", "月": "悦", "星": "兴", "云": "芸", "桂": "贵",
    "兰": "蓝", "碧": "壁", "恒": "衡",
    "荷": "河", "梅": "眉", "松": "淞", "桥": "侨", "岭": "领", "溪": "西", "泉": "全", "府": "俯", "苑": "院",
    "园": "圆", "名": "明", "豪": "毫",
}  # fmt: skip


def tickets(world: World, seed: int, count: int) -> list[Labelled]:
    """Return `count` labelled tickets, in a fixed mixture."""
    rng = random.Random(seed)
    made: list[Labelled] = []
    makers = (
        [_ordinary] * 56 + [_twin] * 12 + [_unsure] * 6 + [_unknown] * 10 + [_other] * 10 + [_quote] * 4 + [_vague] * 2
    )
    while len(made) < count:
        ticket = rng.choice(makers)(world, rng, f"2022{len(made) + 1:07d}", made)
        if ticket is not None:
            made.append(ticket)
    return made


def _ordinary(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    return _about(world, rng, number, rng.choice(world.estates))


def _twin(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    return _about(world, rng, number, rng.choice([e for e in world.estates if e.twin is not None]))


def _about(world: World, rng: random.Random, number: str, estate: Estate) -> Labelled | None:
    """Return a ticket about a project; what its facts leave open is labelled by the world, not by who wrote it."""
    manner = rng.random()
    building = rng.choice(estate.buildings) if rng.random() < 0.7 else ""
    township = estate.township if rng.random() < 0.45 else ""
    if manner < 0.07:
        road_number = rng.randrange(estate.low, estate.high + 1)
        facts = Facts(building=building, township=township, road=estate.road, number=road_number)
        place = f"{estate.road}{road_number}号" + (rng.choice(["院", ""]))
    elif manner < 0.10:
        facts = Facts(building=building, township=township, developer=estate.developer)
        place = f"{estate.developer}房地产开发的小区"
    else:
        name = rng.choice(estate.names)
        says_tail = bool(name.tail) and rng.random() < 0.75
        if estate.only_building:
            building = estate.only_building if says_tail or name.kind != "registered" else ""
        facts = Facts(
            base=name.base, building=building, township=township, phase=estate.phase if says_tail else "",
            section=estate.section if says_tail else "",
        )  # fmt: skip
        base = name.base
        if rng.random() < 0.3:
            base = _typo(world, rng, base)
            if base is None:
                return None
        place = base + (_tail(rng, name.tail) if says_tail and not estate.only_building else "")
        if rng.random() < 0.2 and not place.endswith(("小区", "院", "宿舍")):
            place += "小区"
    return _labelled(world, rng, number, facts, place, building)


def _labelled(world: World, rng: random.Random, number: str, facts: Facts, place: str, building: str) -> Labelled:
    left = world.could_be(facts)
    told = next(iter(left)) if len(left) == 1 else None
    room = ""
    if building:
        place += _building(rng, building)
        if rng.random() < 0.4:
            entrance, room = rng.randrange(1, 5), f"{rng.randrange(1, 19)}0{rng.randrange(1, 5)}"
            place += f"{entrance}单元{room}" + rng.choice(["", "室"])
    if facts.township and rng.random() < 0.6:
        place = facts.township + place
        stated = ""
    else:
        stated = facts.township
    as_address = rng.random() < 0.3
    ask = rng.choice(ASKS).format(place="本小区" if as_address else place, year=rng.randrange(2005, 2019))
    return Labelled(
        number, ask, place if as_address else "", stated, "project" if told is not None else "nobody", told,
        building if told is not None else "", room if told is not None else "",
    )  # fmt: skip


def _unsure(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    """Return a ticket whose parts contradict each other, or that leaves two twins open."""
    estate = rng.choice([e for e in world.estates if e.twin is not None])
    other = world.estates[estate.twin or 0]
    name = estate.names[0]
    if estate.twin_kind == "phase" and (foreign := sorted(set(other.buildings) - set(estate.buildings))):
        facts = Facts(base=name.base, phase=estate.phase, building=rng.choice(foreign))
        return _labelled(world, rng, number, facts, name.base + _tail(rng, name.tail), facts.building)
    shared = sorted(set(other.buildings) & set(estate.buildings))
    facts = Facts(base=name.base, building=rng.choice([*shared, ""]) if estate.twin_kind != "building" else "")
    if len(world.could_be(facts)) < 2:
        return None
    return _labelled(world, rng, number, facts, name.base, facts.building)


def _unknown(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    base = world.stranger(rng)
    township = rng.choice(TOWNSHIPS)
    place = base + (_building(rng, str(rng.randrange(1, 20))) if rng.random() < 0.6 else "")
    if rng.random() < 0.3:
        road, house = world.free_address(rng)
        place = f"{road}{house}号{place}"
    ask = rng.choice(ASKS).format(place=place, year=2012)
    return Labelled(number, ask, "", township if rng.random() < 0.6 else "", "none", estate=base)


def _other(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    estate = rng.choice(world.estates)
    place = rng.choice(estate.names).text
    if not estate.only_building and rng.random() < 0.5:
        place += _building(rng, rng.choice(estate.buildings))
    return Labelled(number, rng.choice(OTHERS).format(place=place), "", estate.township, "other")


def _quote(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    earlier = [ticket for ticket in made if ticket.kind == "project"]
    if not earlier:
        return None
    quoted = rng.choice(earlier)
    text = rng.choice(QUOTES).format(number=quoted.number)
    return Labelled(number, text, "", "", "quote", quoted.project, quotes=quoted.number)


def _vague(world: World, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    return Labelled(number, rng.choice(VAGUE), "", rng.choice(["", rng.choice(TOWNSHIPS)]), "nobody")


def _typo(world: World, rng: random.Random, base: str) -> str | None:
    """Return the base with one slip, or None if a reader could take it for another name then."""
    place = rng.randrange(len(base))
    slip = rng.choice(["sound", "sound", "drop", "add", "swap"])
    if slip == "sound":
        places = [i for i, character in enumerate(base) if character in HOMOPHONES]
        if not places:
            return base
        place = rng.choice(places)
        wrong = base[:place] + rng.choice(HOMOPHONES[base[place]]) + base[place + 1 :]
    elif slip == "drop":
        wrong = base[:place] + base[place + 1 :]
    elif slip == "add":
        wrong = base[:place] + rng.choice("大新金小") + base[place:]
    else:
        place = min(place, len(base) - 2)
        wrong = base[:place] + base[place + 1] + base[place] + base[place + 2 :]
    return wrong if world.is_taken_for_one(wrong) else None


def _tail(rng: random.Random, tail: str) -> str:
    if tail.endswith("期"):
        number = CHINESE.index(tail[0]) + 1
        return rng.choice([tail, f"{number}期", f"第{tail}", f"（{tail}）", f"({number}期)", f"{number} 期"])
    if tail.endswith("区"):
        return rng.choice([tail, tail.lower(), f"({tail})", chr(ord(tail[0]) + 0xFEE0) + "区", f" {tail}"])
    return tail


def _building(rng: random.Random, number: str) -> str:
    ways = [f"{number}号楼", f"{number}#楼", f"{number}栋", f"{number}幢", f"{number}#", f"第{number}栋"]
    if number.isdigit() and int(number) <= 20:
        ways += [f"{CHINESE[int(number) - 1]}号楼", f"{CHINESE[int(number) - 1]}栋"]
    if number.isdigit():
        ways.append("".join(chr(ord(digit) + 0xFEE0) for digit in number) + "号楼")
    return rng.choice(ways)
