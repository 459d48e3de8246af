"""Code lists of the leads."""

from typing import Final

from django.db import models

from registry.kernel.settings import SettingKind, SettingSpec


class Channel(models.TextChoices):
    """By which way a matter came."""

    HOTLINE = "hotline", "12345热线"
    VISIT = "visit", "信访来访"


class TicketKind(models.TextChoices):
    """What the caller wants, by the regulation on handling complaints."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    PROPOSAL = "proposal", "建议"


class Matter(models.TextChoices):
    """Whether a ticket is about a legacy project without certificates."""

    UNKNOWN = "unknown", "待认定"
    OURS = "ours", "属办证难"
    OTHER = "other", "非本事项"


class MatchedBy(models.TextChoices):
    """Who matched a ticket."""

    RULE = "rule", "系统"
    PERSON = "person", "人工"


class ExecutorEnd(models.TextChoices):
    """How an executor's part in a round ended."""

    ANSWERED = "answered", "已反馈"
    RETURNED = "returned", "退回"
    REPLACED = "replaced", "改派"
    CLOSED = "closed", "终止"


class Satisfaction(models.TextChoices):
    """What a caller says of the handling when called back."""

    YES = "yes", "满意"
    BASICALLY = "basically", "基本满意"
    NO = "no", "不满意"


CONTACT_HOURS: Final = "hotline.contact_hours"
SETTINGS: Final = (
    SettingSpec(
        CONTACT_HOURS,
        "12345热线",
        "联系诉求人时限",
        SettingKind.NUMBER,
        lambda area: 24,
        unit="小时",
        least=1,
        most=240,
        hint="自派单起算；2小时、24小时办理的工单按其办理时限。本值为默认值，非上级公布标准，以本市文件为准",
    ),
)

SIGNAL_WINDOW: Final = "hotline.signal_window"
SIGNAL_AHEAD: Final = "hotline.signal_ahead"
SIGNAL_LEAST: Final = "hotline.signal_least"
SIGNAL_RISE: Final = "hotline.signal_rise"
SIGNAL_REPEATED: Final = "hotline.signal_repeated"
SIGNALS: Final = (SIGNAL_WINDOW, SIGNAL_AHEAD, SIGNAL_LEAST, SIGNAL_RISE, SIGNAL_REPEATED)


def _signal(name: str, label: str, default: int, unit: str, least: int, most: int) -> SettingSpec:
    hint = "未诉先办名单的起列条件。本值为默认值，非上级公布标准"
    return SettingSpec(
        name, "12345热线", label, SettingKind.NUMBER, lambda area: default, unit=unit, least=least, most=most, hint=hint
    )


SIGNAL_SETTINGS: Final = (
    _signal(SIGNAL_WINDOW, "未诉先办：比较的天数", 30, "日", 7, 180),
    _signal(SIGNAL_AHEAD, "未诉先办：到期前提示的天数", 30, "日", 1, 180),
    _signal(SIGNAL_LEAST, "未诉先办：工单上升的最少件数", 3, "件", 1, 1000),
    _signal(SIGNAL_RISE, "未诉先办：工单上升的倍数", 2, "倍", 1, 20),
    _signal(SIGNAL_REPEATED, "未诉先办：重复来电的最低占比", 30, "%", 1, 100),
)

SOURCE: Final = "hotline.rule_source"
WEIGHTS: Final = ("hotline.weight_response", "hotline.weight_solved", "hotline.weight_satisfied")
DEDUCTIONS: Final = (
    "hotline.deduct_late", "hotline.deduct_unsolved", "hotline.deduct_unsatisfied", "hotline.deduct_repeat",
)  # fmt: skip
BY_CALLER: Final = "hotline.response_by_caller"
BASICALLY: Final = "hotline.basically_counts"
BANDS: Final = "hotline.bands"
CLASS_LIMITS: Final = "hotline.class_limits"
CLASS_NAMES: Final = "hotline.class_names"
TRUNCATES: Final = "hotline.truncates"
GROUP: Final = "12345三率"
UNOFFICIAL: Final = "默认值不是任何上级公布的标准；改定时写明文号"


def _weight(name: str, what: str) -> SettingSpec:
    hint = f"三项权重合计为100时计算综合得分，否则不计算。{UNOFFICIAL}"
    return SettingSpec(name, GROUP, f"{what}权重", SettingKind.NUMBER, lambda area: 0, unit="%", most=100, hint=hint)


def _deduction(name: str, what: str) -> SettingSpec:
    hint = f"100为1分。任一项不为0的，按扣分计：100减去各项扣分之和÷件数。{UNOFFICIAL}"
    label = f"{what}每件扣分（百分之一分）"
    return SettingSpec(name, GROUP, label, SettingKind.NUMBER, lambda area: 0, most=10_000, hint=hint)


RATE_SETTINGS: Final = (
    SettingSpec(
        SOURCE, GROUP, "计算依据（文号）", SettingKind.TEXT, lambda area: "—", most=120,
        hint="印在三率页面和导出表中；填“—”为未设置，页面注明按系统默认口径计算、非公布标准",
    ),
    _weight(WEIGHTS[0], "响应率"),
    _weight(WEIGHTS[1], "解决率"),
    _weight(WEIGHTS[2], "满意率"),
    _deduction(DEDUCTIONS[0], "未按时联系"),
    _deduction(DEDUCTIONS[1], "未解决"),
    _deduction(DEDUCTIONS[2], "不满意"),
    _deduction(DEDUCTIONS[3], "重复来电"),
    SettingSpec(
        BY_CALLER, GROUP, "综合得分的响应率以诉求人答复为准", SettingKind.YES_NO, lambda area: False,
        hint="选否的，以系统记录的按时联系为准；两项在表中分列",
    ),
    SettingSpec(BASICALLY, GROUP, "基本满意计入满意", SettingKind.YES_NO, lambda area: True, hint=UNOFFICIAL),
    SettingSpec(
        BANDS, GROUP, "排名分组（各组最少件数）", SettingKind.TEXT, lambda area: "300、80、20", most=60,
        hint="由大到小，用“、”隔开；不足最后一组件数的不排名。默认分组引自外地2021年1月公布的效能指数（公开资料），非本市标准；填“—”为不分组",
    ),
    SettingSpec(
        CLASS_LIMITS, GROUP, "评价等次分数线", SettingKind.TEXT, lambda area: "—", most=60,
        hint="由大到小，如 95、85、75；填“—”为不分等次",
    ),
    SettingSpec(
        CLASS_NAMES, GROUP, "评价等次名称", SettingKind.TEXT, lambda area: "—", most=60,
        hint="按分数线由高到低，用“、”隔开；填“—”的称第1类、第2类",
    ),
    SettingSpec(TRUNCATES, GROUP, "百分率截尾（不四舍五入）", SettingKind.YES_NO, lambda area: False),
)  # fmt: skip
