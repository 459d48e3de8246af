"""Bags of papers and certificates, and through whose hands they went; nothing but the last move says who holds one."""

from django.db import models
from django.db.models import F, Q

from projects.ledger.models import Unit
from projects.office.models.manifests import ManifestLine
from registry.accounts.models import Organisation, Person
from registry.kernel.custody import ItemKind, Party
from registry.kernel.identifiers import ScanCode, ScanKind
from registry.store.scoping import TenantModel

KINDS = [(kind.value, kind.label) for kind in ItemKind]
PARTIES = [(party.value, party.label) for party in Party]
SCANS = {ItemKind.BAG: ScanKind.BAG, ItemKind.CERTIFICATE: ScanKind.CERTIFICATE}
ORGANISED = tuple(party.value for party in Party if party.is_organisation)


class CustodyItem(TenantModel):
    """A bag with the papers of a home, or a certificate on paper: what has exactly one holder at every moment.

    A home has one bag at a time: it ends when it is back with its owner. `contents` says what lies in it.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="custody_items")
    kind = models.CharField("类别", max_length=12, choices=KINDS)
    contents = models.CharField("材料", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("份数", default=0)
    originals = models.PositiveSmallIntegerField("原件数", default=0)
    receipt_no = models.CharField("材料接收清单编号", max_length=60, blank=True)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(kind="bag", ended_act_id__isnull=True), name="one_open_bag_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(originals__lte=F("copies")), name="originals_of_a_bag_are_among_its_papers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.building}{self.unit}的{ItemKind(self.kind).label}"

    @property
    def code(self) -> ScanCode:
        """The code on its label."""
        return ScanCode(SCANS[ItemKind(self.kind)], self.pk)


class CustodyMove(TenantModel):
    """One step of a chain: from whom to whom, on which day.

    Between two organisations it stands on a line of a manifest, given by a person of the one and taken by a person of
    the other. The first of a bag is from its owner, the first of a certificate from where it was made.
    """

    scope_path = "item__unit__building__project"

    item = models.ForeignKey(CustodyItem, on_delete=models.PROTECT, related_name="moves")
    position = models.PositiveSmallIntegerField("次序")
    from_party = models.CharField("移交方", max_length=8, choices=PARTIES)
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    to_party = models.CharField("接收方", max_length=8, choices=PARTIES)
    to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=True
    )
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    given_act_id = models.BigIntegerField(null=True)
    line = models.OneToOneField(ManifestLine, on_delete=models.PROTECT, null=True, related_name="move")
    basis = models.CharField("凭证", max_length=80, blank=True)
    on = models.DateField("移交日期")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="custody_moves_of_an_item_follow_each_other"),
            models.CheckConstraint(condition=Q(position__gte=1), name="custody_moves_count_from_one"),
            models.CheckConstraint(
                condition=(Q(from_party__in=ORGANISED) & Q(from_organisation__isnull=False))
                | (~Q(from_party__in=ORGANISED) & Q(from_organisation__isnull=True)),
                name="custody_giver_is_an_organisation_or_none",
            ),
            models.CheckConstraint(
                condition=(Q(to_party__in=ORGANISED) & Q(to_organisation__isnull=False))
                | (~Q(to_party__in=ORGANISED) & Q(to_organisation__isnull=True)),
                name="custody_taker_is_an_organisation_or_none",
            ),
            models.CheckConstraint(
                condition=Q(from_organisation__isnull=True)
                | Q(to_organisation__isnull=True)
                | (
                    Q(line__isnull=False, given_by__isnull=False, taken_by__isnull=False)
                    & ~Q(given_by=F("taken_by"))
                    & ~Q(from_organisation=F("to_organisation"))
                ),
                name="custody_passes_by_two_persons_of_two_organisations",
            ),
        ]
        indexes = [models.Index(fields=["item", "-position"], name="custody_by_item")]

    def __str__(self) -> str:
        return f"{self.item_id}#{self.position}"
