"""The full names of the organs that make gates, as papers of a day have them."""

from collections.abc import Mapping
from datetime import date

from projects.gates.choices import ORGAN_OF
from registry.accounts.selectors.settings import settings_on
from registry.kernel.gates import Organ


def organ_names(district_code: str, *, on: date) -> Mapping[Organ, str]:
    """Return what a district calls the organs on a day; without a setting, by what they are. One query."""
    stated = settings_on(ORGAN_OF.values(), district_code, on=on)
    return {organ: stated[ORGAN_OF[organ]] if organ in ORGAN_OF else organ.label for organ in Organ}
