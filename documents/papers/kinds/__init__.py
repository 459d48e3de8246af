"""Kinds of papers, a closed set: one class a file, one line here."""

from typing import Final

from documents.papers.kinds.base import Kind
from documents.papers.kinds.brief import ProjectBrief
from documents.papers.kinds.cert_notice import CertNotice
from documents.papers.kinds.claim_notice import ClaimNotice
from documents.papers.kinds.closing_record import ClosingRecord
from documents.papers.kinds.commitment import CommitmentLetter
from documents.papers.kinds.counter_papers import CollectionReceipt, SupplementNotice
from documents.papers.kinds.escalation import Circular, SummonsNotice, SupervisionNotice, UrgingLetter

KINDS: Final[tuple[type[Kind], ...]] = (
    CertNotice,
    ClaimNotice,
    CollectionReceipt,
    SupplementNotice,
    CommitmentLetter,
    ClosingRecord,
    UrgingLetter,
    SupervisionNotice,
    Circular,
    SummonsNotice,
    ProjectBrief,
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}

__all__ = [
    "BY_CODE",
    "KINDS",
    "CertNotice",
    "Circular",
    "ClaimNotice",
    "ClosingRecord",
    "CollectionReceipt",
    "CommitmentLetter",
    "Kind",
    "ProjectBrief",
    "SummonsNotice",
    "SupervisionNotice",
    "SupplementNotice",
    "UrgingLetter",
]
