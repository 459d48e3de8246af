"""What the districts of the demo call the organs that make their gates: dated settings, agreed to by two."""

from documents.setup.reference import read
from projects.gates.choices import ORGAN_OF
from registry.accounts.models import Organisation, Setting
from registry.accounts.services.settings import decide_setting
from registry.kernel.authority import Actor
from registry.kernel.gates import Organ
from registry.store.clock import ledger_today
from registry.store.second import FirstPerson


def load_organs(actor: Actor) -> None:
    """Lay down which organisation of the demo makes which gates, from the first day of its clock."""
    for row in read("demo", "organs"):
        name, district = ORGAN_OF[Organ(row["organ"])], row["district"]
        maker = Organisation.objects.get(code=row["organisation"])
        if not Setting.objects.filter(name=name, area_code=district).exists():
            decide_setting(
                actor=actor, name=name, area_code=district, value=maker.name, effective_on=ledger_today(),
                reason="机关全称（演示）", first=FirstPerson(None, "系统"),
            )  # fmt: skip
