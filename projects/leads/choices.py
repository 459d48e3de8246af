"""Code lists of the leads."""

from django.db import models


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
