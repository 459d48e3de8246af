"""Names of organisations: told from names of people by how they end, brackets within them kept."""

import re
from typing import Final

_STRONG: Final = (
    "公司|集团|合作社|合伙企业|合伙(?:（有限合伙）)|事务所|研究[所院]|设计院|医院|大学|学院|学校|中学|小学|幼儿园|银行|信用社|联社|总社|供销社"
    "|分行|支行|分公司|子公司|委员会|居委会|村委会|管委会|业委会|业主大会|办事处|人民政府|政府|管理[局处所站]|分局|总局|基金会|协会|学会|商会|工会|联合会"
    "|中心|超市|酒店|宾馆|饭店|招待所|药房|书店|商行|商店|商场|经营部|门市部|服务部|工作室|企业|工厂|农场|林场|养老院|敬老院|福利院|派出所|法院|检察院"
    "|部队|支队|大队|中队|清算组|管理人|指挥部|项目部|出版社|报社|杂志社|剧院|博物馆|图书馆|文化馆|教堂|清真寺|经济联合社|股份社|居民小组|村民小组"
)
_WEAK: Final = "[局厂站所院馆社队部处科店行校园寺庙]"
_FIRM: Final = re.compile(f".{{2,}}(?:{_STRONG})(?:（[^（）]*）)?$")
_OFFICE: Final = re.compile(f"[\u4e00-\u9fff（）]{{4,}}{_WEAK}$")
_INSIDE: Final = re.compile("(?:有限责任|股份有限|有限)公司")
_TWO: Final = re.compile(f".{{2,}}(?:{_STRONG})(?:和|与|及|以及).{{2,}}(?:{_STRONG})")
_GAPS: Final = re.compile("\\s+")
_UNNAMED: Final = re.compile("(?:本|该|我|贵|原|某)?(?:公司|集团|单位|企业)")


def is_organisation(text: str) -> bool:
    """Tell whether a text is the name of an organisation: 北京甲乙房地产开发有限公司, 某村村民委员会, 某某局."""
    bare = _GAPS.sub("", text)
    if _UNNAMED.fullmatch(bare):
        return False
    return any(pattern.search(bare) is not None for pattern in (_INSIDE, _FIRM, _OFFICE))


def is_two_organisations(text: str) -> bool:
    """Tell whether two organisations are joined by 和 or 与: which may be the name of one."""
    return _TWO.search(_GAPS.sub("", text)) is not None
