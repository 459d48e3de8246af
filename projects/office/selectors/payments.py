"""Reading money: by building, of each kind; every sum is over the rows of the homes."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from projects.ledger.models import Building, Project, Unit
from projects.progress.models import Payment, PaymentKind
from registry.kernel.authority import Actor
from registry.kernel.stages import Use
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

NOUGHT: Final = Decimal(0)
PAYMENT_ORDERS: Final = (
    Order("newest", "最近登记", ("-id",)),
    *by_heads(
        {
            "unit": "unit__building__number_order",
            "kind": ranked("kind", PaymentKind.values),
            "amount": "amount",
            "remitted": if_any("remitted", 0),
            "document_no": "document_no",
            "collected_by": by_pinyin("collected_by"),
            "advanced_by": by_pinyin("advanced_by"),
            "paid_on": if_any("paid_on"),
        },
        tie=("-id",),
    ),
)


@dataclass
class Money:
    """What of one kind was collected, remitted, advanced; how many homes paid, are exempt, are missing."""

    kind: PaymentKind
    homes: int = 0
    paid: int = 0
    exempt: int = 0
    collected: Decimal = NOUGHT
    remitted: Decimal = NOUGHT
    advanced: dict[str, Decimal] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Homes of which nothing is noted."""
        return self.homes - self.paid - self.exempt

    @property
    def held(self) -> Decimal:
        """Collected and not remitted."""
        return self.collected - self.remitted


@dataclass(frozen=True)
class BuildingMoney:
    """The money of one building, kind by kind."""

    name: str
    number: str
    kinds: tuple[Money, ...]

    @property
    def is_bare(self) -> bool:
        """Whether nothing is noted of any of its homes."""
        return not any(money.paid or money.exempt or money.collected for money in self.kinds)


def money_by_building(actor: Actor, project: Project) -> list[BuildingMoney]:
    """Sum the payments of a project by building and kind, the whole project last. Four queries."""
    homes = Unit.objects.visible_to(actor).filter(building__project=project, certificate__gt="", use=Use.DWELLING)
    counts = dict(homes.values_list("building_id").annotate(n=Count("id")))
    payments = Payment.objects.visible_to(actor).filter(unit__building__project=project)
    table: dict[tuple[int, str], Money] = {}
    key = ("unit__building_id", "kind")
    sums = payments.values_list(*key).annotate(
        collected=Sum("amount"), remitted=Sum("remitted"),
        paid=Count("unit", distinct=True, filter=Q(is_exempt=False, unit__use=Use.DWELLING)),
        exempt=Count("unit", distinct=True, filter=Q(is_exempt=True, unit__use=Use.DWELLING)),
    )  # fmt: skip
    for building, kind, collected, remitted, paid, exempt in sums:
        table[(building, kind)] = Money(
            PaymentKind(kind), counts.get(building, 0), paid, exempt, collected or NOUGHT, remitted or NOUGHT
        )
    by_whom = payments.exclude(advanced_by="").values_list(*key, "advanced_by").annotate(total=Sum("amount"))
    for building, kind, who, total in by_whom:
        table[(building, kind)].advanced[who] = total
    rows = [
        BuildingMoney(
            building.name,
            building.number,
            tuple(
                table.get((building.pk, kind.value)) or Money(kind, counts.get(building.pk, 0)) for kind in PaymentKind
            ),
        )
        for building in Building.objects.filter(project=project).order_by("number_order", "id")
    ]
    return [*rows, BuildingMoney("合计", "", tuple(_sum(kind, rows) for kind in PaymentKind))]


def _sum(kind: PaymentKind, rows: list[BuildingMoney]) -> Money:
    whole = Money(kind)
    advanced: dict[str, Decimal] = defaultdict(lambda: NOUGHT)
    for row in rows:
        money = next(each for each in row.kinds if each.kind == kind)
        whole.homes, whole.paid, whole.exempt = (
            whole.homes + money.homes, whole.paid + money.paid, whole.exempt + money.exempt,
        )  # fmt: skip
        whole.collected += money.collected
        whole.remitted += money.remitted
        for who, total in money.advanced.items():
            advanced[who] += total
    whole.advanced = dict(advanced)
    return whole


def payments_of(actor: Actor, project: Project, words: Any) -> "QuerySet[Payment]":
    """List the payments of a project's homes, narrowed by building and kind. No query yet."""
    rows: QuerySet[Payment] = Payment.objects.visible_to(actor).filter(unit__building__project=project)
    if words.get("building"):
        rows = rows.filter(unit__building__number=words["building"])
    if words.get("kind"):
        rows = rows.filter(kind=words["kind"])
    if words.get("unit"):
        rows = rows.filter(unit_id=words["unit"])
    return rows.select_related("unit__building")
