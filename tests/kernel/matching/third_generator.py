"""The third generator: messages, clerks' notes and transcripts; slips by the sounds of a whole syllabary; two places
in one ticket, other cities, numbers of several schemes. Laid after the matcher, looked at by kind of failure alone.
"""

import random
from collections import defaultdict
from functools import cache
from typing import Final

from pypinyin import lazy_pinyin

from tests.kernel.matching.third_world import ENDS, TOWNSHIPS, ThirdWorld
from tests.kernel.matching.world import CHINESE, Estate, Facts, Labelled

FRAMES: Final = (
    "{place}啥情况，交房都{year}年了，证影子都没有",
    "网友留言：{place}的房产证到底归哪个部门办？打了好几个电话都没人管",
    "经办人记录：诉求人称{place}房屋未办理不动产权登记，已多次反映，希望区里给予书面答复",
    "喂你好，我想问一下{place}那个房本，我妈都八十了，什么时候能拿到啊",
    "反映问题：产权证。地点：{place}。诉求人要求尽快办理。",
    "{place}业主。二手房想卖卖不了，没有产权证，过不了户，请帮忙协调",
    "我们{place}全体业主联名反映，购房时承诺一年办证，现已{year}年，大产权都没下来",
    "本人{year}年前在{place}买房，全款，发票齐全，开发商一直以各种理由拖着不给办理产权证",
    "转办：{place}，办证难，请承办单位{days}日内与诉求人联系",
    "孩子在{place}的房子结婚用，没有房产证办不了贷款，请问何时首次登记",
    "来电人（代父母）：{place}，回迁房，证件至今没发，邻居家也都没有",
    "还是{place}不动产权证的事，第三次打电话了",
)  # fmt: skip
OTHERS: Final = (
    "{place}西门夜里烧烤摊太吵，麻烦管一下",
    "{place}的物业把地库出入口封了，车进不去",
    "请问{place}旁边的地铁几号线什么时候通车",
    "{place}三天没热水了，燃气公司说要等",
    "{place}外立面瓷砖脱落砸坏车辆，找谁赔",
    "我在{place}租的房子，房东不退押金",
    "{place}楼道里堆满纸箱，有火灾隐患",
    "{place}老人想申请居家养老补贴，不知去哪办",
    "{place}门口的树把路灯都挡住了，晚上看不见",
    "{place}二次供水泵房噪声大，睡不着",
    "房产证早就有了，{place}的电梯加装什么时候轮到我们",
)  # fmt: skip
QUOTES: Final = (
    "对{number}办理结果不认可，要求重办",
    "接上次{number}，补充材料已经交给社区",
    "催单：{number}",
    "诉求人再次来电（原单号：{number}），称无人联系",
    "见 {number}。问题没解决！！！",
)  # fmt: skip
VAGUE: Final = (
    "有没有人管，没证的房子住了十几年", "我们这片好几栋楼都没房产证", "想问问没有产权证怎么办", "你们说的办证到底还办不办",
)  # fmt: skip
AWAY: Final = ("河西省临江市", "东川省梅岭市", "江陵市", "云西省安河市", "海曲市")
POOL: Final = (
    "一丁七万三上下不东丙丹主久乐九乡书云五井京亭人仁今介从令众伊伏休会伦何余佛佳依侨保信修傲元光全八公六兰兴其典农冠冬冲冷准凤凯刚利别到前剑力功加劳勇化北千升半华南博卡卫印"
    "厂厚原友发古台叶司合同名后向吴告周和品哈唐善喜嘉四回园国圆圣地坊坛坞坡坤城域培堂堤塘墨士声壹复外多大天太夫央头奇奥好如妙姜娄子孙学宁守安宋宏宗官定宝客宣室家容富寒对寻寿"
    "小少尚居山岗岛岭峡峰川州工左巨巴市布希帅师帝常平年庄庆庐庙府度康庭延建开异弄张弘强归影彩彭德心志忠怀思恒息恩悦惠意成我所手才扬承投抱振接掌提新方施旅旗无日旦早旧昂昌明易星"
    "映春晋晓晨普景智晶暖月有朗望朝木本朱李杏材村杨杭杰松林枫柏柳标栋树校样桂桃桐桥梁梅梦森楠楼榆榕槐模橙欣正武毅民水永江汀池沁沈沐沙沟河油治沿泉波泰洋洲浦浩海涛润清湖湾溪源满滨漓"
    "潭澄澜灵灿炎烟烽煌照燕爱牌王玉珍珠理琴瑞瑶璞瓦甜生田甲申电畅留疆白百皇益盛直真知石砂碧磨礼社祥福禾秀科秋秦秘程稻空立竹笔筑米粮精系红纳纺线终绿维罗美群翔翠老考耀联肖育胜能自航"
    "良色艺节花芳苇苏苑英范茂茶荔草荣莉莲菊菜营萃葛董蒋蓝蓬薇藏虎虹融行衡裕西观角言计训许诗诚谊谐谢豪贝贵贺越路车达运近进远连迎道邦邮郁郡部郊都配里重野金鑫钟钢铁铜银铭锦镇长门闻阁阳"
    "阴陆陈陵隆雁雅雨雪露青静非鞍音韵顺领颐风飞香馆首马驹骏高魏鱼鲁鲜鸣鸿鹏鹤鹭鹿麒麟黄黎鼎龙"
)
BLURS: Final = {
    "zh": "z",
    "z": "zh",
    "ch": "c",
    "c": "ch",
    "sh": "s",
    "s": "sh",
    "n": "l",
    "l": "n",
    "f": "h",
    "h": "f",
}
CAPITALS: Final = "壹贰叁肆伍陆柒捌玖拾"


