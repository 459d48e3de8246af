"""Reading custody: who sees a bag, who holds it or held it on a day, what lies where.

Decided: the task forces, the township and the auditor see what lies in their area; a developer's staff, its own
projects; a department, the tax office and the registration centre only what they hold, have held, or are being sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from projects.ledger.models import Building, Project, Unit
from projects.office.models import CustodyItem, CustodyMove, Manifest, ManifestLine, ManifestPurpose
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.custody import Handing, Holder, ItemKind, Party
from registry.kernel.errors import NotFound
from registry.kernel.place_query import place_query
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

BY_PART: Final = frozenset({Role.DEPARTMENT, Role.REGISTRATION_CENTRE, Role.TAX})  # see a bag by having part in it
PARTY_OF: Final = {
    OrganisationKind.TAX.value: Party.TAX,
    OrganisationKind.REGISTRATION_CENTRE.value: Party.CENTRE,
    OrganisationKind.DEVELOPER.value: Party.OFFICE,
    OrganisationKind.TOWNSHIP.value: Party.OFFICE,
    OrganisationKind.GOVERNMENT.value: Party.OFFICE,
    OrganisationKind.DISTRICT_TASK_FORCE.value: Party.OFFICE,
}
HELD_ORDERS: Final = (  # of the page of a project's custody and of its export
    Order("place", "楼栋", ("item__unit__building__number_order", "item__unit_id", "item_id")),
    Order("longest", "在手最久", ("on", "item_id")),
    *by_heads(
        {
            "item": "item_id",
            "unit": "item__unit__building__number_order",
            "contents": by_pinyin("item__contents"),
            "holder": ranked("to_party", [party.value for party in Party]),
            "since": "on",
            "basis": if_any("line__manifest__number", ""),
        },
        tie=("item_id",),
    ),
)
MANIFEST_ORDERS: Final = (
    Order("newest", "最近拟制", ("-id",)),
    *by_heads(
        {
            "number": "number",
            "purpose": ranked("purpose", ManifestPurpose.values),
            "project": by_pinyin("project__name"),
            "sender": by_pinyin("sender__name"),
            "receiver": by_pinyin("receiver__name"),
            "sent_on": if_any("sent_on"),
            "listed": "listed",
            "taken": "taken",
            "out": F("taken") - F("back") - F("kept"),
            "due_on": if_any("due_on"),
            "state": if_any("closed_act_id", 0),
        },
        tie=("-id",),
    ),
)
LINE_ORDERS: Final = (
    Order("position", "序号", ("position", "id")),
    *by_heads(
        {
            "unit": "item__unit__building__number_order",
            "holders": by_pinyin("item__unit__holders_masked"),
            "contents": by_pinyin("item__contents"),
            "copies": "item__copies",
            "originals": "item__originals",
            "note": by_pinyin("note"),
            "state": if_any("taken_act_id", 0),
        },
        tie=("position", "id"),
    ),
)


def holder_of(organisation: Organisation) -> Holder | None:
    """Return the part that an organisation has in a chain; None: it keeps no papers. No query."""
    party = PARTY_OF.get(organisation.kind)
    return Holder(party, organisation.pk) if party else None


def items_of(actor: Actor) -> "QuerySet[CustodyItem]":
    """Return the bags and certificates that an actor may see. No query yet."""
    items: QuerySet[CustodyItem] = CustodyItem.objects.visible_to(actor)
    if actor.is_system or actor.role not in BY_PART:
        return items
    own = actor.organisation_id or 0
    moved = CustodyMove.objects.filter(item=OuterRef("pk")).filter(Q(from_organisation=own) | Q(to_organisation=own))
    sent = ManifestLine.objects.filter(
        item=OuterRef("pk"), struck_act_id__isnull=True, manifest__receiver=own, manifest__sent_act_id__isnull=False
    )
    return items.filter(Exists(moved) | Exists(sent))


def manifests_of(actor: Actor) -> "QuerySet[Manifest]":
    """Return the manifests that an actor may see: of both sides once they are sent. No query yet."""
    rows: QuerySet[Manifest] = Manifest.objects.visible_to(actor)
    if not actor.is_system and actor.role in BY_PART:
        own = actor.organisation_id or 0
        rows = rows.filter(Q(sender=own) | Q(receiver=own, sent_act_id__isnull=False))
    return rows.select_related("project", "sender", "receiver", "sent_by", "signed_by")


def item_by_id(actor: Actor, pk: int) -> CustodyItem:
    """Find a bag or certificate. One query."""
    row = items_of(actor).select_related("unit__building__project").filter(pk=pk).first()
    if row is None:
        raise NotFound("未找到该材料袋或证书，或不在您的范围内。")
    return row


def manifest_by_id(actor: Actor, pk: int) -> Manifest:
    """Find a manifest. One query."""
    row = manifests_of(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound("未找到该移交清单，或不在您的范围内。")
    return row


def manifest_by_number(actor: Actor, number: str) -> Manifest:
    """Find a manifest by its number. One query."""
    row = manifests_of(actor).filter(number=number).first()
    if row is None:
        raise NotFound("未找到该移交清单，或不在您的范围内。")
    return row


def moves_of(item_ids: Sequence[int]) -> Mapping[int, list[CustodyMove]]:
    """Return the chains of items, each in its order. One query for each 5,000."""
    chains: dict[int, list[CustodyMove]] = {key: [] for key in item_ids}
    for start in range(0, len(item_ids), 5000):
        part = item_ids[start : start + 5000]
        for move in CustodyMove.objects.filter(item_id__in=part).order_by("item_id", "position"):
            chains[move.item_id].append(move)
    return chains


def handings(moves: Sequence[CustodyMove]) -> list[Handing]:
    """Return a chain as the kernel's rules read it. No query."""
    return [
        Handing(
            Holder(Party(move.from_party), move.from_organisation_id),
            Holder(Party(move.to_party), move.to_organisation_id),
            move.on,
        )
        for move in moves
    ]


