"""Reading certificates: what was made for a home, what waits to be fetched and for how long, blanks by state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from projects.ledger.models import Unit, UnitHolder
from projects.office.models import Blank, CustodyMove, MadeCertificate
from projects.office.selectors.custody import items_of, manifests_of
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.custody import Party
from registry.lists.orders import Order, by_heads, by_pinyin

CHUNK: Final = 800
WAITING_ORDERS: Final = (  # of the page of unclaimed certificates and of its export
    Order("longest", "待领最久", ("on", "id")),
    *by_heads(
        {
            "unit": "item__unit__building__number_order",
            "project": by_pinyin("item__unit__building__project__name"),
            "number": "item__certificate__number",
            "holders": by_pinyin("item__unit__holders_masked"),
            "since": "on",
            "days": "-on",
        },
        tie=("id",),
    ),
)


def certificates_kept(unit_ids: list[int]) -> Mapping[int, str]:
    """Answer the port: the homes of which a certificate was made and not handed over."""
    kept: dict[int, str] = {}
    for start in range(0, len(unit_ids), CHUNK):
        rows = MadeCertificate.objects.filter(
            unit_id__in=unit_ids[start : start + CHUNK], hand_over__isnull=True, ended_act_id__isnull=True
        )
        kept |= dict(rows.order_by("-pk").values_list("unit_id", "number"))
    return kept


def ended_certificates(item_ids: Sequence[int]) -> Mapping[int, str]:
    """Return, by item, the number of a certificate that was spoiled: the paper goes nowhere any more. One query."""
    rows = MadeCertificate.objects.filter(item__in=item_ids, ended_act_id__isnull=False)
    return dict(rows.values_list("item_id", "number"))


@dataclass(frozen=True)
class MadeLine:
    """A certificate of a home as its page shows it: who has it now, and how it was handed over."""

    row: MadeCertificate
    holder: str
    is_here: bool


def certificates_of(actor: Actor, unit: Unit) -> list[MadeLine]:
    """List the certificates made for a home, those ended too. Two queries."""
    rows = MadeCertificate.objects.filter(unit=unit).select_related("holder", "hand_over", "item").order_by("pk")
    return _lines(actor, list(rows))


def certificates_here(actor: Actor, unit_ids: Sequence[int]) -> list[MadeLine]:
    """List the certificates of homes that lie with the actor's organisation, or are electronic. Two queries."""
    rows = MadeCertificate.objects.filter(unit__in=unit_ids, hand_over__isnull=True, ended_act_id__isnull=True)
    lines = _lines(actor, list(rows.select_related("holder", "hand_over", "item", "unit__building").order_by("pk")))
    return [line for line in lines if line.is_here]


def _lines(actor: Actor, made: Sequence[MadeCertificate]) -> list[MadeLine]:
    moves = CustodyMove.objects.filter(item__in=[row.item_id for row in made if row.item_id]).order_by("position")
    last = {move.item_id: move for move in moves.select_related("to_organisation")}
    return [_line(actor, row, last.get(row.item_id)) for row in made]


def _line(actor: Actor, row: MadeCertificate, move: CustodyMove | None) -> MadeLine:
    if row.form == "electronic":
        return MadeLine(row, "电子证照", row.hand_over_id is None and row.ended_act_id is None)
    name = str(move.to_organisation or Party(move.to_party).label) if move else "无记录"
    is_here = move is not None and move.to_organisation_id == actor.organisation_id
    return MadeLine(row, name, is_here and row.hand_over_id is None and row.ended_act_id is None)


def holders_to_choose(unit: Unit) -> list[tuple[int, str]]:
    """List the present holders of a home, masked, for who takes a certificate. One query."""
    rows = UnitHolder.objects.filter(unit=unit, ended_act_id__isnull=True).select_related("holder").order_by("position")
    return [(row.holder_id, row.holder.name_masked) for row in rows]


def waiting_certificates(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[CustodyMove]":
    """List the certificates at an office that nobody has fetched, by the move that brought them. No query yet."""
    later = CustodyMove.objects.filter(item=OuterRef("item"), position__gt=OuterRef("position"))
    moves: QuerySet[CustodyMove] = CustodyMove.objects.filter(
        item__in=items_of(actor).filter(kind="certificate", ended_act_id__isnull=True),
        item__certificate__ended_act_id__isnull=True, to_party=Party.OFFICE.value,
    ).filter(~Exists(later))  # fmt: skip
    if words.get("project"):
        moves = moves.filter(item__unit__building__project__code=words["project"])
    if words.get("own"):
        moves = moves.filter(to_organisation=actor.organisation_id or 0)
    return moves.select_related("item__unit__building__project", "item__certificate", "to_organisation")


def lying_here(actor: Actor) -> tuple[int, date | None, int]:
    """Return how many certificates wait at the actor's office, since when the oldest does, and how many manifests that
    were sent to it are not signed. One query."""
    waiting = waiting_certificates(actor, {"own": "1"}).order_by().select_related(None).values("to_organisation")
    sent = manifests_of(actor).filter(receiver=actor.organisation_id or 0, sent_act_id__isnull=False)
    unsigned = sent.filter(signed_act_id__isnull=True, withdrawn_act_id__isnull=True, closed_act_id__isnull=True)
    rows = Organisation.objects.filter(pk=actor.organisation_id or 0).annotate(
        waiting=Subquery(waiting.annotate(n=Count("pk")).values("n")),
        oldest=Subquery(waiting.annotate(day=Min("on")).values("day")),
        unsigned=Subquery(
            unsigned.order_by().select_related(None).values("receiver").annotate(n=Count("pk")).values("n")
        ),
    )
    for count, oldest, to_take in rows.values_list("waiting", "oldest", "unsigned"):
        return count or 0, oldest, to_take or 0
    return 0, None, 0


def blanks_of(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[Blank]":
    """List the blanks that an actor may see: of its own centre, or of its area. No query yet."""
    rows: QuerySet[Blank] = Blank.objects.all()
    if actor.role in (Role.DISTRICT, Role.AUDITOR, Role.CITY):
        rows = rows.filter(organisation__area_code__startswith=actor.area_code or "")
    else:
        rows = rows.filter(organisation_id=actor.organisation_id or 0)
    if words.get("number"):
        rows = rows.filter(number__contains=words["number"].upper())
    state = {
        "stock": Q(printed_on__isnull=True, spoiled_on__isnull=True),
        "used": Q(printed_on__isnull=False, spoiled_on__isnull=True),
        "spoiled": Q(spoiled_on__isnull=False, destroyed_on__isnull=True),
        "destroyed": Q(destroyed_on__isnull=False),
    }.get(words.get("state", ""), Q())
    return rows.filter(state).select_related("organisation", "spoiled_by", "destroyed_by")


def blank_counts(actor: Actor) -> Mapping[str, int]:
    """Count the blanks by state: in stock, used, spoiled, destroyed; they sum to what was taken in. One query."""
    counts: Mapping[str, int] = blanks_of(actor, {}).aggregate(
        total=Count("id"),
        stock=Count("id", filter=Q(printed_on__isnull=True, spoiled_on__isnull=True)),
        used=Count("id", filter=Q(printed_on__isnull=False, spoiled_on__isnull=True)),
        spoiled=Count("id", filter=Q(spoiled_on__isnull=False, destroyed_on__isnull=True)),
        destroyed=Count("id", filter=Q(destroyed_on__isnull=False)),
    )
    return counts


BLANK_ORDERS: Final = (
    Order("series", "编号", ("number",)),
    *by_heads({"number": "number", "received_on": "received_on", "certificate_no": "certificate_no"}, tie=("id",)),
)
