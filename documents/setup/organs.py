"""What the districts of the demo call the organs that make their gates: dated settings, agreed to by two."""

from typing import Final

from projects.gates.choices import ORGAN_OF
from registry.accounts.models import Organisation, Setting
from registry.accounts.services.settings import decide_setting
from registry.kernel.authority import Actor
from registry.kernel.gates import Organ
from registry.store.clock import ledger_today
from registry.store.second import FirstPerson

MAKERS: Final = {Organ.PLANNING: "BM-110105-GZ", Organ.HOUSING: "BM-110105-ZJ"}
DISTRICT: Final = "110105"


def load_organs(actor: Actor) -> None:
    """Lay down which organisation of the demo makes which gates, from the first day of its clock."""
    names = dict(Organisation.objects.filter(code__in=MAKERS.values()).values_list("code", "name"))
    for organ, code in MAKERS.items():
        name = ORGAN_OF[organ]
        if code in names and not Setting.objects.filter(name=name, area_code=DISTRICT).exists():
            decide_setting(
                actor=actor, name=name, area_code=DISTRICT, value=names[code], effective_on=ledger_today(),
                reason="机关全称（演示）", first=FirstPerson(None, "系统"),
            )  # fmt: skip
