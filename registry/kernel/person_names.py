"""The name of one person: checked against what no name holds, its gaps and dots mended where one reading is left."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from registry.kernel.cell_words import is_ditto, is_not_stated, is_truth_word
from registry.kernel.errors import DomainError
from registry.kernel.masking import COMPOUND_SURNAMES
from registry.kernel.names import HAN, clean_person_name
from registry.kernel.surnames import SURNAMES

COMMON_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_JOINING: Final = re.compile("以及|[和与及跟暨]")
_OTHERS: Final = re.compile(
    "(?<=.)(?:等(?:共|人|户|[0-9一二两三四五六七八九十]+[人户位名口]?)*|[0-9一二两三四五六七八九十]+[人户位口])$"
)
_WHOSE: Final = re.compile(
    "(?<=.)(?:[之的](?:长|次|幼|大|小|独)?(?:子女|子|女|儿子|女儿|妻子?|夫|丈夫|配偶|父亲?|母亲?|兄|弟|姐|妹|孙|家属|后人|法定继承人|继承人|遗孀)"
    "|[他她它其]?[爸妈爷](?:爸|妈|爷)?|(?<=.{2})[母父媳婿嫂]|家属|爱人|遗孀|继承人|后人|遗属|夫妇|夫妻|两口子?|一家|全家|父子|母子|父女|母女|兄弟|姐妹|兄妹|姐弟|他人)$"
)
_ADDRESS: Final = re.compile(
    "(?<=.)(?:先生|女士|小姐|太太|老师|师傅|大爷|大妈|大娘|大叔|大婶|大哥|大姐|大嫂|叔叔|奶奶|爷爷|阿姨|老太太?|同志|总|经理|主任|书记|队长)$"
)
_NICKNAME: Final = re.compile(f"[小老][{''.join(sorted(COMMON_SURNAMES))}]")
_NO_NAME: Final = re.compile(  # words that stand in no name: what they say belongs into the remark
    "身份证|证件|护照|电话|手机|联系|附件|备注|登记|协议书|签约|签字|入住|拍卖|抵押|查封|冻结|回购|房屋|房产|住房|用房|房子|小区|(?<=.)单元|车位|车库|商铺"
    "|底商|储藏|样板|售楼|回迁|安置|拆迁|[公廉]租房|经适房|限价房|配套|人防|诉讼|失联|拒签|拒绝|不?配合|[不未]同意|提供|不明|不详|未知|遗失|遗产|个体|工商户|租赁"
    "|出租|租[户客]|使用权|产权|权利|购房|业主|房主|买方|卖方|[离结]婚|详见|见附|见[上下]|^测试$|无名氏|某人|空置|空房|[未待已]售|法拍|占用"
)
_OF_A_PLACE: Final = re.compile("(?:.{3,}|.家)(?:村|庄|屯|乡|镇|社区|街道|园|苑|里)")
_STATE: Final = re.compile(  # what became of the home or its people, where a name should stand; only as the whole cell
    "(?:现|已|未|尚未|暂|待|正在|拟|人)?(?:在)?(?:搬走|搬离|搬家|出国|外地|外出|国有|公有|公房|私有|私人|自建|自住|补差价?|暂缓|退房|换房|调房|作废|注销|公摊|公用|共用"
    "|继承|移民|失踪|走失|改嫁|坐牢|服刑|离京|入狱|过户|更名|办理|处理|协调|核实|冻结|拍卖|出售|转让|赠与|分家|析产|征收|腾退|拆除|空挂|挂靠|挂名|存疑|有误|重复|联系不到"
    "|找不到|没来|未到|不在|代管|托管|接管)(?:中|了|户|房|待定|处理|办理|人员)?"
)
_ROLE: Final = re.compile(
    "(?:该|本|原|现|全体|各)?(?:业主|产权人|权利人|购房人|购房者|买受人|买方|卖方|户主|房主|房东|住户|本人|本户|承租人|租户|使用人|共有人|被安置人|被拆迁人|拆迁户|安置户"
    "|回迁户|甲方|乙方|村民|居民|个人|客户|姓名)(?:姓名|本人)?"
)
_CHANGED: Final = re.compile(
    "(?<=.)(?:变更|更名|改名|过户|转让|赠与|继承|换名)(?:登记)?(?:为|给|到|予|至|成)|(?:^|\\s)原.{2,4}(?:现|，现)|现(?:在)?为"
)
_LATIN_AND: Final = re.compile(f"(?i)\\s(?:and|or)\\s|(?<={HAN})(?:and|or)(?={HAN})")
_SAID_BEHIND: Final = re.compile(  # 张三 女: a word beside a name, or the last letter of one
    "男|女|夫|妻|子|母|父|长子|次子|长女|次女|儿子|女儿|配偶|户主|本人|已婚|未婚|离异|丧偶|已故|故|代|大|小"
)
_WEAK_DOT: Final = re.compile(f"(?<={HAN})\\s*[.．•●∙⋅・･]\\s*(?={HAN})")
_DASH: Final = re.compile(f"(?<={HAN})\\s*[-‐-―−－~～]+\\s*(?={HAN})")
_OTHER_NUMBERS: Final = frozenset({"No", "Nd"})  # ①, ㈠, ²: of lists and of full-width digits
_LATIN_INSIDE: Final = re.compile(f"{HAN}[A-Za-z]+{HAN}")
_END: Final = re.compile(f"(?<={HAN})[.。．]+$")
_STRANGE: Final = re.compile("[^\\w\\s·'’‘`.,\\-]")
_STRANGE_IN_HAN: Final = re.compile("['’‘`.,\\-]")
LONGEST_OF_ONE: Final = 4  # letters of a name with a Chinese surname
_JUSTIFIED: Final = 3  # letters of a name that a writer spreads out: 王 小 明
_ALL_HAN: Final = re.compile(f"{HAN}+")
PROXY: Final = re.compile("代办|代理|委托|监护|联系人|经办|代签|代持")
HAS_HAN: Final = re.compile(HAN)
LATIN: Final = re.compile("[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’‘`. -]*")
DEAD_WORDS: Final = "(?:已经?)?(?:亡故|去世|过世|病故|身故|死亡|逝世|故去)|已故|已亡|故|殁|亡"
DEAD: Final = re.compile(f"(?:{DEAD_WORDS})")


class PeopleRefused(DomainError):
    """A cell of people that can't be read in one way only."""


