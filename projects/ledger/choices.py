"""Code lists of the books."""

from collections.abc import Callable
from typing import Final

from django.db import models

from registry.kernel.settings import Reach, SettingKind, SettingSpec
from registry.kernel.stages import FUND_USES, HousingType, Standing, Use


def labelled(enum: object) -> list[tuple[str, str]]:
    """Turn a kernel enum with labels into field choices."""
    return [(item.value, item.label) for item in enum]  # type: ignore[attr-defined]


USES = labelled(Use)
STANDINGS = labelled(Standing)
HOUSING_TYPES = labelled(HousingType)


class ProjectStatus(models.TextChoices):
    """The road of a project, in order; the last is reached when every unit is issued or explained."""

    TAKEN_IN = "taken_in", "纳入"
    ASSESSED = "assessed", "研判"
    RESOLVING = "resolving", "化解"
    REGISTERED = "registered", "首登"
    ISSUING = "issuing", "办证"
    ZEROED = "zeroed", "清零"
    CLOSED = "closed", "销号"


class AliasKind(models.TextChoices):
    REGISTERED = "registered", "登记名"
    MARKETING = "marketing", "推广名"
    FORMER = "former", "曾用名"
    NICKNAME = "nickname", "俗称"
    ADDRESS = "address", "地址范围"
    BUILDING_NUMBERS = "building_numbers", "楼号编法"
    FORMER_CODE = "former_code", "原编号"


class DeveloperCondition(models.TextChoices):
    OPERATING = "operating", "存续"
    REVOKED = "revoked", "吊销"
    DISSOLVED = "dissolved", "注销"
    BANKRUPT = "bankrupt", "破产清算"
    UNREACHABLE = "unreachable", "失联"


class ApplicantKind(models.TextChoices):
    """Who applies in place of a developer that is gone or does not act."""

    SUCCESSOR = "successor", "承继主体"
    AGENT = "agent", "代办主体"


class NameScheme(models.TextChoices):
    CONSTRUCTION = "construction", "施工"
    SALES = "sales", "销售"
    POLICE = "police", "公安"
    SURVEY = "survey", "测绘"


class AgreementKind(models.TextChoices):
    PURCHASE = "purchase", "买卖合同"
    RESETTLEMENT = "resettlement", "安置协议"
    REFORM = "reform", "房改售房合同"
    POOLED = "pooled", "集资协议"
    OTHER = "other", "其他"


class IdentityKind(models.TextChoices):
    RESIDENT = "resident", "居民身份证"
    MILITARY = "military", "军官证"
    HK_MACAO = "hk_macao", "港澳居民来往内地通行证"
    TAIWAN = "taiwan", "台湾居民来往大陆通行证"
    PASSPORT = "passport", "护照"
    ORGANISATION = "organisation", "统一社会信用代码"
    OTHER = "other", "其他"


class HolderRole(models.TextChoices):
    SIGNED = "signed", "签约人"
    APPLICANT = "applicant", "申请人"
    REGISTERED = "registered", "登记权利人"


class MoveKind(models.TextChoices):
    OPENING = "opening", "入账"
    ADVANCE = "advance", "办理"
    BACK = "back", "退回"
    CORRECTION = "correction", "更正"
    STANDING = "standing", "状态变更"
    USE = "use", "用途变更"
    PLACEMENT = "placement", "归属变更"
    RETIREMENT = "retirement", "核销"


PREFIX: Final = "project.prefix"
CUT_OFF: Final = "scope.cut_off"  # 2025 joint notice: built and sold by then
CITY_NAME: Final = "city.name"
SETTINGS: Final = (
    SettingSpec(
        CITY_NAME,
        "本市",
        "本市名称",
        SettingKind.TEXT,
        lambda area: "",
        most=20,
        hint="写全称，如“××市”，印在通知书房屋坐落的区名之前；不设置的自区名写起",
    ),
    SettingSpec(
        CUT_OFF,
        "纳入范围",
        "建成售出截止日期",
        SettingKind.DAY,
        lambda area: "2024-12-31",
        hint="晚于该日建成售出的项目不予纳入",
    ),
    SettingSpec(
        PREFIX,
        "项目编号",
        "新项目编号的前缀",
        SettingKind.TEXT,
        lambda area: "XM",
        Reach.ORGANS,
        most=8,
        hint="纳入项目时按它给出下一个空号，如XM-0001；可改填",
    ),
)

# The fund is for dwellings; whether shops and places in the same estate pay too is the district's to say (Measures of
# 2007 on the special maintenance fund of dwellings, articles 3 and 7).
FUND_OF_USE: Final[dict[Use, str]] = {use: f"fund.{use.value}" for use in Use}


def _pays(use: Use) -> Callable[[str], bool]:
    return lambda area: use in FUND_USES


FUND_SETTINGS: Final = tuple(
    SettingSpec(
        name,
        "住宅专项维修资金",
        f"{use.label}交存维修资金",
        SettingKind.YES_NO,
        _pays(use),
        Reach.DISTRICTS,
        hint="登簿前须交清；材料清单、办证通知书的费用和电话答复同此",
    )
    for use, name in FUND_OF_USE.items()
)
