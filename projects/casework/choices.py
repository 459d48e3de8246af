"""Code lists of casework."""

from typing import Final

from django.db import models

from registry.kernel.settings import SettingKind, SettingSpec


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "上班"


class TurnKind(models.TextChoices):
    """How the ball came."""

    FIRST = "first", "登记"
    HANDED = "handed", "移交"
    RETURNED = "returned", "退回"
    PAUSED = "paused", "暂停"
    RESUMED = "resumed", "恢复"
    REOPENED = "reopened", "重新打开"


class CallState(models.TextChoices):
    """How far a department that was whistled for has come."""

    CALLED = "called", "待报到"
    REPORTED = "reported", "已报到"
    ANSWERED = "answered", "已答复"
    RETURNED = "returned", "答复退回"


class PolicyLevel(models.TextChoices):
    """The frame 1+10+N."""

    GENERAL = "general", "总意见（1）"
    SUPPORTING = "supporting", "配套政策（10）"
    SINGLE = "single", "一事一策（N）"


class ProposalState(models.TextChoices):
    """What became of a proposal to lift."""

    WAITING = "waiting", "待研究"
    USED = "used", "已适用"
    DECLINED = "declined", "不适用"


class TaskState(models.TextChoices):
    """How a task stands."""

    OPEN = "open", "在办"
    REPORTED = "reported", "已报完成待核定"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已撤销"


class TaskEventKind(models.TextChoices):
    """What may happen to a task."""

    REPORTED = "reported", "报送进展"
    FINISHED = "finished", "报完成"
    ACCEPTED = "accepted", "核定完成"
    RETURNED = "returned", "退回"
    EXTENDED = "extended", "延期"
    CANCELLED = "cancelled", "撤销"


# The hotline counts by periods of its own, in many cities not those of the calendar.
HOTLINE_CLOSING: Final = "hotline.closing_day"
SETTINGS: Final = (
    SettingSpec(
        HOTLINE_CLOSING,
        "12345热线",
        "诉求统计期每月截止日",
        SettingKind.NUMBER,
        lambda area: 31,
        unit="日",
        least=1,
        most=31,
        hint="填18的，统计期为上月19日至本月18日；31为自然月。专班例会议程按它写明本期起止",
    ),
)
