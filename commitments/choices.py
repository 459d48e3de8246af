"""Code lists of instruments and obligations."""

from typing import Final

from django.db import models


class InstrumentKind(models.TextChoices):
    LETTER = "letter", "政府承诺函"
    FEE_DECOUPLED = "fee_decoupled", "证缴分离决定"
    TAX_DECOUPLED = "tax_decoupled", "税证分离决定"
    GOVERNMENT_REPLY = "government_reply", "政府批复、会议纪要"
    OPINION = "opinion", "部门意见"
    CREDITOR_CONSENT = "creditor_consent", "债权人同意"
    COURT = "court", "法院文书"
    APPLICANT = "applicant", "指定申请人"


class InstrumentState(models.TextChoices):
    DRAFT = "draft", "起草"
    COUNTERSIGN = "countersign", "专班会签"
    SIGNED = "signed", "已签署"
    EFFECTIVE = "effective", "生效"
    PERFORMING = "performing", "履行"
    CLOSING = "closing", "申请销号"
    VERIFIED = "verified", "核验"
    CLOSED = "closed", "销号"
    BREACHED = "breached", "违约"
    REVOKED = "revoked", "已撤销"
    SUPERSEDED = "superseded", "已替代"
    WITHDRAWN = "withdrawn", "已作废"


ANSWERING: Final = (
    InstrumentState.SIGNED,
    InstrumentState.EFFECTIVE,
    InstrumentState.PERFORMING,
    InstrumentState.CLOSING,
    InstrumentState.VERIFIED,
    InstrumentState.BREACHED,
)
RUNNING: Final = (InstrumentState.PERFORMING, InstrumentState.CLOSING, InstrumentState.BREACHED)
DEFAULT_GRACE_DAYS: Final = 30  # whole days after the due date, where a district has not said otherwise


class Answer(models.TextChoices):
    WAITING = "waiting", "未答复"
    AGREES = "agrees", "同意"
    OBJECTS = "objects", "不同意"


class WaiverKind(models.TextChoices):
    CAP = "cap", "超过凭未兑现承诺发证上限"
    BREACH = "breach", "企业有违约或逾期未兑现"


class ObligationState(models.TextChoices):
    PENDING = "pending", "未开始"
    DOING = "doing", "进行中"
    REPORTED = "reported", "已报完成"
    VERIFIED = "verified", "已核验"
    WAIVED = "waived", "免除"


KEPT: Final = (ObligationState.VERIFIED, ObligationState.WAIVED)
