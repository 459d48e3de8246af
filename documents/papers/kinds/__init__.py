"""Kinds of papers, a closed set: one class a file, one line here."""

from typing import Final

from documents.papers.kinds.agenda import MeetingAgenda
from documents.papers.kinds.base import Kind
from documents.papers.kinds.brief import ProjectBrief
from documents.papers.kinds.bulletins import MonthBulletin, MonthCircular, ProgressFlash
from documents.papers.kinds.cert_notice import CertNotice
from documents.papers.kinds.claim_notice import ClaimNotice
from documents.papers.kinds.closing_record import ClosingRecord
from documents.papers.kinds.commitment import CommitmentLetter
from documents.papers.kinds.counter_papers import CollectionReceipt, SupplementNotice
from documents.papers.kinds.escalation import Circular, SummonsNotice, SupervisionNotice, UrgingLetter
from documents.papers.kinds.extension_reply import ExtensionReply
from documents.papers.kinds.family_forms import BookingSlip, PowerOfAttorney
from documents.papers.kinds.handover_list import HandoverList, SignatureSheet
from documents.papers.kinds.interview_record import InterviewRecord
from documents.papers.kinds.minutes import MeetingMinutes
from documents.papers.kinds.rectification import RectificationNotice
from documents.papers.kinds.undertaking import Undertaking
from documents.papers.kinds.whistle_sheet import WhistleSheet

KINDS: Final[tuple[type[Kind], ...]] = (
    CertNotice,
    ClaimNotice,
    CollectionReceipt,
    SupplementNotice,
    PowerOfAttorney,
    BookingSlip,
    CommitmentLetter,
    ClosingRecord,
    UrgingLetter,
    SupervisionNotice,
    Circular,
    SummonsNotice,
    ProjectBrief,
    MeetingAgenda,
    MeetingMinutes,
    WhistleSheet,
    ExtensionReply,
    RectificationNotice,
    InterviewRecord,
    Undertaking,
    HandoverList,
    SignatureSheet,
    MonthBulletin,
    MonthCircular,
    ProgressFlash,
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}

__all__ = [
    "BY_CODE",
    "KINDS",
    "BookingSlip",
    "CertNotice",
    "Circular",
    "ClaimNotice",
    "ClosingRecord",
    "CollectionReceipt",
    "CommitmentLetter",
    "ExtensionReply",
    "HandoverList",
    "InterviewRecord",
    "Kind",
    "MeetingAgenda",
    "MeetingMinutes",
    "MonthBulletin",
    "MonthCircular",
    "PowerOfAttorney",
    "ProgressFlash",
    "ProjectBrief",
    "RectificationNotice",
    "SignatureSheet",
    "SummonsNotice",
    "SupervisionNotice",
    "SupplementNotice",
    "Undertaking",
    "UrgingLetter",
    "WhistleSheet",
]
