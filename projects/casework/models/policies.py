"""Policies of the 1+10+N frame: which blocker types each may lift and on what condition, and what it proposes."""

from django.db import models

from projects.casework.choices import PolicyLevel, ProposalState
from projects.gates.models import Blocker, BlockerType
from registry.accounts.models import Person
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel

__all__ = ["LiftProposal", "Policy", "PolicyLift"]


class Policy(GuardedModel):
    """A policy paper, city-wide or of one district; a draft until two persons issue it. It never lifts by itself."""

    code = models.CharField("编号", max_length=12, unique=True)
    level = models.CharField("层级", max_length=10, choices=PolicyLevel)
    number = models.CharField("文号", max_length=80, blank=True)
    title = models.CharField("标题", max_length=120)
    organ = models.CharField("发文机关", max_length=120)
    district_code = models.CharField("适用的区", max_length=6, blank=True, help_text="empty: the whole city")
    summary = models.CharField("要点", max_length=500, blank=True)
    issued_on = models.DateField("发布日期", null=True)
    ended_on = models.DateField("废止日期", null=True)
    end_reason = models.CharField("废止原因", max_length=200, blank=True)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def state(self) -> str:
        """How it stands, for the screen."""
        return "已废止" if self.ended_on else "有效" if self.issued_on else "草稿"


class PolicyLift(GuardedModel):
    """One blocker type that instruments under a policy may lift, and the condition to be shown each time."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="lifts")
    type = models.ForeignKey(BlockerType, on_delete=models.PROTECT, related_name="policies")
    condition = models.CharField("条件", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "type"], name="policy_lifts_a_type_once")]

    def __str__(self) -> str:
        return f"{self.policy} {self.type}"


class LiftProposal(TenantModel):
    """A blocker that a policy in force might lift: waits until an instrument uses it or the district declines."""

    scope_path = "blocker__project"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="proposals")
    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField("状态", max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    instrument_code = models.CharField("所用文书", max_length=20, blank=True)
    reason = models.CharField("不适用的原因", max_length=200, blank=True)
    decided_on = models.DateField("日期", null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "blocker"], name="policy_proposes_a_blocker_once")]

    def __str__(self) -> str:
        return f"{self.policy} {self.blocker}"

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for an answer; a blocker that ended by another way asks for none."""
        is_over = self.blocker.resolved_on is not None or bool(self.blocker.withdrawn_reason)
        return self.state == ProposalState.WAITING and not is_over

    @property
    def state_label(self) -> str:
        """Its state, or that the blocker ended before anybody answered."""
        if self.state == ProposalState.WAITING and not self.is_waiting:
            return "堵点已撤销" if self.blocker.withdrawn_reason else "堵点已解决"
        return str(ProposalState(self.state).label)