def last_moves(items: "QuerySet[CustodyItem]", *, on: date | None = None) -> "QuerySet[CustodyMove]":
    """Return the move by which each item was held on a day (None: now): its last by then. No query yet."""
    moves: QuerySet[CustodyMove] = CustodyMove.objects.filter(item__in=items)
    if on is not None:
        moves = moves.filter(on__lte=on)
    later = CustodyMove.objects.filter(item=OuterRef("item"), position__gt=OuterRef("position"))
    if on is not None:
        later = later.filter(on__lte=on)
    return moves.filter(~Exists(later)).select_related(
        "item__unit__building__project", "to_organisation", "line__manifest"
    )


@dataclass(frozen=True)
class Held:
    """Who holds or held an item, since when, by which paper."""

    item: CustodyItem
    party: Party
    organisation: Organisation | None
    since: date
    basis: str

    @property
    def holder(self) -> str:
        """The holder by name."""
        return str(self.organisation) if self.organisation else self.party.label


def held_by_move(move: CustodyMove) -> Held:
    """Return what a last move says of its holder. No query."""
    basis = move.line.manifest.number if move.line else move.basis
    return Held(move.item, Party(move.to_party), move.to_organisation, move.on, basis)


def who_held(actor: Actor, unit: Unit, *, on: date) -> list[Held]:
    """Say who held the bag and the certificates of a home at the end of a day. One query."""
    moves = last_moves(items_of(actor).filter(unit=unit), on=on).order_by("item__kind", "item_id")
    return [held_by_move(move) for move in moves]


def held_items(actor: Actor, project: Project) -> "QuerySet[CustodyMove]":
    """Return the last moves of all items of a project that an actor may see. No query yet."""
    return last_moves(items_of(actor).filter(unit__building__project=project))


