"""Whether a ticket is about certificates at all: tickets of other matters are kept out, and the rule says why."""

import re
from dataclasses import dataclass
from typing import Final

_OTHER_PAPERS: Final = re.compile(
    "居住证|身份证|结婚证|离婚证|毕业证|学位证|驾驶证|行驶证|残疾证|老年证|准生证|出生证|学生证|健康证|暂住证|养?[狗犬]办?证|养犬登记|通行证|停车证"
    "|出入证|工作证|资格证|职称证|许可证|营业执照|图书证|护照|签证|婚姻登记|户口登记|证明材料|证据|保证|验证|认证|公证|证券|凭证|佐证"
    "|产权(?:单位|方|人|纠纷|年限|到期)|不动产(?=登记(?:事务)?(?:中心|大厅|窗口))|(?:宅基地|承包地|承包经营权)[^,。;]{0,6}(?:确权|登记|证)"
)
_STRONG: Final = re.compile(
    "房产证|房屋?产权|房本|房照|房证|产证|产权|不动产|大红本|红本|红书|红证|大证|小证|办本|本子下|下本|土地证|土地使用权证|两证|双证|确权|权属"
    "|首次登记|初始登记|转移登记|预告登记|现房登记|房屋登记|登记办?难|办证|发证|领证|拿证|出证|没证|无证|有证|证没|证还没|证件?办|办[^,。;]{0,6}证|证[^,。;明]{0,4}下来"
    "|(?<!保)证(?!明|据|实|监|书法)[^,。;明]{0,6}(?:没(?!收)|未|不给|不发|拖)|[没无]有?(?:任何)?证件?"
    "|证到底|证什么时候|证何时|证一直|证迟迟|过不了户|[没未不无法能给]{1,3}(?:办理?)?过户|过户[^,。;]{0,6}[没未不难]"
)
_RELATED: Final = re.compile(
    "契税|维修[基资]金|竣工验收|竣工备案|规划核?验收?|消防验收|网签|土地抵押|解押|在建工程抵押|五证|历史遗留|手续不全|大确权|遗留问题|登记中心|落户要"
)
_DONE: Final = re.compile(
    "(?:证书?|房本|红本|产权|登记|过户|房照)[^,。;!?]{0,6}(?:已经?|早已?|早就|都)(?:经|就)?(?:办|拿|取|领|下|有|到|齐)"
    "|(?:证书?|房本|红本|房照)[^,。;!?]{0,3}(?:办好|办完|办妥|办了|到手|齐全|拿到了|下来了|领了)"
    "|(?:拿着|凭着?|持有?|带着|带上|出示|提供|提交|携带|查看)[^,。;!?]{0,6}(?:房产证|房本|产权证|不动产权?证|红本)"
    "|(?:已经?|早已|早就)(?:办理?|取得|领取?|拿到?|有)[^,。;!?]{0,6}(?:房产证|房本|产权|不动产|红本|登记|证)"
    "|(?<!没)(?<!未)(?<!具)有(?:房产证|房本|产权证|不动产权?证|红本)"
    "|(?:房产证|产权证|不动产权?证书?|房本|红本)(?:丢|遗失|补办|换证|[上里][的面]?(?:名字|姓名|地址|面积|用途|年限|信息)|复印|抵押贷款|原件|加名)"
    "|不是(?:要|问|因为)?[^,。;]{0,6}(?:办证|房产证|产权|证)|(?:办证|房产证|产权证?|证)[^,。;]{0,6}(?:无关|没关系|不相干)"
)
_NOT_YET: Final = re.compile("没|未|不|无|难|何时|什么时候|啥时|迟迟|能否")
_TOPICS: Final = re.compile(
    "停车|车位|占车|乱停|噪音|噪声|扰民|供暖|暖气|供热|不热|漏水|漏雨|渗水|渗漏|返水|物业费|物业服务|物业公司|物业不|换物业|选物业|业委会|电梯|垃圾"
    "|异味|气味|反味|臭|路灯|照明|路面|违建|违章建筑|私搭|宠物|遛狗|狗叫|流浪|广场舞|油烟|占道|摊贩|绿化|树木|树枝|草坪|门禁|停水|停电|断水|断电|水压|水质|自来水"
    "|充电桩|电动车|飞线|下水|管道|堵塞|污水|消防通道|灭火|消火栓|健身|红绿灯|斑马线|公交|地铁|快递|外卖|入学|上学|学区|学位|片区|报名|幼儿园|疫苗|核酸|低保|医保|社保"
    "|养老|老年餐|施工|工地|扬尘|工资|欠薪|燃气|天然气|网络|宽带|信号|基站|蚊|老鼠|蟑螂|监控|高空抛物|群租|出租房|装修|外墙|墙皮|保温|楼道|堆物|杂物|坑洼|积水|排水"
    "|井盖|护栏|道路|拥堵|堵车|小广告|诈骗|培训|退款|退费|游泳|商铺转租|加装|无障碍|坡道|围墙|大门|快递柜|信箱|烟花|焚烧|服务态度|态度[差恶不]|超市|菜市场|饭店|餐馆|治安|被盗|打架|居住证"
)
_CLAUSE: Final = re.compile("[|,。;!?、:\n]")


@dataclass(frozen=True, slots=True)
class MatterFound:
    """Whether a ticket is ours, and the words that say so; `is_sure` where it says certificates outright."""

    is_ours: bool
    is_sure: bool
    reason: str


def matter_of(folded: str) -> MatterFound:
    """Tell whether a folded text asks for certificates; what is settled, or another paper, is no such asking."""
    topic, rest, settled = _TOPICS.search(folded), _OTHER_PAPERS.sub("", folded), ""
    for clause in _CLAUSE.split(folded):
        bare = _OTHER_PAPERS.sub("", clause)
        said = _STRONG.search(bare)
        if said is None:
            continue
        done = _DONE.search(bare)
        if done is None or (
            _NOT_YET.search(bare.replace(done[0], "", 1).replace("不动产", "")) and _TOPICS.search(clause) is None
        ):
            return MatterFound(True, True, f"文中写有“{said[0]}”")
        settled = done[0]
    if (related := _RELATED.search(rest)) and topic is None and not settled:
        return MatterFound(True, False, f"文中写有“{related[0]}”")
    if topic is not None:
        told = f"，证件方面写的是“{settled}”" if settled else ""
        return MatterFound(False, True, f"文中反映的是“{topic[0]}”，没有要求办证{told}")
    if settled:
        return MatterFound(False, True, f"证件已有着落（“{settled}”），没有要求办证")
    return MatterFound(False, False, "文中没有提到办证、产权或登记")
