"""Identifiers of the field: each parses what people write, refuses with a code and a remedy, and formats one way.

For every one of them `parse(value.format()) == value`. Codes are those of trust.md 3.6.
"""

from registry.kernel.identifiers.base import IdentifierError
from registry.kernel.identifiers.identity import (
    IdentityKind,
    IdentityNo,
    check_identity,
    check_phone,
    synthetic_identity,
    synthetic_phone,
    upgraded,
)
from registry.kernel.identifiers.land import DistrictCode, UnitCode, check_unit_code
from registry.kernel.identifiers.organisations import CreditCode, check_credit_code, check_legacy_licence
from registry.kernel.identifiers.papers import (
    CertificateNo,
    DocumentNo,
    TitleNo,
    check_blank_no,
    check_certificate_no,
    check_document_no,
)
from registry.kernel.identifiers.scans import ScanCode, ScanKind, is_scan_code

__all__ = [
    "CertificateNo",
    "CreditCode",
    "DistrictCode",
    "DocumentNo",
    "IdentifierError",
    "IdentityKind",
    "IdentityNo",
    "ScanCode",
    "ScanKind",
    "TitleNo",
    "UnitCode",
    "check_blank_no",
    "check_certificate_no",
    "check_credit_code",
    "check_document_no",
    "check_identity",
    "check_legacy_licence",
    "check_phone",
    "check_unit_code",
    "is_scan_code",
    "synthetic_identity",
    "synthetic_phone",
    "upgraded",
]
