"""Finding a family by what is typed or scanned into the one field of the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from projects.ledger.models import IN_THE_BOOKS, Agreement, Project, Unit
from projects.ledger.selectors.names import at_place
from projects.ledger.services.people_search import seek_holders, sought_person
from projects.office.models import Visit
from projects.office.selectors.families import family_keys
from registry.kernel.authority import Actor, Permission
from registry.kernel.identifiers.base import IdentifierError
from registry.kernel.identifiers.scans import ScanCode, ScanKind, is_scan_code
from registry.kernel.names import code_key

MOST: Final = 20
ON_VISITS: Final = (ScanKind.RECEIPT, ScanKind.NOTICE)


@dataclass(frozen=True)
class FoundFamilies:
    """The homes that a text means, by what it was taken for; `is_one` says that they are one family's.

    `hint` says what to type instead, where nothing was found.
    """

    what: str = ""
    homes: Sequence[Unit] = ()
    is_one: bool = False
    hint: str = ""


def find_families(*, actor: Actor, project: Project, text: str) -> FoundFamilies:
    """Find homes of one project by code, agreement number, room, telephone tail, name or initials.

    By indexes alone: at most eight queries, whatever the ledger holds. Looking for people is kept.
    """
    text = text.strip()
    if not text:
        return FoundFamilies(hint="请输入户号、电话末四位、协议号、姓名或首字母，或扫码。")
    if is_scan_code(text):
        return _scanned(actor, project, text)
    rows = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS, building__project=project)
    rows = rows.select_related("building__project")
    whats, keys = [], dict[int, Unit]()
    for what, condition in (("合同、协议号", _agreed(project, text)), ("户号", at_place(project, text))):
        if condition is not None and (homes := list(rows.filter(condition).order_by("id")[: MOST + 1])):
            whats.append(what)
            keys |= {home.pk: home for home in homes}
    sought = sought_person(text) if actor.can(Permission.PERSON_READ) else None
    if sought is not None and "合同、协议号" not in whats:
        held = [row.unit for row in seek_holders(actor=actor, sought=sought, project=project)]
        if held:
            whats.append(sought.what)
            keys |= {home.pk: home for home in held if home.certificate}
    return _answer("、".join(whats), list(keys.values()), text)


def _answer(what: str, homes: list[Unit], text: str) -> FoundFamilies:
    if not homes:
        hint = (
            f"本项目未找到“{text}”。可改用户号（如9-3-502）、电话末四位、协议号或姓名全名查；其他项目的户不在本窗口查。"
        )
        return FoundFamilies(hint=hint)
    homes = homes[:MOST]
    family = set(family_keys(homes[0])) if len(homes) > 1 else {homes[0].pk}
    return FoundFamilies(what, homes, {home.pk for home in homes} <= family)


def _agreed(project: Project, text: str) -> Q | None:
    numbers = Agreement.objects.filter(project=project, number__in={text, code_key(text)}).values_list("id", flat=True)
    keys = list(numbers[:2])
    return Q(brought_by__agreement__in=keys) if keys else None


def _scanned(actor: Actor, project: Project, text: str) -> FoundFamilies:
    """Find the home of a receipt or a notice; what is of another project says no more than that."""
    try:
        code = ScanCode.parse(text, *ON_VISITS)
    except IdentifierError as error:
        return FoundFamilies(hint=error.message)
    visits = Visit.objects.visible_to(actor).filter(pk=code.serial, unit__building__project=project)
    visit: Any = visits.select_related("unit__building__project").first()
    if visit is None:
        return FoundFamilies(hint="这张单据不是本项目的，本窗口不能办理。请到单据所列的服务点办理。")
    return FoundFamilies(code.kind.label, [visit.unit], True)
