"""Forms of progress: moves, standing, corrections."""

from typing import Any

from django import forms

from projects.ledger.choices import ProjectStatus
from registry.kernel.authority import Actor
from registry.kernel.stages import HOLD_REASONS, RESIDUAL_REASONS, STAGES, Standing, Track
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DateInput, ServiceForm


def targets(actor: Actor) -> list[tuple[str, str]]:
    """This will give the stages to which the actor may move units, as "track:stage" choices."""
    return [
        (f"{track.value}:{stage.code}", f"{track.label}：{stage.label}")
        for track, stages in STAGES.items()
        for stage in stages
        if actor.may_advance(track, stage.code)
    ]


class AdvanceForm(ServiceForm):
    """Where chosen units go, on which day, on what evidence."""

    target = forms.ChoiceField(label="办到")
    occurred_on = forms.DateField(label="实际日期", widget=DateInput())
    evidence = forms.CharField(label="凭据", max_length=200, required=False, help_text="清单号、签收表号等")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets(actor)  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        track, _, stage = self.cleaned_data["target"].partition(":")
        return {
            "track": Track(track),
            "to": stage,
            "occurred_on": self.cleaned_data["occurred_on"],
            "evidence": self.cleaned_data["evidence"],
        }


class StandingForm(ServiceForm):
    """How a unit stands, why, until when it is looked at again."""

    standing = forms.TypedChoiceField(
        label="改为", choices=[(one.value, one.label) for one in Standing], coerce=Standing
    )
    reason = forms.ChoiceField(label="原因", choices=[("", "—"), *HOLD_REASONS.items()], required=False)
    evidence = forms.CharField(label="依据", max_length=200, required=False)
    on = forms.DateField(label="自哪天起", widget=DateInput())
    review_on = forms.DateField(label="复查日期", widget=DateInput(), required=False)


class ResidualForm(ServiceForm):
    """Why units are left over, on what evidence, until when they are looked at again."""

    unit_ids = forms.TypedMultipleChoiceField(label="户", coerce=int, widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(
        label="原因", choices=[(code, label) for code, label in HOLD_REASONS.items() if code in RESIDUAL_REASONS]
    )
    evidence = forms.CharField(label="依据", max_length=200)
    review_on = forms.DateField(label="复查日期", widget=DateInput(), help_text="过了这天没有再复核，自动退回存量")
    uploads = UploadsField(label="证明材料")

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_ids"].choices = units  # type: ignore[attr-defined]


class CloseOutForm(ServiceForm):
    """Declare a project zero, or closed."""

    status = forms.TypedChoiceField(
        label="办理",
        choices=[(one.value, one.label) for one in (ProjectStatus.ZEROED, ProjectStatus.CLOSED)],
        coerce=ProjectStatus,
    )
    on = forms.DateField(label="日期", widget=DateInput())


class CorrectionForm(ServiceForm):
    """Which track's last record is wrong, and why."""

    track = forms.TypedChoiceField(label="哪一条", choices=[(one.value, one.label) for one in Track], coerce=Track)
    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}), max_length=200)


class RevealForm(ServiceForm):
    """Why the clear text is needed."""

    reason = forms.CharField(label="事由", max_length=200, help_text="窗口办理、核对材料等；会记入操作记录")
