"""Code lists of casework."""

from django.db import models


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