def refuse(code: str, message: str) -> PeopleRefused:
    """Make a refusal of a cell of people."""
    return PeopleRefused(message, code=code)


def person_name(piece: str, rules: dict[str, None]) -> str:
    """Check that a piece is the name of one person, and mend how it is written."""
    if _END.search(piece):
        piece = _END.sub("", piece)
        rules["去掉姓名后的句点"] = None
    if others := _OTHERS.search(piece):
        raise refuse("NAME_OTHERS", f"“{others[0]}”没有写明是谁。请写出每位权利人的姓名，用“、”隔开。")
    if whose := _WHOSE.search(piece):
        raise refuse("NAME_WHO", f"“…{whose[0]}”没有写明是谁。请填写这位权利人自己的姓名。")
    if address := _ADDRESS.search(piece):
        raise refuse("NAME_WHO", f"“{address[0]}”不是姓名的一部分。请填写证件上的姓名。")
    if PROXY.search(piece):
        raise refuse("NAME_WHO", "这里写的是代办、联系情况。请只填权利人证件上的姓名。")
    if _ROLE.fullmatch(piece):
        raise refuse("NAME_WHO", f"“{piece}”没有写明是谁。请填写证件上的姓名；尚无权利人的整格留空。")
    if _STATE.fullmatch(piece):
        raise refuse(
            "NAME_WHO", "写的不是姓名，是情况说明。请填写权利人证件上的姓名；没有权利人的整格留空，情况写进备注。"
        )
    if _CHANGED.search(piece):
        raise refuse("NAME_WHO", "写的是换了权利人。请只填现在的权利人的姓名，以前的写进备注。")
    if _NICKNAME.fullmatch(piece):
        raise refuse("NAME_WHO", "写的是称呼。请填写证件上的姓名。")
    if any(unicodedata.category(character) in _OTHER_NUMBERS for character in piece):
        raise refuse("NAME_DIGITS", "姓名里有数字。请只填证件上的姓名，号码填到各自的列。")
    if is_not_stated(piece) or is_ditto(piece) or is_truth_word(piece) or DEAD.fullmatch(piece):
        raise refuse("NAME_WHO", "写的不是姓名。请写出每位权利人的姓名，用“、”隔开；没有权利人的整格留空。")
    if not HAS_HAN.search(piece):
        return _latin_name(piece)
    if _NO_NAME.search("".join(piece.split())):
        raise refuse(
            "NAME_WHO", "写的不是姓名，是情况说明。请填写权利人证件上的姓名；没有权利人的整格留空，情况写进备注。"
        )
    if "·" not in piece and _OF_A_PLACE.fullmatch(piece):
        raise refuse("NAME_WHO", "写的是地名。权利人是单位的请填写全称，如“…村民委员会”；是个人的请填写证件上的姓名。")
    return _han_name(piece, rules)


def _latin_name(piece: str) -> str:
    parts = [part.strip() for part in piece.split(",")]
    if _LATIN_AND.search(piece):
        raise between()
    if not all(LATIN.fullmatch(part) for part in parts) or len(re.sub("[^A-Za-zÀ-ɏ]", "", piece)) < 2:
        raise refuse("NAME_SIGNS", "有姓名中没有的符号。请填写证件上的姓名。")
    return clean_person_name(", ".join(parts))


