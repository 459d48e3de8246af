"""Code lists of the office."""

from typing import Any, Final

from django.db import models

from projects.ledger.choices import HOUSING_TYPES
from registry.kernel.settings import Reach, SettingKind, SettingSpec
from registry.kernel.stages import HousingType, Use

# Shops, parking places and storage rooms have papers of their own, whatever the housing around them is.
OWN_LISTS = (Use.RETAIL, Use.PARKING, Use.STORAGE)
CHECKLISTS = [*HOUSING_TYPES, *((use.value, use.label) for use in OWN_LISTS)]


class PaperForm(models.TextChoices):
    """What of a paper is kept."""

    ORIGINAL = "original", "收原件"
    COPY = "copy", "收复印件"
    BOTH = "both", "核验原件并收复印件"
    SEEN = "seen", "只核验原件"


class Supplier(models.TextChoices):
    """Who has a paper to give."""

    OWNER = "owner", "权利人"
    DEVELOPER = "developer", "开发建设单位"
    EMPLOYER = "employer", "原产权单位"
    TOWNSHIP = "township", "乡镇、街道"
    TAX = "tax", "税务机关"
    FUND = "fund", "住房资金管理机构"


class FamilyFact(models.TextChoices):
    """What may be so of the people of a home and asks for papers of its own."""

    RESETTLED = "resettled", "安置取得"
    BOUGHT = "bought", "购买取得"
    MARRIED = "married", "夫妻共有"
    INHERITED = "inherited", "继承（已公证或有判决）"
    UNNOTARISED = "unnotarised", "非公证继承"
    MINOR = "minor", "有未成年共有人"
    PROXY = "proxy", "委托他人办理"
    CHANGED = "changed", "家庭内变更权利人"
    SUBSTITUTE = "substitute", "以存档复印件代替原件"


# Told at the counter to whom it concerns (一次告知) or in a row of its own (委托办理): a notice to all keeps to a page.
TOLD_AT_THE_COUNTER: Final = frozenset(
    {FamilyFact.UNNOTARISED, FamilyFact.PROXY, FamilyFact.CHANGED, FamilyFact.SUBSTITUTE}
)

# Conditions of lines that state no fact: the words of the lists as they were first laid.
FACTS_OF_CONDITION: Final = {
    "继承取得": (FamilyFact.INHERITED, FamilyFact.UNNOTARISED),
    "有未成年共有人": (FamilyFact.MINOR,),
    "夫妻共有": (FamilyFact.MARRIED,),
    "村、乡安置": (FamilyFact.RESETTLED,),
}


# Asked about at the counter alone: a notice to a family of which nothing is known yet does not list their papers.
COUNTER_FACTS: Final = frozenset({FamilyFact.UNNOTARISED, FamilyFact.PROXY, FamilyFact.CHANGED, FamilyFact.SUBSTITUTE})


class PaperState(models.TextChoices):
    """What became of a paper at a visit."""

    TAKEN = "taken", "已收"
    SEEN = "seen", "已核验"
    LACKS = "lacks", "缺"


class ScanOutcome(models.TextChoices):
    """What became of a scanned code."""

    FOUND = "found", "已找到"
    AGAIN = "again", "重复扫码"
    FOREIGN = "foreign", "不是本项目的"
    UNKNOWN = "unknown", "不能识别"


class ExtraTrip(models.TextChoices):
    """Why a family had to come again."""

    LACKED = "lacked", "补交上次告知的材料"
    NOT_TOLD = "not_told", "上次未告知的材料"
    RULE = "rule", "材料要求有变化"
    CHANGED = "changed", "家庭情况有变化"
    RETURNED = "returned", "登记中心退回补正"
    SYSTEM = "system", "窗口停网、系统故障"
    CLAIM = "claim", "领取证书"
    OTHER = "other", "其他"


# Trips that the work itself needs: fetching the certificate is no extra one.
NEEDED_TRIPS: Final = frozenset({ExtraTrip.CLAIM.value})
OWN_FAULTS: Final = frozenset({ExtraTrip.NOT_TOLD.value, ExtraTrip.SYSTEM.value})