@cache
def syllables() -> dict[str, str]:
    """Characters by the syllable that they sound."""
    table: dict[str, str] = defaultdict(str)
    for character in POOL:
        table[lazy_pinyin(character)[0]] += character
    return dict(table)


def tickets(world: ThirdWorld, seed: int, count: int) -> list[Labelled]:
    """Return `count` labelled tickets, numbered as this platform does."""
    rng = random.Random(seed)
    made: list[Labelled] = []
    makers = (
        [_ordinary] * 40 + [_twin] * 13 + [_by_house] * 5 + [_short] * 5 + [_two] * 5 + [_contradicts] * 4 + [_unknown] * 8
        + [_away] * 4 + [_other] * 9 + [_quote] * 5 + [_vague] * 2
    )  # fmt: skip
    while len(made) < count:
        number = f"{20220301 + len(made) % 28}ZX{len(made) + 1:06d}"
        ticket = rng.choice(makers)(world, rng, number, made)
        if ticket is not None:
            made.append(ticket)
    return made


def _ordinary(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    return _about(world, rng, number, rng.choice(world.estates))


def _twin(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    return _about(world, rng, number, rng.choice([e for e in world.estates if e.twin is not None]))


def _about(world: ThirdWorld, rng: random.Random, number: str, estate: Estate) -> Labelled | None:
    name = rng.choice(estate.names)
    says_tail = bool(name.tail) and rng.random() < 0.8
    building = rng.choice([*estate.buildings, *estate.schemes]) if rng.random() < 0.65 else ""
    if estate.only_building:
        building = estate.only_building if says_tail or name.kind != "registered" else ""
    township = estate.township if rng.random() < 0.45 else ""
    road, house = (estate.road, rng.randrange(estate.low, estate.high + 1)) if rng.random() < 0.12 else ("", 0)
    developer = estate.developer if rng.random() < 0.08 else ""
    phase, section = (estate.phase, estate.section) if says_tail else ("", "")
    facts = Facts(name.base, phase, section, building, township, road, house, developer)
    base = name.base
    if rng.random() < 0.32:
        slipped = _slip(world, rng, base)
        if slipped is None:
            return None
        base = slipped
    place = _with_tail(rng, base, name.tail) if says_tail and not estate.only_building else base
    if road:
        place = rng.choice([f"{road}{house}号{place}", f"{road}{house}号院{place}", f"{place}（门牌{road}{house}号）"])
    if developer:
        place = rng.choice(
            [f"{developer}集团的{place}", f"{developer}房地产公司盖的{place}", f"{developer}置业{place}"]
        )
    return _labelled(world, rng, number, facts, place, estate, world.could_be(facts))


def _by_house(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    estate = rng.choice(world.estates)
    house = rng.randrange(estate.low, estate.high + 1)
    building = rng.choice(estate.buildings) if rng.random() < 0.7 else ""
    facts = Facts("", "", "", building, estate.township if rng.random() < 0.5 else "", estate.road, house)
    place = f"{estate.road}{house}" + rng.choice(["号", "号院", "弄", "号大院", " 号院内"])
    return _labelled(world, rng, number, facts, place, estate, world.could_be(facts))


def _short(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    """Return a ticket that says 曙光 for 曙光嘉园, with one thing more that tells it."""
    estate = rng.choice(world.estates)
    name = rng.choice(estate.names)
    end = next((end for end in sorted(ENDS, key=len, reverse=True) if name.base.endswith(end)), "")
    stem = name.base.removesuffix(end)
    if not end or len(stem) < 2 or stem in TOWNSHIPS or any(stem in town for town in TOWNSHIPS):
        return None
    building = rng.choice(estate.buildings)
    facts = Facts("", "", "", building, estate.township)
    written = stem + rng.choice(["", "小区", "那边"])
    if written in world.bases:  # the name of an estate, whole
        left = world.could_be(Facts(written, building=building, township=estate.township))
    else:
        left = world.with_stem(stem, facts)
    return _labelled(world, rng, number, facts, written, estate, left)


def _two(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    """Return a ticket that names two estates: of both, or of one with the other beside it."""
    asked, other = rng.sample([e for e in world.estates if e.twin is None], 2)
    a, b = rng.choice(asked.names).base, rng.choice(other.names).base
    if len(world.could_be(Facts(a))) > 1 or len(world.could_be(Facts(b))) > 1:
        return None
    draw = rng.randrange(6)
    if draw < 2:
        text = rng.choice([
            f"{a}和{b}都没有办房产证，请一并处理", f"{a}、{b}两个小区的产权证什么时候能下来",
            f"我家有两套房，{a}一套，{b}一套，都没有证",
        ])  # fmt: skip
        return Labelled(number, text, "", "", "nobody")
    texts = {
        2: f"{b}都办下来了，为什么{a}的房产证还不给办",
        3: f"户口在{b}，房子买在{a}，没有房产证迁不了户口",
        4: f"{a}（{b}对面）的不动产权证一直没办",
        5: f"我不是{b}的，我是{a}的业主，房本没下来",
    }  # fmt: skip
    return Labelled(number, texts[draw], "", "", "project", asked.id)


def _contradicts(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    estate = rng.choice([e for e in world.estates if e.twin is not None])
    other = world.estates[estate.twin or 0]
    name = estate.names[0]
    if estate.twin_kind in ("phase", "section", "group"):
        foreign = sorted(set(other.buildings) - set(estate.buildings))
        facts = Facts(name.base, estate.phase, estate.section, rng.choice(foreign or ["88"]))
        return _labelled(world, rng, number, facts, _with_tail(rng, name.base, name.tail), estate, set())
    if estate.twin_kind == "sound" and other.township != estate.township:
        facts = Facts(name.base, township=other.township)
        return _labelled(world, rng, number, facts, name.base, estate, set())
    facts = Facts(name.base)
    left = world.could_be(facts)
    return _labelled(world, rng, number, facts, name.base, estate, left) if len(left) > 1 else None


def _unknown(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    base, township = world.stranger(rng), rng.choice(TOWNSHIPS)
    place = base + rng.choice(["", "二期", "5号楼", "B区", "9栋1单元302", "小区"])
    if rng.random() < 0.35:
        place, township = township + place, ""
    return Labelled(number, _framed(rng, place), "", township if rng.random() < 0.5 else "", "none", estate=base)


def _away(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    """Return a ticket about an estate of the same name in another city."""
    name = rng.choice(rng.choice(world.estates).names).base
    place = f"{rng.choice(AWAY)}{name}" + rng.choice(["", "2号楼", "一期"])
    if rng.random() < 0.4:
        return Labelled(number, _framed(rng, "本小区"), place, "", "none")
    return Labelled(number, _framed(rng, place), "", "", "none")


def _other(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    estate = rng.choice(world.estates)
    place = rng.choice(estate.names).text + rng.choice(["", "", "小区"])
    return Labelled(number, rng.choice(OTHERS).format(place=place), "", rng.choice(["", estate.township]), "other")


def _quote(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    earlier = [ticket for ticket in made if ticket.kind == "project"]
    if not earlier:
        return None
    quoted = rng.choice(earlier)
    written = rng.choice([quoted.number, quoted.number.lower(), f"工单{quoted.number}"])
    return Labelled(
        number, rng.choice(QUOTES).format(number=written), "", "", "quote", quoted.project, quotes=quoted.number
    )


def _vague(world: ThirdWorld, rng: random.Random, number: str, made: list[Labelled]) -> Labelled | None:
    town = rng.choice(TOWNSHIPS)
    if rng.random() < 0.5:
        return Labelled(number, f"{town}这边，{rng.choice(VAGUE)}", "", "", "nobody")
    return Labelled(number, rng.choice(VAGUE), "", town, "nobody")


def _labelled(
    world: ThirdWorld, rng: random.Random, number: str, facts: Facts, place: str, estate: Estate, left: set[int]
) -> Labelled:
    told = next(iter(left)) if len(left) == 1 else None
    room = ""
    if facts.building:
        written, room = _building(rng, facts.building)
        place += written
    stated = ""
    if facts.township:
        draw = rng.random()
        if draw < 0.35:
            place = f"{estate.district}{facts.township}{place}"
        elif draw < 0.5:
            place = f"{facts.township.removesuffix('街道').removesuffix('地区')}{'街道办' if '街道' in facts.township else ''}{place}"
        elif draw < 0.6:
            place = f"{place}（属{facts.township}）"
        else:
            stated = facts.township
    as_address = rng.random() < 0.3
    kind = "project" if told is not None else "nobody"
    registered = world.estates[told].schemes.get(facts.building, facts.building) if told is not None else ""
    return Labelled(
        number, _framed(rng, "本小区" if as_address else place), place if as_address else "", stated, kind, told,
        registered, room if told is not None else "",
    )  # fmt: skip


def _framed(rng: random.Random, place: str) -> str:
    return rng.choice(FRAMES).format(place=place, year=rng.randrange(5, 16), days=rng.choice([3, 7, 15]))


def _slip(world: ThirdWorld, rng: random.Random, base: str) -> str | None:
    """Return the base with one slip: same sound, near sound, one dropped, one twice, two in the other order."""
    place, slip = rng.randrange(len(base)), rng.choice(["same", "same", "same", "near", "drop", "twice", "swap"])
    if slip in ("same", "near"):
        heard = lazy_pinyin(base[place])[0]
        sounds = [heard] if slip == "same" else _near(heard)
        others = [each for each in "".join(syllables().get(sound, "") for sound in sounds) if each != base[place]]
        if not others:
            return base
        wrong = base[:place] + rng.choice(others) + base[place + 1 :]
    elif slip == "drop":
        wrong = base[:place] + base[place + 1 :]
    elif slip == "twice":
        wrong = base[:place] + base[place] + base[place:]
    else:
        place = min(place, len(base) - 2)
        wrong = base[:place] + base[place + 1] + base[place] + base[place + 2 :]
    if wrong == base:
        return base
    return wrong if len(wrong) > 2 and world.is_taken_for_one(wrong) else None


def _near(heard: str) -> list[str]:
    head = heard[:2] if heard[:2] in BLURS else heard[:1]
    near = [BLURS[head] + heard[len(head) :]] if head in BLURS else []
    if heard.endswith("ng"):
        near.append(heard[:-1])
    elif heard.endswith("n"):
        near.append(heard + "g")
    return near


def _with_tail(rng: random.Random, base: str, tail: str) -> str:
    if tail.endswith("期"):
        n = CHINESE.index(tail[0])
        ways = [f"{base}{tail}", f"{base}{n + 1}期", f"{base}小区{tail}", f"{tail}{base}", f"{base} {n + 1} 期",
                f"{base}（{CAPITALS[n]}期）", f"{base}第{tail}"]  # fmt: skip
    elif tail.endswith("组团"):
        head = tail.removesuffix("组团")
        digit = str(CHINESE.index(head) + 1) if head in CHINESE else head.lower()
        ways = [
            f"{base}{tail}",
            f"{base}{digit}组团",
            f"{base}（{tail}）",
            f"{base}第{tail}" if head in CHINESE else f"{base}{tail}",
        ]
    else:
        ways = [f"{base}{tail}", f"{base}({tail})", f"{base}小区{tail}", f"{base}—{tail}", f"{base}{tail.lower()}"]
    return rng.choice(ways)


def _building(rng: random.Random, number: str) -> tuple[str, str]:
    """Return a building as somebody writes it, with a room or without."""
    entrance, room = rng.randrange(1, 6), f"{rng.randrange(1, 25)}0{rng.randrange(1, 5)}"
    draw = rng.random()
    if draw < 0.15:
        return f"{number}号楼{entrance}单元{room}室", room
    if draw < 0.25:
        return f"{number}栋{entrance}单元{room}号", room
    if draw < 0.33 and number.isdigit():
        return f" {number}-{entrance}-{room}", room
    if draw < 0.4:
        return f"{number}号楼{room}", room
    if draw < 0.45:
        return f"{number}幢{CHINESE[entrance - 1]}单元{room}", room
    ways = [
        f"{number}号楼",
        f"{number}栋",
        f"{number}＃",
        f"{number}幢",
        f"（{number}号楼）",
        f"的{number}号楼",
        f"{number}座",
    ]
    if number.isdigit():
        ways.append(f"第{number}幢")
        ways.append(f"{int(number):02}号楼")
        if int(number) <= 20:
            ways += [f"{CHINESE[int(number) - 1]}栋", f"第{CHINESE[int(number) - 1]}号楼"]
        if int(number) <= 10:
            ways.append(f"{CAPITALS[int(number) - 1]}号楼")
    return rng.choice(ways), ""
