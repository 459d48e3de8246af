"""Looking for a right holder by name, identity number or telephone: through blind indexes, and each look is kept."""

import re
from dataclasses import dataclass
from typing import Final

from projects.ledger.models import Project, UnitHolder
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import IdentityKind, check_identity, check_phone
from registry.kernel.names import clean_code, clean_person_name
from registry.store.acts import write
from registry.store.crypto import blind_index

MOST_PEOPLE: Final = 50
_NAME: Final = re.compile("[\u2e80-\u9fff\U00020000-\U0003ffff]{2,4}|[\u2e80-\u9fff]+(?:·[\u2e80-\u9fff]+)+")
_INITIALS: Final = re.compile("[a-z]{2,4}")
_IDENTITY: Final = re.compile("[0-9]{17}[0-9Xx]|[0-9]{15}")


@dataclass(frozen=True)
class SoughtPerson:
    """What a text looks for: the words of what it is, the column that holds its index, the index itself."""

    what: str
    column: str
    index: bytes

    @property
    def is_a_name(self) -> bool:
        """Whether it is a name or its initials, which a project may bear as well."""
        return self.column in {"name_index", "initials_index"}


def sought_person(text: str) -> SoughtPerson | None:
    """Read a text as a name or its initials, an identity number, a telephone or its last four digits; else None."""
    folded = clean_code(text)
    try:
        if _IDENTITY.fullmatch(folded):
            number = check_identity(IdentityKind.RESIDENT, folded)
            return SoughtPerson("证件号码", "identity_index", blind_index("identity", number))
        if folded.isascii() and folded.isdigit() and len(folded) == 11:
            return SoughtPerson("电话", "phone_index", blind_index("phone", check_phone(folded)))
        if folded.isascii() and folded.isdigit() and len(folded) == 4:
            return SoughtPerson("电话末四位", "phone_tail_index", blind_index("phone_tail", folded))
        if _NAME.fullmatch(folded):
            return SoughtPerson("姓名", "name_index", blind_index("name", clean_person_name(text)))
        if _INITIALS.fullmatch(text.strip().lower()):
            return SoughtPerson("姓名首字母", "initials_index", blind_index("initials", text.strip().lower()))
    except DomainError:
        return None
    return None


@write(Permission.PERSON_READ, on="project")
def seek_holders(*, actor: Actor, sought: SoughtPerson, project: Project | None = None) -> list[UnitHolder]:
    """Return the homes held by whoever the index means, in the actor's reach, masked; keeps that it was looked for.

    With a project only its own. What was typed is not kept, only what kind it was and how many were found. One query
    and the record.
    """
    rows = UnitHolder.objects.visible_to(actor).filter(
        ended_act_id__isnull=True, **{f"holder__{sought.column}": sought.index}
    )
    if project is not None:
        rows = rows.filter(holder__project=project)
    homes = list(rows.select_related("holder", "unit__building__project").order_by("unit_id")[: MOST_PEOPLE + 1])
    record(event="person.sought", facts={"what": sought.what, "count": len(homes)})
    return homes