@dataclass(frozen=True)
class HolderCount:
    """How many bags and certificates a holder has."""

    party: str
    organisation: int | None
    name: str
    bags: int
    certificates: int


def holder_counts(actor: Actor, project: Project) -> list[HolderCount]:
    """Count the bags and certificates of a project by holder, in the order of the chain. One query."""
    rows = (
        held_items(actor, project)
        .values("to_party", "to_organisation", "to_organisation__short_name", "to_organisation__name")
        .annotate(
            bags=Count("id", filter=Q(item__kind=ItemKind.BAG.value)),
            certificates=Count("id", filter=Q(item__kind=ItemKind.CERTIFICATE.value)),
        )
    )
    order = [Party.OFFICE, Party.TAX, Party.CENTRE, Party.OWNER]
    counts = [
        HolderCount(
            row["to_party"],
            row["to_organisation"],
            row["to_organisation__short_name"] or row["to_organisation__name"] or Party(row["to_party"]).label,
            row["bags"],
            row["certificates"],
        )
        for row in rows
    ]
    return sorted(counts, key=lambda count: (order.index(Party(count.party)), count.name))


def lines_of(manifest: Manifest, words: Mapping[str, Any]) -> "QuerySet[ManifestLine]":
    """List the lines of a manifest, narrowed to what waits or is out. No query yet."""
    rows: QuerySet[ManifestLine] = manifest.lines.select_related("item__unit__building", "answers__manifest")
    if words.get("only") == "waiting":
        rows = rows.filter(taken_act_id__isnull=True, struck_act_id__isnull=True)
    if words.get("only") == "out":
        rows = rows.filter(taken_act_id__isnull=False, back_act_id__isnull=True, kept_act_id__isnull=True)
    return rows


def chosen_held(actor: Actor, project: Project, words: Mapping[str, Any]) -> "QuerySet[CustodyMove]":
    """List what a project's holders have, narrowed by holder, kind and building. No query yet."""
    rows = held_items(actor, project)
    if words.get("holder"):
        rows = (
            rows.filter(to_organisation=words["holder"])
            if words["holder"] != "owner"
            else rows.filter(to_party=Party.OWNER.value)
        )
    if words.get("kind"):
        rows = rows.filter(item__kind=words["kind"])
    if words.get("building"):
        rows = rows.filter(item__unit__building__number=words["building"])
    return rows


def open_line_of(item_ids: Sequence[int]) -> Mapping[int, ManifestLine]:
    """Return by item the line on which it stands, neither taken nor struck. One query."""
    rows = ManifestLine.objects.filter(
        item_id__in=list(item_ids), taken_act_id__isnull=True, struck_act_id__isnull=True
    ).select_related("manifest")
    return {row.item_id: row for row in rows}


def lent_lines_of(item_ids: Sequence[int], *, lender: int, borrower: int) -> Mapping[int, ManifestLine]:
    """Return by item the line by which one organisation lent it to another and has not got it back. One query."""
    rows = ManifestLine.objects.filter(
        item_id__in=list(item_ids), manifest__is_lent=True, manifest__sender=lender, manifest__receiver=borrower,
        taken_act_id__isnull=False, back_act_id__isnull=True, kept_act_id__isnull=True,
    ).order_by("id")  # fmt: skip
    return {row.item_id: row for row in rows}


def receivers_for(actor: Actor, project: Project, parties: Sequence[Party]) -> list[Organisation]:
    """List the organisations to which a project's papers may go: of these parts, in its area or named in. One query."""
    kinds = [kind for kind, party in PARTY_OF.items() if party in parties]
    area = Q(area_code=project.district_code) | Q(area_code=project.township_code) | Q(area_code="")
    named = Q(participations__project=project, participations__takes_part=True)
    rows = Organisation.objects.filter(area | named, kind__in=kinds, is_active=True).exclude(
        pk=actor.organisation_id or 0
    )
    return list(rows.distinct().order_by("kind", "name"))