def checklist_code(housing_type: str, use: str) -> str:
    """Name the checklist of a unit: by its use if that has one of its own, else by the housing type."""
    return use if use in {one.value for one in OWN_LISTS} else housing_type


# What the district sets for its office, and what notices print of it. The fees are those of the state's list, whose
# document numbers are printed beside them; a reduction is its own figure.
FEE_GROUP, OFFICE_GROUP = "登记费", "驻场办证服务"


def _number(name: str, group: str, label: str, default: int, unit: str, most: int, hint: str = "") -> SettingSpec:
    return SettingSpec(
        name, group, label, SettingKind.NUMBER, lambda area: default, Reach.ORGANS, unit=unit, most=most, hint=hint
    )


def _yes_no(name: str, group: str, label: str, default: bool, hint: str = "") -> SettingSpec:
    return SettingSpec(name, group, label, SettingKind.YES_NO, lambda area: default, Reach.ORGANS, hint=hint)


def _text(name: str, group: str, label: str, default: str, hint: str = "") -> SettingSpec:
    return SettingSpec(name, group, label, SettingKind.TEXT, lambda area: default, Reach.ORGANS, most=60, hint=hint)


FEE_SETTINGS: Final = (
    _number("fee.dwelling", FEE_GROUP, "住宅登记费", 80, "元／件", 10_000),
    _number("fee.affordable", FEE_GROUP, "经济适用房登记费", 0, "元／件", 10_000, "0为免收"),
    _number("fee.resettlement", FEE_GROUP, "安置房登记费", 80, "元／件", 10_000, "棚户区改造安置住房免收的填0"),
    _number("fee.other", FEE_GROUP, "商业、配套用房登记费", 550, "元／件", 10_000),
    _number("fee.parking", FEE_GROUP, "车位、储藏间登记费", 80, "元／件", 10_000),
    _number("fee.copy", FEE_GROUP, "第二本证书起每本工本费", 10, "元", 1_000),
    _text("fee.basis", FEE_GROUP, "登记费依据文号", "发改价格规〔2016〕2559号", "印在办证通知书的费用之下"),
)
OFFICE_SETTINGS: Final = (
    _text("office.hours", OFFICE_GROUP, "服务时间", "9:00—11:30，13:30—17:00"),
    _text("office.place", OFFICE_GROUP, "服务点名称、地址", "", "电话答复用；不设置的说驻场办证服务点"),
    _text("office.phone", OFFICE_GROUP, "咨询电话", "", "电话答复的收尾用；不设置的不念"),
    _number("office.callback", OFFICE_GROUP, "来电人不满意的，回电时限", 0, "个工作日", 60, "0为不承诺"),
    _text("office.registry", OFFICE_GROUP, "不动产登记机构名称", "不动产登记机构"),
    _text("office.signing", OFFICE_GROUP, "授权委托书当面签署地点", "不动产登记机构或其驻场窗口"),
    _number("notice.first", OFFICE_GROUP, "办证通知书出具后几个工作日起办理", 5, "个工作日", 60),
    _number("notice.days", OFFICE_GROUP, "办证办理时间", 22, "个工作日", 250),
    _yes_no(
        "claim.all", OFFICE_GROUP, "领证时共有人均须到场", True, "印在领证通知书上；否则由一人领取，其余出具授权委托书"
    ),
    _number("claim.first", OFFICE_GROUP, "领证通知书出具后几个工作日起领取", 3, "个工作日", 60),
    _number("office.windows", OFFICE_GROUP, "窗口数", 3, "个", 50),
    _number("office.slot", OFFICE_GROUP, "每窗口每半小时预约户数", 2, "户", 20),
    _number("office.clerks", OFFICE_GROUP, "窗口人员", 3, "人", 100),
    _number("office.daily", OFFICE_GROUP, "每人每日接待户数", 9, "户", 60, "通常8—10户"),
    _number(
        "office.reveals",
        OFFICE_GROUP,
        "窗口人员每日另可查看完整信息",
        0,
        "次",
        200,
        "预约到窗口、扫码的家庭各计1次，不占此数",
    ),
    _number("claim.days", OFFICE_GROUP, "领证领取时间", 30, "个工作日", 250),
)
SETTINGS_OF_OFFICE: Final[tuple[SettingSpec, ...]] = (*FEE_SETTINGS, *OFFICE_SETTINGS)
_FEE_OF_USE: Final[dict[Use, str]] = {
    Use.RETAIL: "fee.other",
    Use.ANCILLARY: "fee.other",
    Use.PARKING: "fee.parking",
    Use.STORAGE: "fee.parking",
}
_FEE_OF_HOUSING: Final[dict[str, str]] = {
    HousingType.AFFORDABLE: "fee.affordable",
    HousingType.RESETTLEMENT: "fee.resettlement",
}


