"""The double-entry books: moves, append-only, and the tallies they add up to."""

from django.db import models

from projects.ledger.choices import MoveKind
from projects.ledger.models.building import Building, Unit
from projects.ledger.models.project import Project
from registry.store.scoping import TenantModel


class Move(TenantModel):
    """One step of a unit on a track: −1 on the account it leaves, +1 on the account it enters.

    Either side may be nowhere (all four of its columns null): an opening or a retirement. `occurred_on` is a stated
    fact; `recorded_at` is the database clock of the act. A correction reverses a move, never deletes it.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="moves")
    track = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=MoveKind)
    from_building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+")
    from_use = models.CharField(max_length=12, null=True)
    from_standing = models.CharField(max_length=12, null=True)
    from_stage = models.CharField(max_length=12, null=True)
    to_building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+")
    to_use = models.CharField(max_length=12, null=True)
    to_standing = models.CharField(max_length=12, null=True)
    to_stage = models.CharField(max_length=12, null=True)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_building__isnull=False) | models.Q(to_building__isnull=False),
                name="move_has_a_side",
            ),
            models.CheckConstraint(
                condition=models.Q(from_building__isnull=True, from_use__isnull=True, from_standing__isnull=True,
                                   from_stage__isnull=True)
                | models.Q(from_building__isnull=False, from_use__isnull=False, from_standing__isnull=False,
                           from_stage__isnull=False),
                name="move_leaves_an_account_or_nowhere",
            ),
            models.CheckConstraint(
                condition=models.Q(to_building__isnull=True, to_use__isnull=True, to_standing__isnull=True,
                                   to_stage__isnull=True)
                | models.Q(to_building__isnull=False, to_use__isnull=False, to_standing__isnull=False,
                           to_stage__isnull=False),
                name="move_enters_an_account_or_nowhere",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["unit", "track", "id"], name="move_by_unit"),
            models.Index(fields=["act_id"], name="move_by_act"),
            models.Index(fields=["recorded_at"], name="move_by_moment"),
            models.Index(
                fields=["unit"], condition=models.Q(kind__in=("standing", "use")), name="move_that_changes_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.track} {self.from_stage}→{self.to_stage}"


class Tally(TenantModel):
    """How many units stand on an account now. Kept in the transaction of the moves; recounted by check_ledger."""

    is_trailed = False  # counted anew from the moves by I2

    scope_path = "building__project"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="tallies")
    use = models.CharField(max_length=12)
    standing = models.CharField(max_length=12)
    track = models.CharField(max_length=12)
    stage = models.CharField(max_length=12)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "use", "standing", "track", "stage"], name="tally_once"),
            models.CheckConstraint(condition=models.Q(count__gte=0), name="tally_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.use} {self.stage} {self.count}"


class ProjectTally(TenantModel):
    """The tallies of a project's buildings summed: lists of projects and desks read these, a fifteenth of the rows.

    Kept beside the tallies, in the transaction of the moves; recounted by check_ledger.
    """

    is_trailed = False  # summed anew from the tallies by I2

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sums")
    use = models.CharField(max_length=12)
    standing = models.CharField(max_length=12)
    track = models.CharField(max_length=12)
    stage = models.CharField(max_length=12)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "track", "use", "standing", "stage"], name="project_tally_once"),
            models.CheckConstraint(condition=models.Q(count__gte=0), name="project_tally_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.use} {self.stage} {self.count}"
