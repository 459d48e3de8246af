"""Tickets of other matters: kept out by a rule that says why. Whatever speaks of certificates is never kept out.

A rule judges what was said and where; what no rule names waits for a person.
"""

import re
from collections.abc import Collection
from typing import Final

OURS: Final = re.compile(
    "房产证|房本|房证|产权证|不动产证|不动产权|大红本|小红本|红本|大产权|产权|办证|办不了证|办理?证|办下来证|下证|拿证|领证|发证|"
    "确权|首次登记|初始登记|初登|转移登记|过户|权属登记|房屋登记|不动产登记|网签|备案证|证[还一]?[直没]?[有没]?[没办下]"
)
OTHERS: Final = (  # what is plainly another matter, by the words that say it
    ("供热", re.compile("供暖|暖气|供热|锅炉")),
    ("供水供电", re.compile("停水|停电|漏水|水压|跳闸|断电|水管|下水道|堵了?下水")),
    ("噪声", re.compile("噪[音声]|扰民|广场舞|夜间施工")),
    ("停车", re.compile("停车|乱停|占道|充电桩|地锁")),
    ("物业服务", re.compile("物业费|物业服务|保洁|电梯(?:坏|故障|困人)|门禁|垃圾|保安")),
    ("养犬和环境", re.compile("遛狗|犬只|狗叫|蚊虫|异味|油烟")),
    ("教育医疗", re.compile("入学|学区|幼儿园|校车|医院|医保")),
    ("工资和就业", re.compile("拖欠工资|欠薪|讨薪|社保")),
)
_ELSEWHERE: Final = re.compile(r"^(?:[一-龥]{2,8}?(?:省|自治区))?([一-龥]{2,6}?)(?:市|自治州|盟)(?=[一-龥])")
_PROVINCE: Final = re.compile(r"^([一-龥]{2,8}?)(?:省|自治区)")


def other_place(address: str, *, city: str, districts: Collection[str]) -> str:
    """Return why an address lies in another city, or "". `city` is the own one's name, "" while it is not set."""
    bare = "".join(address.split())
    own = city.removesuffix("市")
    if not bare or any(bare.startswith(name) for name in districts):
        return ""
    named = _ELSEWHERE.match(bare)
    if named and own and named[1] != own and not named[1].endswith(own):
        return f"地址“{named[0]}…”不在{city}"
    province = _PROVINCE.match(bare)
    if province and own and province[1] != own and not any(name in bare for name in (own, *districts)):
        return f"地址“{province[0]}…”不在{city}"
    return ""


def other_matter(text: str, category: str = "") -> str:
    """Return why a ticket is of another matter, or "": its words name another one and no certificate at all."""
    said = f"{category} {text}"
    if OURS.search(said):
        return ""
    for label, words in OTHERS:
        if match := words.search(said):
            return f"诉求内容为{label}（“{match[0]}”），未涉及办证、产权、登记"
    return ""
