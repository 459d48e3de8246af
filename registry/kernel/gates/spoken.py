"""Names that a family understands: of gates, organs, faults, matters of a home, holds. Source: words §4.3.

No code, no number, nothing about other homes; what concerns the developer's debts has no name here, and is not told.
"""

from typing import Final

from registry.kernel.gates.table import Gate
from registry.kernel.stages import Feature, Use

G = Gate
GATE_SPOKEN: Final[dict[Gate, str]] = {
    G.LAND_SUPPLY: "土地手续",
    G.LAND_PLAN_PERMIT: "规划许可手续",
    G.WORKS_PLAN_PERMIT: "规划许可手续",
    G.CONSTRUCTION_PERMIT: "施工手续",
    G.PRESALE_PERMIT: "销售许可手续",
    G.PLANNING_VERIFICATION: "规划核验（核对房子是否按批准的图纸建）",
    G.FIRE: "消防验收",
    G.CIVIL_DEFENCE: "人防工程验收",
    G.COMPLETION_FILING: "竣工验收备案",
    G.SURVEY_REVIEW: "房屋面积测绘成果审核",
    G.CADASTRAL: "给每户编不动产单元号",
    G.FIRST_REGISTRATION: "整栋楼的首次登记",
    G.ACCEPTANCE: "登记机构受理",
    G.RECORDING: "登记机构登记",
}
HOME_SPOKEN: Final[dict[Use, str]] = {
    Use.DWELLING: "您家",
    Use.RETAIL: "您这处商业用房",
    Use.ANCILLARY: "您这处配套用房",
    Use.PARKING: "您的车位",
    Use.STORAGE: "您的储藏间",
}
FEATURE_FAULTS: Final[dict[Feature, str]] = {
    Feature.MEZZANINE: "加建夹层",
    Feature.ALTERED_USE: "擅自改变用途",
}
TYPE_FAULTS: Final[dict[str, str]] = {
    "P02": "超出规划许可建设的部分",
    "P03": "与批准的图纸不一致的部分",
    "P05": "未经批准建设的部分",
    "U09": "未经批准的加建",
}
SEIZED_OR_DISPUTED: Final = frozenset({"E03", "E04"})
_INHERIT: Final = "可以提交死亡证明、亲属关系材料、遗嘱或全部继承人的分配协议（可以不公证），也可以提交公证书、判决书"
_SEIZED: Final = "查封的情况请向查封法院或登记机构查询；解除查封以后，带解除文书来办理。我们不能解除查封"

# By type of a blocker of a home: what it is to the family, and what they do about it.
MATTERS: Final[dict[str, tuple[str, str]]] = {
    "U01": (
        "买卖合同没有网签，或合同原件没有找到",
        "请带现有的合同、收据来；补签、证明由开发建设单位、住房和城乡建设部门办理",
    ),
    "U02": ("购房款或发票还没有对上", "请带付款凭证来核对"),
    "U03": ("住宅专项维修资金没有交存记录", "交过的请带票据来核对；没交的请到交存机构交存"),
    "U04": ("契税还没有核定，或核定后还没有缴", "请到税务窗口办理；符合减免条件的现场核"),
    "U05": (
        "权利人有变化，需要先确认由谁申请",
        "请带继承材料、离婚协议或判决、转让合同来，由登记机构确认",
    ),
    "U06": ("安置协议或选房材料不全", "请到乡镇、街道补协议或开证明"),
    "U07": ("购房资格还没有核验", "由住房和城乡建设部门核验，需要您补材料会通知您"),
    "U08": (
        "此前按登记的电话没有联系上您，或您此前表示暂不办理",
        "请更新联系电话，带身份证到服务点登记，恢复办理",
    ),
    "U09": ("房屋内有未经批准的加建", "请先拆除，并经核验"),
    "U10": ("您的姓名或证件号码和合同上不一致", "请到公安机关开具变更证明"),
    "D03": ("楼号、门牌前后不一致，正在核对", "一般不用您办；有旧门牌证明的请带来"),
    "D04": (
        "实测面积和合同面积有差，差价还没有结清",
        "请与开发建设单位结清，带结清证明来；有异议可以先说明",
    ),
    "E03": ("您名下这处房屋被法院查封", _SEIZED),
    "E04": ("这处房屋有权属争议", "争议解决后请带法律文书或协议来"),
}

# By reason of a hold: the sentence, and what the family does.
HOLDS: Final[dict[str, tuple[str, str]]] = {
    "unreachable": (
        "此前按登记的电话没有联系上您",
        "请更新联系电话，并带身份证到服务点登记，恢复办理",
    ),
    "unwilling": ("您此前表示暂不办理", "想办理时来电或到服务点填一张申请，恢复办理"),
    "dispute": ("这处房屋的权属有争议", "争议解决以后，带生效法律文书或各方协议来办理"),
    "inheritance": ("原权利人去世，继承手续还没有办完", _INHERIT),
    "seizure": ("这处房屋目前被法院查封", _SEIZED),
    "correction": ("还缺材料", "请按补正的要求补交；拿不到的，来服务点商量替代办法"),
    "fund_owed": ("住宅专项维修资金还没有交清", "请到交存机构交存，带交存凭证来"),
}
EXCLUDED_SPOKEN: Final[dict[str, str]] = {
    "duplicate": "重复登记",
    "demolished": "已拆除",
    "out_of_scope": "不属于台账范围",
}
GRAVE_HOLDS: Final = frozenset({"seizure", "dispute"})
