"""Buildings and units, and the names and codes by which offices know them."""

from typing import Any, ClassVar

from django.db import models

from projects.ledger.choices import STANDINGS, USES, NameScheme
from projects.ledger.models.project import Project
from registry.store.fields import AreaField
from registry.store.scoping import TenantModel, TenantQuerySet

IN_THE_BOOKS = models.Q(certificate__gt="")  # of units: a retired one stays as a row, on no account


class StandingBuildings(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # made on the fly
    """The buildings that stand in the ledger; one withdrawn with the list that laid it stays as a row only."""

    def get_queryset(self) -> Any:
        """Leave out what was withdrawn."""
        return super().get_queryset().filter(withdrawn_act_id__isnull=True)


class Building(TenantModel):
    """A building; `number` is its normalised number, unique in its project. Placed in a project from a date.

    `objects` are those that stand; the retired units of a withdrawn one still point at it.
    """

    scope_path = "project"
    objects: ClassVar[Any] = StandingBuildings()

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="buildings")
    number = models.CharField("楼号", max_length=20)
    number_order = models.PositiveIntegerField(default=0)
    name = models.CharField("楼栋", max_length=40)
    construction_no = models.CharField("施工号", max_length=40, blank=True)
    police_no = models.CharField("公安楼号", max_length=40, blank=True)
    survey_no = models.CharField("幢号", max_length=40, blank=True)
    occupied_on = models.DateField("入住日期", null=True)
    act_id = models.BigIntegerField()
    withdrawn_act_id = models.BigIntegerField(null=True, help_text="the act that undid the list which laid it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                condition=models.Q(withdrawn_act_id__isnull=True),
                name="building_number_once_per_project",
            )
        ]

    def __str__(self) -> str:
        return self.name


class BuildingPlacement(TenantModel):
    """A building belongs to a project from a day on. The last one stands in Building.project."""

    scope_path = "project"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="placements")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("楼号", max_length=20, blank=True, help_text="its number there, if it has another now")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.building_id} in {self.project_id}"


class Unit(TenantModel):
    """A home, shop, ancillary room, parking or storage place.

    `certificate`, `tax`, `fund`, `standing`, `use` repeat the last unreversed moves, `opened_on` the first day in the
    books, `features` the last `FeatureChange` if there is one; check_ledger proves it.
    """

    scope_path = "building__project"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="units")
    entrance = models.CharField("单元", max_length=10, blank=True)
    floor = models.CharField("名义层", max_length=10)
    floor_order = models.SmallIntegerField(default=0)
    room = models.CharField("户号", max_length=20)
    use = models.CharField("用途", max_length=12, choices=USES)
    features = models.PositiveSmallIntegerField("特征", default=0)
    standing = models.CharField("状态", max_length=12, choices=STANDINGS, default="active")
    certificate = models.CharField("办证阶段", max_length=12, default="waiting")
    tax = models.CharField("契税", max_length=12, default="unassessed")
    fund = models.CharField("维修资金", max_length=12, default="unpaid")
    certificate_on = models.DateField("到达日期", null=True, help_text="day of the last unreversed certificate move")
    opened_on = models.DateField("入账日期", null=True, help_text="day from which it is in the books")
    unit_code = models.CharField("不动产单元号", max_length=28, null=True, blank=True)
    area = AreaField("建筑面积", null=True)
    agreement_no = models.CharField("合同、协议号", max_length=60, blank=True)
    holders_masked = models.CharField("权利人", max_length=200, blank=True)
    certificate_no = models.CharField("产权证号", max_length=400, blank=True, help_text="of its certificates, joined")
    remark = models.CharField("备注", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    act_id = models.BigIntegerField(help_text="the act that placed it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "entrance", "floor", "room"], name="unit_place_once_per_building"
            ),
            models.UniqueConstraint(
                fields=["unit_code"], condition=models.Q(unit_code__isnull=False), name="unit_code_once"
            ),
            models.CheckConstraint(
                condition=models.Q(area__isnull=True) | models.Q(area__gt=0), name="area_is_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["building", "id"], name="unit_by_building"),
            models.Index(fields=["act_id"], name="unit_by_act"),
            models.Index(fields=["room", "building"], name="unit_by_room"),
            models.Index(fields=["certificate", "certificate_on"], name="unit_by_stage"),
            models.Index(fields=["certificate", "standing", "building", "tax", "certificate_on"], name="unit_at_work"),
        ]

    def __str__(self) -> str:
        entrance = f"{self.entrance}单元" if self.entrance else ""
        return f"{entrance}{self.room}"


class FeatureChange(TenantModel):
    """What a unit has beside its use, changed from a day on. Before the first change it had what that one left."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="feature_changes")
    was = models.PositiveSmallIntegerField()
    features = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(features=models.F("was")), name="feature_change_changes")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.was}→{self.features} {self.effective_on}"


class UnitName(TenantModel):
    """What a scheme (construction, sales, police, survey) calls a unit, from when until when."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    scheme = models.CharField(max_length=12, choices=NameScheme)
    text = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "scheme"], condition=models.Q(ends__isnull=True), name="unit_has_one_name_per_scheme"
            )
        ]
        indexes = [models.Index(fields=["text"], name="unit_name_by_text")]

    def __str__(self) -> str:
        return self.text


class UnitCodeHistory(TenantModel):
    """A unit code that was replaced."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="former_codes")
    unit_code = models.CharField(max_length=28)
    until = models.DateField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.unit_code


class RightKind(models.TextChoices):
    ADVANCE_NOTICE = "advance_notice", "预告登记"
    MORTGAGE = "mortgage", "抵押"
    MORTGAGE_NOTICE = "mortgage_notice", "抵押预告"
    SEIZURE = "seizure", "查封"


class UnitRight(TenantModel):
    """A right or restriction on a unit; an advance notice lapses 90 days after registration becomes possible."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rights")
    kind = models.CharField(max_length=20, choices=RightKind)
    number = models.CharField(max_length=80, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    lapses_on = models.DateField(null=True)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
