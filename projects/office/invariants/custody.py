"""What must hold of custody: all that is kept has one holder at every moment, manifests agree with their lines."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q

from projects.office.models import Blank, CustodyItem, CustodyMove, MadeCertificate, Manifest, ManifestLine
from projects.office.selectors.custody import handings, moves_of
from registry.audit.invariants import Invariant, Violation
from registry.kernel.custody import ItemKind, Party, chain_faults

PORTION: Final = 2000
COUNTS: Final = {
    "listed": ("列入", Q()),
    "struck": ("划去", Q(lines__struck_act_id__isnull=False)),
    "taken": ("接收", Q(lines__taken_act_id__isnull=False)),
    "back": ("退还", Q(lines__back_act_id__isnull=False)),
    "kept": ("未退", Q(lines__kept_act_id__isnull=False)),
}


def everything_kept_has_one_holder(project: int | None) -> Iterator[Violation]:
    """Find the bags and certificates whose chain is empty, breaks, or ends otherwise than the item does.

    Read in portions of 2,000 items, two queries each.
    """
    items = CustodyItem.objects.select_related("unit__building").order_by("pk")
    if project is not None:
        items = items.filter(unit__building__project=project)
    last = 0
    while rows := list(items.filter(pk__gt=last)[:PORTION]):
        last = rows[-1].pk
        chains = moves_of([row.pk for row in rows])
        for row in rows:
            kind, moves = ItemKind(row.kind), chains[row.pk]
            chain = handings(moves)
            for fault in chain_faults(kind, chain):
                yield Violation(str(row), "每一时刻恰有一个保管方", fault)
            if [move.position for move in moves] != list(range(1, len(moves) + 1)):
                yield Violation(str(row), "移交次序连续", "次序有缺")
            is_back = bool(chain) and chain[-1].to.party is Party.OWNER
            if is_back is (row.ended_act_id is None):
                said = "已交还权利人" if is_back else "仍在保管"
                yield Violation(str(row), "交还权利人的才结束保管", said)


def moves_between_organisations_stand_on_their_lines(project: int | None) -> Iterator[Violation]:
    """Find the lines taken without a move and moves that are not of their manifest's two sides. Two queries."""
    lines = ManifestLine.objects.filter(taken_act_id__isnull=False).filter(
        ~Exists(CustodyMove.objects.filter(line=OuterRef("pk"), item=OuterRef("item"), act_id=OuterRef("taken_act_id")))
    )
    moves = CustodyMove.objects.filter(line__isnull=False).exclude(
        from_organisation=F("line__manifest__sender"),
        to_organisation=F("line__manifest__receiver"),
        given_by=F("line__manifest__sent_by"),
        line__taken_act_id=F("act_id"),
    )
    if project is not None:
        lines = lines.filter(manifest__project=project)
        moves = moves.filter(line__manifest__project=project)
    for line in lines.select_related("manifest", "item__unit__building"):
        yield Violation(f"{line.manifest}第{line.position}项", "接收的都有移交记录", "没有")
    for move in moves.select_related("item__unit__building", "line__manifest"):
        yield Violation(f"{move.item}第{move.position}次移交", f"与清单{move.line.manifest}的双方和签字人相符", "不符")


def manifests_agree_with_their_lines(project: int | None) -> Iterator[Violation]:
    """Find the manifests whose counts are not those of their lines. One query."""
    rows = Manifest.objects.select_related("project")
    if project is not None:
        rows = rows.filter(project=project)
    counted = {f"n_{name}": Count("lines", filter=condition) for name, (_, condition) in COUNTS.items()}
    differing = Q()
    for name in COUNTS:
        differing |= ~Q(**{name: F(f"n_{name}")})
    row: Any
    for row in rows.annotate(**counted).filter(differing):
        for name, (label, _) in COUNTS.items():
            if getattr(row, name) != getattr(row, f"n_{name}"):
                yield Violation(
                    f"移交清单{row}", f"{label}{getattr(row, f'n_{name}')}项", f"记为{getattr(row, name)}项"
                )


def issued_homes_have_their_certificates(project: int | None) -> Iterator[Violation]:
    """Find certificates of issued homes that were never handed over, and blanks unlike theirs. Two queries."""
    rows = MadeCertificate.objects.filter(ended_act_id__isnull=True).select_related("unit__building")
    if project is not None:
        rows = rows.filter(unit__building__project=project)
    for row in rows.filter(unit__certificate="issued", hand_over__isnull=True):
        yield Violation(f"{row.unit.building}{row.unit}证书{row.number}", "已发证的户证书均已签收", "未签收")
    blanks = Blank.objects.filter(number=OuterRef("blank_no"))
    wrong = ~Q(certificate_no=OuterRef("number")) | Q(spoiled_on__isnull=False)
    for row in rows.filter(form="paper").filter(Exists(blanks.filter(wrong))):
        yield Violation(f"印制编号{row.blank_no}", f"印有证书{row.number}且未作废", "空白证书登记不符")


INVARIANTS_OF_CUSTODY = (
    Invariant("I54", "每个材料袋和每本证书在每一时刻恰有一个保管方", everything_kept_has_one_holder),
    Invariant("I55", "移交清单的数与各项相符", manifests_agree_with_their_lines),
    Invariant("I56", "单位之间的移交都在清单上，由双方两人经手", moves_between_organisations_stand_on_their_lines),
    Invariant("I57", "已发证的户证书均已签收，印制编号与证书相符", issued_homes_have_their_certificates),
)
