"""Which homes are one family's, and how each of them stands at the counter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from projects.gates.selectors.blockers import building_names_of
from projects.gates.selectors.building import reasons_of_units
from projects.ledger.models import IN_THE_BOOKS, AgreementUnit, Unit, UnitHolder
from projects.office.models import ChecklistItem, FamilyLink
from projects.office.selectors.checklists import asked_of_homes, facts_of
from projects.office.selectors.visits import papers_there
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.gates import Reason, ReasonKind, render_why
from registry.kernel.stages import Standing
from registry.store.crypto import decrypt

BEFORE = ("waiting", "notified")  # stages at which papers are taken in
OWN, AGREEMENT, PERSON, BY_HAND = "本户", "同一协议", "同一权利人", "登记合并"
SHUT = (ReasonKind.FAULT, ReasonKind.BARRED)
NEXT = {
    "collected": "待送登记中心或待受理，不必前来",
    "accepted": "登记中心已受理，不必前来",
    "recorded": "已登簿，等候缮证，不必前来",
    "printed": "已缮证，证书到服务点后领取",
    "issued": "已发证",
}


@dataclass(frozen=True)
class FamilyHome:
    """A home of a family as the counter sees it: why it is one of them, where it stands, what lacks, what comes next.

    `lacks` are papers still to be handed in; `there` those that need not be brought again; `may_take` whether papers
    can be taken in now.
    """

    unit: Unit
    joined: str
    link: int | None
    holders: str
    reasons: tuple[str, ...]
    asked: tuple["AskedPaper", ...]
    facts: tuple[str, ...]
    fact_codes: tuple[str, ...]
    may_take: bool

    @property
    def lacks(self) -> list["AskedPaper"]:
        """The papers that are needed and not there yet."""
        return [paper for paper in self.asked if paper.is_needed and not paper.is_there]

    @property
    def next(self) -> str:
        """What the family or somebody else does next with this home."""
        if self.unit.standing != Standing.ACTIVE:
            return f"{Standing(self.unit.standing).label}，恢复后办理"
        if self.unit.certificate in NEXT:
            return NEXT[self.unit.certificate]
        if not self.may_take:
            return "整改并经核验后办理，不必前来"
        return "收材料" if self.lacks else "材料齐，登记收材料"


@dataclass(frozen=True)
class AskedPaper:
    """A paper that a home is asked for: its line, whether it is needed now, whether it came earlier."""

    name: str
    what: str
    supplier_label: str
    note: str
    condition: str
    is_needed: bool
    is_there: bool


def family_keys(unit: Unit) -> dict[int, tuple[str, int | None]]:
    """Return the homes of a family by key, each with why it is one of them and the link made by hand, if that is why.

    Homes of the same agreement, homes of the same person's number, homes joined by hand: of the same project, one step
    from this home. Three queries, whatever the project holds.
    """
    project = unit.building.project_id
    keys: dict[int, tuple[str, int | None]] = {unit.pk: (OWN, None)}
    agreed = AgreementUnit.objects.filter(agreement__brought__unit=unit, agreement__project_id=project)
    for key in agreed.order_by("unit_id").values_list("unit_id", flat=True):
        keys.setdefault(key, (AGREEMENT, None))
    numbers = UnitHolder.objects.filter(
        unit=unit, ended_act_id__isnull=True, holder__identity_index__isnull=False
    ).values("holder__identity_index")
    same = UnitHolder.objects.filter(
        ended_act_id__isnull=True, holder__project_id=project, holder__identity_index__in=numbers
    )
    for key in same.order_by("unit_id").values_list("unit_id", flat=True):
        keys.setdefault(key, (PERSON, None))
    links = FamilyLink.objects.filter(Q(first=unit) | Q(second=unit), ended_act_id__isnull=True)
    for first, second, link in links.order_by("id").values_list("first_id", "second_id", "id"):
        keys.setdefault(second if first == unit.pk else first, (BY_HAND, link))
    return keys


def _in_order(unit: Unit, keys: Mapping[int, tuple[str, int | None]]) -> list[Unit]:
    rows = Unit.objects.filter(IN_THE_BOOKS, pk__in=list(keys), building__project_id=unit.building.project_id)
    ordered = rows.select_related("building__project").order_by("building__number_order", "building_id", "id")
    return sorted(ordered, key=lambda each: (each.pk != unit.pk, each.use != "dwelling"))


def family_card(unit: Unit, *, on: date) -> list[FamilyHome]:
    """Return the homes of a family with everything that the counter says of them.

    Its queries are as many as the buildings in which the family's homes lie, not as the homes of the project.
    """
    keys = family_keys(unit)
    units = _in_order(unit, keys)
    project = unit.building.project
    why = reasons_of_units(units, on=on)
    names = building_names_of(project.pk)
    held = facts_of([each.pk for each in units], on=on)
    there = papers_there([each.pk for each in units])
    asked = asked_of_homes(project, units, on=on)
    masked = _holders(units)
    homes = []
    for each in units:
        joined, link = keys[each.pk]
        facts = held.get(each.pk, {})
        homes.append(
            FamilyHome(
                unit=each,
                joined=joined,
                link=link,
                holders=masked.get(each.pk, each.holders_masked),
                reasons=tuple(_told(each, why[each.pk], names)),
                asked=tuple(_asked(asked[each.pk], facts, there.get(each.pk, frozenset())))
                if each.certificate in BEFORE
                else (),
                facts=tuple(facts.values()),
                fact_codes=tuple(facts),
                may_take=each.certificate in BEFORE
                and each.standing == Standing.ACTIVE
                and not any(reason.kind in SHUT for reason in why[each.pk]),
            )
        )
    return homes


def _told(unit: Unit, reasons: Sequence[Reason], names: Mapping[int, str]) -> list[str]:
    """Say what stands in the way, or that nothing does: the lines of `why` but for what is done already."""
    if unit.certificate in ("printed", "issued"):
        return []
    lines = [line.text for line in render_why(reasons, names) if line.kind not in (ReasonKind.DONE, ReasonKind.LIFTED)]
    return lines[:3]


def _asked(
    items: Sequence[tuple[ChecklistItem, bool]], facts: Collection[str], there: frozenset[str]
) -> list[AskedPaper]:
    return [
        AskedPaper(
            name=line.name,
            what=line.form_words,
            supplier_label=line.get_supplier_display(),
            note=line.note,
            condition=line.condition,
            is_needed=wanted and not on_site,
            is_there=line.name in there,
        )
        for line, on_site in items
        if (wanted := line.wanted_for(facts)) is not None
    ]


def _holders(units: Sequence[Unit]) -> dict[int, str]:
    """Name the holders of homes, masked, with their shares. One query."""
    rows = UnitHolder.objects.filter(unit__in=[each.pk for each in units], ended_act_id__isnull=True)
    names: dict[int, list[str]] = {}
    for row in rows.select_related("holder").order_by("unit_id", "position"):
        names.setdefault(row.unit_id, []).append(f"{row.holder.name_masked}{f'（{row.share}）' if row.share else ''}")
    return {key: "、".join(each) for key, each in names.items()}


def clear_names(unit_ids: Sequence[int]) -> list[str]:
    """Open the names of the present holders of homes, each once, for a paper addressed to them. One query."""
    rows = UnitHolder.objects.filter(unit__in=unit_ids, ended_act_id__isnull=True).order_by("unit_id", "position")
    sealed = rows.values_list("holder__identity_index", "holder_id", "holder__name")
    people = {bytes(index) if index else key: decrypt(name, "holder.name") for index, key, name in sealed}
    return list(dict.fromkeys(people.values()))


def link_by_id(actor: Actor, project_id: int, pk: int) -> FamilyLink:
    """Find a link made by hand that stands. One query."""
    rows = FamilyLink.objects.visible_to(actor).filter(first__building__project_id=project_id, pk=pk)
    link: FamilyLink | None = rows.select_related("first__building__project", "second__building").first()
    if link is None:
        raise NotFound("未找到这条合并登记，或不在您的范围内。")
    return link
