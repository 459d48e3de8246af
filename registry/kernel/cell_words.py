"""Words of cells that say no value: 同上 points above, 未售 says that nothing is known, 【清空】 clears.

One list for names, places, days and numbers; what each column makes of them is its own rule.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

CLEARED: Final = "【清空】"  # the one word by which a list takes away what stands; a blank cell keeps it
_CLEARING: Final = frozenset({CLEARED, "[清空]", "〔清空〕", "〖清空〗"})
_BARE_CLEARING: Final = re.compile(r"\W*清空\W*")  # the word in other signs, or in none
_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_SIGNS: Final = str.maketrans({
    **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)},
    "(": "（", ")": "）", "（": "（", "）": "）", "［": "（", "］": "）", "[": "（", "]": "）", "【": "（", "】": "）", "〔": "（",
    "〕": "）", "{": "（", "}": "）", "｛": "（", "｝": "）", "〈": "（", "〉": "）", "<": "（", ">": "）", "＜": "（", "＞": "）",
    "；": ";", "﹔": ";", "，": ",", "﹐": ",", "､": "、", "﹑": "、", "｜": "|", "￨": "|", "丨": "|", "∣": "|", "＼": "\\",
    "／": "/", "∕": "/", "＋": "+", "＆": "&", "﹠": "&", "　": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ",
    "\u202f": " ", "\r": "\n", "\x0b": "\n", "\u2028": "\n", "\u2029": "\n", "：": ":", "．": "．", "～": "~", "—": "—",
})  # fmt: skip
_DITTO: Final = re.compile(
    "[（]?(?:同|如)(?:上|前|左)(?:行|一?[行户格条]|述|所述)?[）]?|上同|[〃″\"”“々〻〞＂]+|''+|′′|\\.?do\\.?|ditto|[↑⇧]+|[‘’]{2}",
    re.IGNORECASE,
)
_OWNER: Final = "(?:开发商|开发公司|开发企业|开发单位|开发建设单位|建设单位|房开|物业|本?公司|单位|项目方)?"
_YET: Final = "(?:尚|暂|还|均|全部|暂时|目前)?"
_NOTHING: Final = (
    "未知|不知道?|不详|不明|不清|未详|空置|空房|空户|空关|闲置|无人|没人|未售|未售出|未出售|未卖|没卖|待售|在售|可售|未销售|未销|自留|自持|自用|保留|预留"
    "|留用|库存|剩余|剩余房源?|尾房|尾盘|留存|机动|机动房|空白|暂无信息|无信息|无资料|无名|预售|抵押房|未定|不定|待定|未确定|待确定|待补|待补充|待填|待查|待核|待核实|待核查|待确认|待登记|待录入|待提供|暂缺|缺失?|暂无|没有|未提供|未填写?|未登记"
    "|未签约|未签|未认购|未分配?|待分配?|待签约|待选|待回迁|待交付|未安置|待安置|未选房|待选房|未选|未摇号|未入住|未交付|未领取|未移交|未测绘?|待测绘?|未实测|无业主|无权利人|无产权人|无人认领|无|空"
)
_NOT_STATED: Final = re.compile(f"{_OWNER}{_YET}(?:{_NOTHING})(?:房源|房屋|房|户|中|状态)?", re.IGNORECASE)
_OWNER_ALONE: Final = re.compile(
    "(?:开发商|开发公司|开发企业|开发单位|开发建设单位|建设单位|房开|项目方|[本我]?公司|[本我]?单位)(?:所有|持有|自有)?"
)
_NO_SIGN: Final = re.compile(
    "[-/\\\\—–―_.·…?？0Oo○〇×xX#]|[-/—–―_.…?？0]{2,}|n/?a|#n/a|null|none|nil|nan|tbd", re.IGNORECASE
)
_TRUTH: Final = frozenset(
    {
        "TRUE",
        "FALSE",
        "YES",
        "NO",
        "Y",
        "N",
        "T",
        "F",
        "是",
        "否",
        "对",
        "错",
        "真",
        "假",
        "有",
        "√",
        "✓",
        "✔",
        "☑",
        "☐",
        "☒",
        "✗",
        "✘",
    }
)


def fold_signs(text: str) -> str:
    """Fold signs that have several forms (brackets, commas, blanks, full-width letters), never a Han character."""
    return _INVISIBLE.sub("", text).translate(_SIGNS)


@lru_cache(maxsize=8192)
def is_ditto(text: str) -> bool:
    """Tell whether a text says the same as above: 同上, 〃, ″, 如上."""
    return _DITTO.fullmatch("".join(text.split())) is not None


def is_not_stated(text: str) -> bool:
    """Tell whether a text says that a value is not known or not there: blank, /, 0, 未售, 待定, 开发商未售."""
    bare = "".join(text.split()).removeprefix("（") if text.startswith("（") else "".join(text.split())
    bare = bare.strip("（）") if "（" not in bare else bare
    if not bare:
        return True
    whole = re.sub("（([^（）]*)）", lambda match: "" if is_not_stated(match[1]) else match[0], bare)
    return any(pattern.fullmatch(whole) is not None for pattern in (_NOT_STATED, _OWNER_ALONE, _NO_SIGN))


def is_truth_word(text: str) -> bool:
    """Tell whether a text answers a question of yes and no, as TRUE and 是 do."""
    return unicodedata.normalize("NFKC", text).strip().upper() in _TRUTH


def is_clear_word(text: str) -> bool:
    """Tell whether a cell says 【清空】: take away what stands in this field."""
    return "清" in text and "".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).split()) in _CLEARING


def is_nearly_clear_word(text: str) -> bool:
    """Tell whether a cell says 清空 without the brackets that make it the word: it is asked what it means."""
    return "清" in text and _BARE_CLEARING.fullmatch("".join(text.split())) is not None and not is_clear_word(text)
