"""What the office keeps."""

from projects.office.models.certificates import Blank, CertificateForm, MadeCertificate, SpoilReason
from projects.office.models.checklists import FORM_WORDS, ChecklistItem
from projects.office.models.custody import CustodyItem, CustodyMove
from projects.office.models.families import FamilyLink, HomeFact
from projects.office.models.manifests import KeptReason, Manifest, ManifestLine, ManifestPurpose, StruckReason
from projects.office.models.queue import Booking, PhoneCall, Preference, QueueDay, QueueEvent, QueueTicket, ShutDay
from projects.office.models.scans import Scan
from projects.office.models.visits import Visit, VisitHome, VisitPaper

__all__ = [
    "FORM_WORDS",
    "Blank",
    "Booking",
    "CertificateForm",
    "ChecklistItem",
    "CustodyItem",
    "CustodyMove",
    "FamilyLink",
    "HomeFact",
    "KeptReason",
    "MadeCertificate",
    "Manifest",
    "ManifestLine",
    "ManifestPurpose",
    "PhoneCall",
    "Preference",
    "QueueDay",
    "QueueEvent",
    "QueueTicket",
    "Scan",
    "ShutDay",
    "SpoilReason",
    "StruckReason",
    "Visit",
    "VisitHome",
    "VisitPaper",
]
