"""The people of a cell: one reading or a refusal with the choice, never a guess."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.masking import mask_name
from registry.kernel.people import (
    MaskedPeople,
    NotStated,
    People,
    PersonKind,
    check_whole,
    format_share,
    mask_people,
    read_people,
)

READ = {  # what is written: the people, `name=share<note>`, an organisation in brackets
    "张三": "张三", "徐振忠": "徐振忠", "张 三": "张三", "张　三": "张三", "张三 ": "张三", " 张三": "张三", "张\u200b三": "张三",
    "王 小 明": "王小明", "马 云": "马云", "司马 懿": "司马懿", "欧阳 修文": "欧阳修文", "欧阳 修 文": "欧阳修文", "欧阳修文": "欧阳修文",
    "诸葛亮": "诸葛亮", "陈李佳慧": "陈李佳慧", "次仁多吉": "次仁多吉", "𫖯龑": "𫖯龑", "张和平": "张和平", "欧阳和平": "欧阳和平",
    "郑和": "郑和",
    "王及时": "王及时", "李国局": "李国局", "赵测甲": "赵测甲",
    "阿卜杜拉·吐尔逊": "阿卜杜拉·吐尔逊", "阿卜杜拉．吐尔逊": "阿卜杜拉·吐尔逊", "阿卜杜拉•吐尔逊": "阿卜杜拉·吐尔逊",
    "阿卜杜拉.吐尔逊": "阿卜杜拉·吐尔逊",
    "阿卜杜拉・吐尔逊": "阿卜杜拉·吐尔逊", "阿卜杜拉 · 吐尔逊": "阿卜杜拉·吐尔逊", "张三·李四": "张三·李四", "李·约翰": "李·约翰",
    "SMITH, JOHN": "SMITH, JOHN", "JOHN SMITH": "JOHN SMITH", "ＪＯＨＮ　ＳＭＩＴＨ": "JOHN SMITH", "O’NEIL PATRICK": "O’NEIL PATRICK",
    "José María": "José María", "J. R. Fox": "J. R. Fox", "Anne-Marie Li": "Anne-Marie Li", "Maxx Fox": "Maxx Fox",
    "张三、李四": "张三+李四", "张三，李四": "张三+李四", "张三,李四": "张三+李四", "张三;李四": "张三+李四",
    "张三；李四": "张三+李四", "张三|李四": "张三+李四",
    "张三｜李四": "张三+李四", "张三\\李四": "张三+李四", "张三+李四": "张三+李四", "张三&李四": "张三+李四",
    "张三＆李四": "张三+李四", "张三/李四": "张三+李四",
    "张三／李四": "张三+李四", "张三\n李四": "张三+李四", "张三\r\n李四": "张三+李四", "张三\t李四": "张三+李四",
    "张三、 李四、王五": "张三+李四+王五",
    "张三、": "张三", "、张三": "张三", "张三,JOHN SMITH": "张三+JOHN SMITH", "SMITH, JOHN; DOE, JANE": "SMITH, JOHN+DOE, JANE",
    "张三(1/2)、李四(1/2)": "张三=1/2+李四=1/2", "张三50%、李四50%": "张三=1/2+李四=1/2", "张三５０％、李四５０％": "张三=1/2+李四=1/2",
    "张三（二分之一）、李四（二分之一）": "张三=1/2+李四=1/2", "张三½、李四½": "张三=1/2+李四=1/2",
    "张三占1/2，李四占1/2": "张三=1/2+李四=1/2",
    "张三:1/3;李四:2/3": "张三=1/3+李四=2/3", "张三（份额1/4）、李四（份额3/4）": "张三=1/4+李四=3/4",
    "张三 1/2 李四 1/2": "张三=1/2+李四=1/2",
    "张三(1/2)李四(1/2)": "张三=1/2+李四=1/2", "张三、李四各占50%": "张三=1/2+李四=1/2", "张三、李四（各1/2）": "张三=1/2+李四=1/2",
    "张三33.33%、李四33.33%、王五33.34%": "张三=33.33%+李四=33.33%+王五=33.34%", "张三(1/2)、李四(1/2)共同共有": "张三=1/2+李四=1/2",
    "张三、李四共同共有": "张三+李四", "张三（1/2）": "张三=1/2", "张三（100%）": "张三=1",
    "张三（0.5）、李四（0.5）": "张三=1/2+李四=1/2",
    "张三（已故）": "张三<已故>", "张三(已去世)": "张三<已故>", "张三已故": "张三<已故>", "张三已去世": "张三<已故>",
    "已故张三": "张三<已故>", "张三 （已故）": "张三<已故>",
    "张三（已故）、李四": "张三<已故>+李四", "张三（曾用名：张四）": "张三<曾用名：张四>", "张三（曾用名张四）": "张三<曾用名：张四>",
    "张三（原名:张四、户主）": "张三<原名：张四；户主>",
    "张三（户主）、李四（配偶）": "张三<户主>+李四<配偶>", "户主:张三": "张三<户主>", "夫：张三 妻：李四": "张三<夫>+李四<妻>",
    "张三（女）": "张三<女>", "张三（1/2、配偶）、李四（1/2）": "张三=1/2<配偶>+李四=1/2",
    "北京甲乙房地产开发有限公司": "[北京甲乙房地产开发有限公司]", "北京甲（集团）有限公司": "[北京甲（集团）有限公司]",
    "甲房地产开发(北京)有限公司、张三": "[甲房地产开发（北京）有限公司]+张三",
    "北京甲有限公司(1/2)、张三(1/2)": "[北京甲有限公司]=1/2+张三=1/2", "中和置业有限公司": "[中和置业有限公司]",
    "甲乙村村民委员会": "[甲乙村村民委员会]",
    "朝阳区管庄乡政府": "[朝阳区管庄乡政府]", "幸福小区业委会": "[幸福小区业委会]",
    "北京市朝阳区住房保障局": "[北京市朝阳区住房保障局]", "ABC Co., Ltd.": "[ABC Co., Ltd.]",
    "张三、妻李四": "张三+李四<妻>", "户主张三": "张三<户主>", "买受人 张三": "张三<买受人>",
    "丈夫：张三 妻子：李四": "张三<丈夫>+李四<妻子>",
    "丈夫：张三、妻子：李四": "张三<丈夫>+李四<妻子>", "张三（夫）李四（妻）": "张三<夫>+李四<妻>", "个体工商户张三": "张三<个体工商户>",
    "张三(占1/3)李四(占2/3)": "张三=1/3+李四=2/3", "张三60%李四40%": "张三=3/5+李四=2/5", "张三1/2李四1/2": "张三=1/2+李四=1/2",
    "张三=1/2、李四=1/2": "张三=1/2+李四=1/2", "张三0.5、李四0.5": "张三=1/2+李四=1/2", "张三.": "张三", "张三。": "张三",
    "单元": "单元", "王新村": "王新村", "李继承": "李继承", "王同意": "王同意",
    "甲公司": "[甲公司]", "甲合作社": "[甲合作社]", "房管局": "[房管局]", "国管局": "[国管局]", "市住建委": "[市住建委]",
    "区政府": "[区政府]",
    "下马坊村集体": "[下马坊村集体]", "解放军32011部队": "[解放军32011部队]", "甲餐饮店": "[甲餐饮店]",
    "北京甲有限公司 朝阳分公司": "[北京甲有限公司朝阳分公司]", "北京甲有限公司工会": "[北京甲有限公司工会]",
    "甲（香港）有限公司、张三": "[甲（香港）有限公司]+张三",
    "万达集团": "[万达集团]", "张三百货商店": "[张三百货商店]", "北京 甲乙 有限公司": "[北京甲乙有限公司]",
    "北京甲房地产": "[北京甲房地产]", "甲小学": "[甲小学]", "甲医院": "[甲医院]", "甲厂": "[甲厂]", "甲商贸": "[甲商贸]",
    "甲置业": "[甲置业]",
    "北京华联商贸": "[北京华联商贸]", "中铁建工": "[中铁建工]", "朝阳区城管": "[朝阳区城管]", "管庄街道": "[管庄街道]",
    "阿卜杜拉ㆍ吐尔逊": "阿卜杜拉·吐尔逊", "张国有": "张国有", "王自建": "王自建", "王建设": "王建设", "李学会": "李学会", "张女": "张女",
    "张 女": "张女", "赵C": "赵C", "阿拉坦其其格": "阿拉坦其其格", "李秀娘": "李秀娘",
}  # fmt: skip
REFUSED = {
    "NAME_SEVERAL": (
        "张三 李四", "张三　　李四", "张三和李四", "张三与李四", "张三及李四", "张三以及李四", "张三 和 李四", "张三、李四和王五",
        "张和李四", "张三李四", "张三李四王五",
        "张 三 李 四", "买买提 吐尔逊", "张三-李四", "张三—李四", "张三.李四", "张三 SMITH", "SMITH/JOHN", "SMITH, JOHN, DOE, JANE",
        "John and Mary", "张三及其配偶李四", "张三and李四",
        "甲乙有限公司和丙丁有限公司", "JOHN SMITH, MARY SMITH", "甲公司 乙公司", "北京甲有限公司 张三", "北京甲有限公司张三", "张三vs李四",
        "刘备关羽张飞", "张三Zhang San",
    ),
    "NAME_OTHERS": ("张三等3人", "张三等三人", "张三等", "张三 等", "张三等共3人", "张三三人"),
    "NAME_WHO": ("张三之女", "张三的儿子", "张三夫妇", "张三家属", "张三之妻", "张先生", "张三女士", "张", "已故", "张三、未知",
                 "业主", "产权人", "全体业主", "本人", "户主", "业主姓名", "张三变更为李四", "原张三现李四", "张三过户给李四",
                 "张三遗产", "业主甲", "租户张三", "张三个体工商户", "小张", "老王", "王奶奶", "抵押", "查封", "回迁", "安置房",
                 "样板间", "公租房",
                 "公共配套", "人防", "政府回购", "法院拍卖", "见附件", "失联", "拒签", "不配合", "联系不上", "无身份证",
                 "李四身份证未提供", "测试",
                 "下马坊村", "李家庄", "军队", "村委会",
                 "公摊", "已搬走", "出国", "外地", "国有", "私人", "退房", "已退房", "作废", "继承中", "自住", "张三他妈", "张三母"),
    "NAME_BRACKETS": ("张三（李测乙）", "（李测乙）", "张三（19900000000）", "张三（代办李四）", "张三（监护人李四）", "张三（回迁）",
            "北京甲房地产公司（未售）",
    "张三（", "张三 女", "张三　男", "张三 配偶"),
    "NAME_SHARES": ("张三(1/3)、李四(1/2)", "张三(1/3)、李四", "张三（3/2）", "张三33%、李四33%、王五33%", "张三(1/2)、李四各占1/2"),
    "NAME_DITTO": ("同上", "〃", "″", "\"", "同前", "（同上）", "々"),
    "NAME_KIND": ("是", "TRUE", "否", "√", "有", "true"),
    "NAME_MASKED": ("张三、李*", "张*、李四"),
    "NAME_DIGITS": ("张三1", "张三199000", "3人", "张三①", "①张三②李四"),
    "NAME_SIGNS": ("张三?", "张三！", "A"),
    "NAME_TWICE": ("张三、张三",),
    "CTRL_CHAR": ("张\u202e三",),
}  # fmt: skip
NOT_STATED = (
    "", " ", "　", "/", "-", "—", "——", "0", "？", "??", "无", "暂无", "未知", "不详", "空置", "未售", "待定", "待补", "开发商",
    "开发商未售", "未售（开发商）", "（空置）", "空置（未售）",
    "尚未出售", "剩余", "剩余房源", "尾房", "机动房", "空白", "暂无信息", "自留", "本公司", "N/A", "null", "未签约", "无权利人", "未选房",
)  # fmt: skip
MASKED = {
    "张*": "张*", "张**": "张**", "张＊": "张*", "*三": "*三", "朱*戊": "朱*戊", "张x": "张*", "张xx": "张**", "张××": "张**",
    "张ＸＸ": "张**", "张某": "张*", "张某某": "张**",
    "某某": "**", "XXX": "***", "J*** *****": "J*** *****", "买*买·***": "买*买·***", "张●三": "张*三",
    "〇〇": "**", "张口口": "张**", "囗囗": "**",
}  # fmt: skip


def said(read: object) -> str:
    assert isinstance(read, People)
    words = []
    for person in read.people:
        name = f"[{person.name}]" if person.kind is PersonKind.ORGANISATION else person.name
        share = "" if person.share is None else f"={format_share(person.share)}"
        words.append(name + share + (f"<{person.note}>" if person.note else ""))
    return "+".join(words)


def test_there_are_many_examples() -> None:
    assert len(READ) + sum(map(len, REFUSED.values())) + len(NOT_STATED) + len(MASKED) >= 200


@pytest.mark.parametrize("text", READ)
def test_cell_is_read(text: str) -> None:
    assert said(read_people(text)) == READ[text]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts])
def test_cell_is_refused_with_the_choice_to_make(code: str, text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_people(text)
    assert refusal.value.code == code
    assert "请" in refusal.value.message
    assert "张三" not in refusal.value.message, "a message is kept and shown: nobody's name stands in it"


@pytest.mark.parametrize("text", NOT_STATED)
def test_placeholder_is_not_stated(text: str) -> None:
    assert isinstance(read_people(text), NotStated)


@pytest.mark.parametrize("text", MASKED)
def test_mask_is_no_name(text: str) -> None:
    assert read_people(text) == MaskedPeople((MASKED[text],))


def test_what_was_mended_is_said() -> None:
    assert read_people("张三、李四") == read_people("张三、李四")
    rules = {text: read.rules for text in READ if isinstance(read := read_people(text), People)}
    assert rules["张三"] == rules["张三、李四"] == rules["SMITH, JOHN"] == ()
    assert rules["张 三"] == ("去掉姓名中的空格",)
    assert rules["张三 "] == ("规整姓名的写法",)
    assert rules["阿卜杜拉.吐尔逊"] == ("间隔号改为“·”",)
    assert rules["张三;李四"] == ("分开记录各权利人",)
    assert all(
        rules[text] for text in READ if text != "、".join(READ[text].replace("[", "").replace("]", "").split("+"))
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张 三", "张 *"), ("张三（已故）", "张*（已故）"), ("张三(1/2)、李四(1/2)", "张*(1/2)、李*(1/2)"), ("张三50%", "张*50%"),
        ("张三（曾用名：张四）", "张*（曾用名：张*）"), ("SMITH, JOHN", "S****, J***"), ("张三（李测乙）", "张*（李**）"),
    ],
)  # fmt: skip
def test_cell_is_masked_as_it_was_written(text: str, shown: str) -> None:
    assert mask_people(text) == shown


def test_shares_of_a_home_make_up_the_whole() -> None:
    check_whole([None, None])
    check_whole([Fraction(1, 3), Fraction(2, 3)])
    for wrong in ([Fraction(1, 2), None], [Fraction(1, 2)], [Fraction(2, 3), Fraction(2, 3)]):
        with pytest.raises(DomainError, match="份额"):
            check_whole(list(wrong))


SURNAMES = st.sampled_from("王李张刘陈")
GIVEN = st.text(st.sampled_from("测甲乙丙丁戊"), min_size=1, max_size=2)
NAMES = st.lists(st.builds(str.__add__, SURNAMES, GIVEN), min_size=1, max_size=5, unique=True)
CERTAIN = st.sampled_from(["、", ";", "；", ",", "，", "|", "\\", "+", "&", "/", "\n", " 、 ", "； "])


@given(NAMES, CERTAIN)
def test_certain_separators_part_the_same_people(names: list[str], sign: str) -> None:
    read = read_people(sign.join(names))
    assert isinstance(read, People)
    assert read.names == tuple(names)


@given(NAMES, st.data())
def test_shares_come_back_as_they_were_given(names: list[str], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(names), max_size=len(names)))
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    text = "、".join(
        f"{name}（{share.numerator}/{share.denominator}）" for name, share in zip(names, shares, strict=True)
    )
    read = read_people(text)
    assert isinstance(read, People)
    assert [person.share for person in read.people] == shares


@given(st.text(st.sampled_from("王李张三四和与、 ,;(1/2)（已故）等人同上*xJo公司空置0\t\n·."), max_size=14))
def test_what_is_read_reads_the_same_again(text: str) -> None:
    try:
        read = read_people(text)
    except DomainError as refusal:
        said = refusal.message
    else:
        said = "请"
    assert "请" in said
    if said == "请" and isinstance(read, People):
        again = read_people("、".join(read.names))
        assert isinstance(again, People)
        assert again.names == read.names
        assert not any(set(name) & set("、;|（）*/0123456789\n") for name in read.names if "公司" not in name)


@given(st.builds(str.__add__, SURNAMES, GIVEN))
def test_our_own_mask_is_a_mask(name: str) -> None:
    read = read_people(mask_name(name))
    assert isinstance(read, MaskedPeople)
    assert read.masks == (mask_name(name),)
