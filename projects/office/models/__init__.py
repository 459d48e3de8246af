"""What the office keeps."""

from projects.office.models.certificates import Blank, CertificateForm, MadeCertificate, SpoilReason
from projects.office.models.checklists import FORM_WORDS, ChecklistItem
from projects.office.models.custody import CustodyItem, CustodyMove
from projects.office.models.manifests import KeptReason, Manifest, ManifestLine, ManifestPurpose, StruckReason

__all__ = [
    "FORM_WORDS",
    "Blank",
    "CertificateForm",
    "ChecklistItem",
    "CustodyItem",
    "CustodyMove",
    "KeptReason",
    "MadeCertificate",
    "Manifest",
    "ManifestLine",
    "ManifestPurpose",
    "SpoilReason",
    "StruckReason",
]
