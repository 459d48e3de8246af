"""Code lists of the office."""

from django.db import models

from projects.ledger.choices import HOUSING_TYPES
from registry.kernel.stages import Use

# Shops, parking places and storage rooms have papers of their own, whatever the housing around them is.
OWN_LISTS = (Use.RETAIL, Use.PARKING, Use.STORAGE)
CHECKLISTS = [*HOUSING_TYPES, *((use.value, use.label) for use in OWN_LISTS)]


class PaperForm(models.TextChoices):
    """What of a paper is kept."""

    ORIGINAL = "original", "收原件"
    COPY = "copy", "收复印件"
    BOTH = "both", "核验原件并收复印件"
    SEEN = "seen", "只核验原件"


class Supplier(models.TextChoices):
    """Who has a paper to give."""

    OWNER = "owner", "权利人"
    DEVELOPER = "developer", "开发建设单位"
    EMPLOYER = "employer", "原产权单位"
    TOWNSHIP = "township", "乡镇、街道"
    TAX = "tax", "税务机关"
    FUND = "fund", "住房资金管理机构"


def checklist_code(housing_type: str, use: str) -> str:
    """Name the checklist of a unit: by its use if that has one of its own, else by the housing type."""
    return use if use in {one.value for one in OWN_LISTS} else housing_type