def _han_name(piece: str, rules: dict[str, None]) -> str:
    if _DASH.search(piece) or _LATIN_AND.search(piece) or _LATIN_INSIDE.search(piece):
        raise between()
    if _WEAK_DOT.search(piece):
        sides = [side.strip() for side in re.split("[.．•●∙⋅・･]", piece)]
        if len(sides) == 2 and all(is_common_name(side) for side in sides):
            raise between()
        piece = _WEAK_DOT.sub("·", piece)
        rules["间隔号改为“·”"] = None
    dotted = clean_person_name(piece)
    if "·" in piece or "·" in dotted:
        name = "·".join("".join(side.split()) for side in dotted.split("·") if side.strip())
    else:
        name = _joined(piece, rules)
    is_latin_too = re.search("[A-Za-z]", name) is not None
    if _STRANGE.search(name) or "," in name or (not is_latin_too and _STRANGE_IN_HAN.search(name)):
        raise refuse("NAME_SIGNS", "有姓名中没有的符号。请填写证件上的姓名；几个人的用“、”隔开。")
    if len(name) == 1:
        raise refuse("NAME_WHO", "只有一个字。请填写证件上的全名。")
    _refuse_several(name)
    return clean_person_name(name)


def _joined(piece: str, rules: dict[str, None]) -> str:
    """Close the gaps of a spread-out name; a gap that may part two people is refused."""
    parts = piece.split()
    name = "".join(parts)
    if len(parts) == 1:
        return name
    if len(parts[0]) > 1 and _SAID_BEHIND.fullmatch("".join(parts[1:])):
        raise refuse(
            "NAME_BRACKETS",
            "空格后面的字看不出是名字还是说明。是说明的请写进备注，或加括号，如“（女）”；是名字的请去掉空格。",
        )
    if not all(_ALL_HAN.fullmatch(part) for part in parts):
        raise between()
    first, rest = parts[0], parts[1:]
    is_surname = len(first) == 1 or first in COMPOUND_SURNAMES
    is_spread = all(len(part) == 1 for part in rest)
    short = len(name) <= (_JUSTIFIED + 1 if first in COMPOUND_SURNAMES or len(parts) == 2 else _JUSTIFIED)
    if not (short and ((is_surname and (len(parts) == 2 or is_spread)) or (len(name) <= _JUSTIFIED and is_spread))):
        raise between()
    rules["去掉姓名中的空格"] = None
    return name


def _refuse_several(name: str) -> None:
    """Refuse a name that may be those of several: joined by 和, or one behind the other."""
    for joint in _JOINING.finditer(name):
        left, right = name[: joint.start()], name[joint.end() :]
        if len(left) >= 2 and len(right) >= 2 and left not in COMPOUND_SURNAMES:
            raise between()
        if len(left) == 1 and len(right) == 2 and len(joint[0]) == 1 and right[0] in COMMON_SURNAMES:
            raise between()
    if "·" in name or len(name) < 4 or name[:2] in COMPOUND_SURNAMES:
        return
    if _are_names(name) or (len(name) > LONGEST_OF_ONE and name[0] in COMMON_SURNAMES and _ALL_HAN.fullmatch(name)):
        raise between()


def is_unusual(name: str) -> bool:
    """Tell whether a Han name begins with no surname, or is longer than names are: it may be a word, or several names.

    Names of some peoples are so, written without dots; who sends the list looks at them.
    """
    if "·" in name or not _ALL_HAN.fullmatch(name):
        return False
    return (name[0] not in SURNAMES and name[:2] not in COMPOUND_SURNAMES) or len(name) > LONGEST_OF_ONE


@lru_cache(maxsize=4096)
def _are_names(text: str) -> bool:
    """Tell whether a text can be parted into two or more ordinary names of two or three characters."""
    if text[0] not in COMMON_SURNAMES:
        return False
    for size in (2, 3):
        rest = text[size:]
        if rest and (is_common_name(rest) or (len(rest) > 3 and _are_names(rest))) and text[1] not in COMMON_SURNAMES:
            return True
    return False


def is_common_name(text: str) -> bool:
    """Tell whether a text looks like an ordinary name: a common surname, and one or two characters behind it."""
    return 2 <= len(text) <= 3 and text[0] in COMMON_SURNAMES and _ALL_HAN.fullmatch(text) is not None


def between() -> PeopleRefused:
    """Make the refusal of what may be one person or several: the choice is the sender's."""
    return refuse(
        "NAME_SEVERAL",
        "看不出是一个人还是几个人。是几个人的请用“、”隔开；是一个人的请按证件写，中间不要空格和连接符号，民族姓名用“·”。",
    )
