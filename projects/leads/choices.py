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
