"""Kinds of papers, a closed set: one class a file, one line here."""

from typing import Final

from documents.kinds.base import Kind
from documents.kinds.cert_notice import CertNotice
from documents.kinds.commitment import CommitmentLetter

KINDS: Final[tuple[type[Kind], ...]] = (CertNotice, CommitmentLetter)
BY_CODE: Final = {kind.code: kind for kind in KINDS}

__all__ = ["BY_CODE", "KINDS", "CertNotice", "CommitmentLetter", "Kind"]