def fee_code(housing_type: str, use: str) -> str:
    """Name the setting of a unit's registration fee: by its use, and for a dwelling by the kind of housing."""
    return _FEE_OF_USE.get(Use(use)) or _FEE_OF_HOUSING.get(housing_type, "fee.dwelling")


def fees_of(housing_type: str, use: str, *, tax: str, fund: str, settings: dict[str, Any]) -> list[dict[str, str]]:
    """List what a home pays for its certificate: the fee, the tax, the fund if it owes one; what is settled says so.

    `settings` are those of the district (`FEE_SETTINGS`, `office.registry`); `tax`, `fund` the stages of its tracks.
    """
    name = fee_code(housing_type, use)
    amount, copy = settings[name], settings["fee.copy"]
    label = {spec.name: spec.label for spec in FEE_SETTINGS}[name].removesuffix("登记费")
    rows = [
        {
            "name": f"不动产登记费（{label}）",
            "amount": f"{amount}.00" if amount else "免收",
            "collector": settings["office.registry"],
            "note": f"第二本起每本{copy}元" if amount and copy else "",
        },
        {
            "name": "契税",
            "amount": "已办结" if tax == "settled" else "按核定",
            "collector": "税务机关",
            "note": "" if tax == "settled" else "减免由税务机关核定",
        },
    ]
    if fund:
        rows.append(
            {
                "name": "住宅专项维修资金",
                "amount": "已交清" if fund == "settled" else "按核定",
                "collector": "住房资金管理机构",
                "note": "" if fund == "settled" else "已交存的出示凭证",
            }
        )
    return rows


class TicketState(models.TextChoices):
    """Where a ticket stands."""

    WAITING = "waiting", "等候"
    CALLED = "called", "已叫号"
    SERVING = "serving", "办理中"
    PARKED = "parked", "暂离"
    DONE = "done", "办结"
    NO_SHOW = "no_show", "过号"


class TicketStep(models.TextChoices):
    """A transition of a ticket."""

    TAKEN = "taken", "取号"
    CALLED = "called", "叫号"
    RECALLED = "recalled", "再次叫号"
    STARTED = "started", "到窗口"
    PARKED = "parked", "暂离"
    RESUMED = "resumed", "回到队列"
    TRANSFERRED = "transferred", "转窗口"
    NO_SHOW = "no_show", "过号"
    DONE = "done", "办结"


class BookingEnd(models.TextChoices):
    """What became of an appointment."""

    KEPT = "kept", "已到"
    MISSED = "missed", "未到"
    CANCELLED = "cancelled", "取消"


class CallResult(models.TextChoices):
    """What came of a call."""

    REACHED = "reached", "已通知到"
    NOT_REACHED = "not_reached", "未接通"
    REFUSED = "refused", "拒绝办理"
    WRONG = "wrong", "号码有误"


class Precedence(models.TextChoices):
    """On what published ground a home goes before its turn."""

    SCHOOL = "school", "子女入学"
    AGED = "aged", "高龄"
    ILL = "ill", "患病、残疾"
    COURT = "court", "生效法律文书"
    OTHER = "other", "其他（经研究）"