def bags_to_make(actor: Actor, project: Project) -> "QuerySet[Unit]":
    """Return the homes whose papers are taken in and lie in no bag. No query yet."""
    bags = CustodyItem.objects.filter(unit=OuterRef("pk"), kind=ItemKind.BAG.value, ended_act_id__isnull=True)
    units: QuerySet[Unit] = Unit.objects.visible_to(actor).filter(building__project=project, certificate="collected")
    return units.filter(~Exists(bags)).select_related("building").order_by("building__number_order", "id")


def held_here(actor: Actor, project: Project) -> "QuerySet[CustodyItem]":
    """Return what the actor's organisation holds and no manifest lists. No query yet."""
    last = CustodyMove.objects.filter(item=OuterRef("pk")).order_by("-position").values("to_organisation")[:1]
    listed = ManifestLine.objects.filter(item=OuterRef("pk"), taken_act_id__isnull=True, struck_act_id__isnull=True)
    return (
        items_of(actor)
        .filter(unit__building__project=project, ended_act_id__isnull=True)
        .annotate(held_by=Subquery(last), place=F("unit__building__number_order"))
        .filter(~Exists(listed), held_by=actor.organisation_id or 0)
        .select_related("unit__building__project")
        .order_by("place", "unit_id", "id")
    )


def held_by(organisation: Organisation, project: Project) -> "QuerySet[CustodyItem]":
    """Return what an organisation holds of a project and no manifest lists. No query yet."""
    last = CustodyMove.objects.filter(item=OuterRef("pk")).order_by("-position").values("to_organisation")[:1]
    listed = ManifestLine.objects.filter(item=OuterRef("pk"), taken_act_id__isnull=True, struck_act_id__isnull=True)
    rows: QuerySet[CustodyItem] = CustodyItem.objects.filter(unit__building__project=project, ended_act_id__isnull=True)
    return rows.annotate(held_by=Subquery(last)).filter(~Exists(listed), held_by=organisation.pk).order_by("pk")


def manifest_rows(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[Manifest]":
    """List manifests, those that wait for the actor's organisation first among equals. No query yet."""
    rows = manifests_of(actor)
    if words.get("project"):
        rows = rows.filter(project__code=words["project"])
    if words.get("state") == "open":
        rows = rows.filter(closed_act_id__isnull=True, withdrawn_act_id__isnull=True)
    if words.get("side") == "in":
        rows = rows.filter(receiver=actor.organisation_id or 0)
    if words.get("side") == "out":
        rows = rows.filter(sender=actor.organisation_id or 0)
    return rows


def moves_told(item: CustodyItem) -> list[CustodyMove]:
    """List the moves of an item with who made them, in their order. One query."""
    moves = item.moves.select_related("from_organisation", "to_organisation", "given_by", "taken_by", "line__manifest")
    return list(moves.order_by("position"))


def units_named(actor: Actor, project: Project, text: str) -> "list[Unit]":
    """Find the homes of a project that a text names: 9-3-502, 9号楼3单元502, or a room alone. One query."""
    query = place_query(text)
    units: QuerySet[Unit] = Unit.objects.visible_to(actor).filter(
        building__project=project, building__in=Building.objects.filter(project=project).values("pk")
    )  # the buildings once more, for the index over room and building
    if query is None:
        return list(units.filter(room=text.strip()).select_related("building")[:20])
    named = {"building__number": query.building, "entrance": query.entrance, "room": query.room}
    wanted = {name: value for name, value in named.items() if value}
    return list(units.filter(**wanted).select_related("building").order_by("building__number_order", "id")[:20])


def manifest_state(manifest: Manifest) -> str:
    """Return the state of a manifest as its papers ask for it: certificates are signed for on a sheet. No query."""
    if manifest.withdrawn_act_id is not None or manifest.sent_act_id is None:
        return "not_sent"
    is_batch = manifest.purpose == ManifestPurpose.CERTIFICATES and manifest.signed_act_id is not None
    return "certificates" if is_batch else "sent"
