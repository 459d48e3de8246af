"""Names of organisations: told from names of people by how they end, brackets within them kept."""

import re
from typing import Final

_STRONG: Final = (
    "公司|集团|合作社|合伙企业|合伙(?:（有限合伙）)|事务所|研究[所院]|设计院|医院|大学|学院|学校|中学|小学|幼儿园|银行|信用社|联社|总社|供销社"
    "|分行|支行|分公司|子公司|委员会|居委会|村委会|管委会|业委会|业主大会|办事处|人民政府|政府|管理[局处所站]|分局|总局|基金会|协会|学会|商会|工会|联合会"
    "|中心|超市|酒店|宾馆|饭店|招待所|药房|书店|商行|商店|商场|经营部|门市部|服务部|工作室|企业|工厂|农场|林场|养老院|敬老院|福利院|派出所|法院|检察院"
    "|部队|支队|大队|中队|清算组|管理人|指挥部|项目部|出版社|报社|杂志社|剧院|博物馆|图书馆|文化馆|教堂|清真寺|经济联合社|股份社|居民小组|村民小组"
)
# of firms whose 公司 is not written
_TRADE: Final = "地产|贸易|实业|城建|建工|城投|城开|控股|物业|物业管理|科技发展|工程建设|房屋开发|建设开发|综合开发"
_SHORT: Final = (  # no person is called so, however short what stands before it
    "公司|集团公司|合作社|经济社|事务所|委员会|居委会|村委会?|管委会|业委会|办事处|人民政府|管理[局处所站]|基金会|协会|商会|联合会|幼儿园|信用社"
    "|经营部|门市部|工作室|餐饮店|便利店|专卖店|理发店|小卖部|村集体|集体经济组织|村民组|生产队|小学|中学|大学|医院|超市|酒店|宾馆|饭店|研究[所院]|设计院|商场"
    "|商店|商行|药房|工厂|农场|林场|养老院|敬老院|福利院|派出所|检察院|分公司|支行|分行|中心|厂|房地产|房产|置业|商贸|街道办事处|街道"
)
_OFFICES: Final = (  # as they are called in short, with or without the place before them
    "政府|住建[委局]|建委|规自[委局]|规划局|房管局|城管|城管局|房产局|房管所|国管局|国土局|国资委|城管局|民政局|公安局|财政局|税务局|教育局|教委|发改委"
    "|卫健委|人防办|街道办|住保办|征收办|拆迁办"
)
_PLACED: Final = "[\u4e00-\u9fff]{0,6}[省市区县旗州镇乡村]"
_WEAK: Final = "[局厂站所院馆社队部处科店行校园寺庙]"
_FIRM: Final = re.compile(f"(?:.{{2,}}(?:{_STRONG}|{_TRADE})|.+(?:{_SHORT}))(?:（[^（）]*）)?$")
_OF_THE_STATE: Final = re.compile(f"(?:{_PLACED})(?:{_OFFICES})|(?!政府$)(?:{_OFFICES})")
_OFFICE: Final = re.compile(f"[\u4e00-\u9fff（）]{{4,}}{_WEAK}$")
_INSIDE: Final = re.compile("(?:有限责任|股份有限|有限)公司")
_TWO: Final = re.compile(f".{{2,}}(?:{_STRONG})(?:和|与|及|以及).{{2,}}(?:{_STRONG})")
_BRANCH: Final = re.compile(
    "(?:分公司|子公司|支行|分行|分局|分店|办事处|工会|支部|委员会|项目部|营业部|清算组|管理人)$"
)
_GAPS: Final = re.compile("\\s+")
_UNNAMED: Final = re.compile(
    "(?:本|该|我|贵|原|某)?(?:公司|集团|单位|企业|政府|街道办?|社区|居委会?|村委会?|村集体|集体|村里|管委会|业委会|物业|军队|部队|合作社|法院|银行|学校|医院|委员会)"
)


def is_organisation(text: str) -> bool:
    """Tell whether a text is the name of an organisation: 北京甲乙房地产开发有限公司, 某村村民委员会, 某某局."""
    bare = _GAPS.sub("", text)
    if _UNNAMED.fullmatch(bare):
        return False
    if _OF_THE_STATE.fullmatch(bare):
        return True
    return any(pattern.search(bare) is not None for pattern in (_INSIDE, _FIRM, _OFFICE))


def is_unnamed(text: str) -> bool:
    """Tell whether a text says that it is an organisation, and not which: 公司, 军队, 村委会."""
    return _UNNAMED.fullmatch(_GAPS.sub("", text)) is not None


def is_two_organisations(text: str) -> bool:
    """Tell whether two organisations are joined by 和 or 与, or stand side by side: which may be the name of one."""
    return _TWO.search(_GAPS.sub("", text)) is not None or _is_beside(text)


def after_company(text: str) -> str:
    """Return what follows 有限公司 without a gap, brackets and branches apart: a person's name may have slipped in."""
    bare = _GAPS.sub("", text)
    ends = [match.end() for match in _INSIDE.finditer(bare)]
    tail = bare[ends[-1] :] if ends else ""
    return "" if _BRANCH.search(tail) or is_organisation(tail) else tail


def _is_beside(text: str) -> bool:
    """Tell whether an organisation ends at a gap and something that is no branch of it follows."""
    parts = text.split()
    return any(
        _FIRM.search("".join(parts[:at])) is not None and not _BRANCH.search("".join(parts[at:]))
        for at in range(1, len(parts))
    )
