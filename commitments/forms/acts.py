"""Forms of what is done with an instrument and its obligations."""

from collections.abc import Mapping
from typing import Any

from django import forms

from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.errors import DomainError
from registry.kernel.ladder import Rung, check_offsets
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DayField, EditForm, RowsField, ServiceForm


class SignForm(ServiceForm):
    """Number and date of signing; the count typed proves that the preview was read."""

    number = forms.CharField(label="文号", max_length=80, help_text="如 ×政函〔2021〕18号")
    signed_on = DayField(label="签署日期")
    count = forms.IntegerField(label="填写签署后打通住宅的套数", help_text="按上列预览填写，确认已核对")

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_count(self) -> int:
        """The number must be the one of the preview."""
        count = int(self.cleaned_data["count"])
        if count != self.expected:
            raise forms.ValidationError(f"与预览不一致：预览为{self.expected}套。请核对后重新填写。")
        return count


class ApproveForm(ServiceForm):
    """From which day it is effective."""

    effective_on = DayField(rule=DayRule.START, label="生效日期")


class ReportForm(ServiceForm):
    """Progress on a promise."""

    required_if = {"uploads": "报完成必填", "taken_on": "附照片必填", "place": "附照片必填"}

    text = forms.CharField(label="进展", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    on = DayField(label="日期")
    is_done = forms.BooleanField(label="已完成，提请核验", required=False)
    uploads = UploadsField(required=False)
    taken_on = DayField(label="照片日期", required=False, help_text="附照片或扫描件的必填")
    place = forms.CharField(label="拍摄地点", max_length=80, required=False, help_text="写到楼栋、房号或部位")


class VerifyForm(ServiceForm):
    """What was seen, when, and whether it is kept."""

    evidence = forms.CharField(label="核验依据", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    on = DayField(label="核验日期")
    passed = forms.TypedChoiceField(
        label="结论",
        choices=[("1", "已完成，予以核验"), ("0", "未完成，退回整改")],
        coerce=lambda value: value == "1",
    )
    uploads = UploadsField(label="现场照片、扫描件")
    taken_on = DayField(label="照片日期", is_of_paper=True)
    place = forms.CharField(label="拍摄地点", max_length=80, help_text="写到楼栋、房号或部位")


class InspectForm(ServiceForm):
    """What was found on site, with its proof."""

    text = forms.CharField(label="检查情况", widget=forms.Textarea(attrs={"rows": 3}), max_length=280)
    on = DayField(label="检查日期")
    in_order = forms.TypedChoiceField(
        label="结论", choices=[("1", "符合"), ("0", "不符合")], coerce=lambda value: value == "1",
        help_text="已核验的事项经检查不符合的，重新列入整改",
    )  # fmt: skip
    uploads = UploadsField(label="现场照片")
    taken_on = DayField(label="照片日期", is_of_paper=True)
    place = forms.CharField(label="拍摄地点", max_length=80, help_text="写到楼栋、房号或部位")


class EscalateForm(ServiceForm):
    """What a paper of the ladder asks, and by when."""

    on = DayField(label="发文日期")
    text = forms.CharField(label="要求", widget=forms.Textarea(attrs={"rows": 4}), max_length=240)
    reply_by = DayField(rule=DayRule.DUE, label="答复期限")


class SummonsForm(EscalateForm):
    """The same for an interview: when and where."""

    place = forms.CharField(label="约谈地点", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].label = "约谈日期"


class ExtendForm(ServiceForm):
    """A later date, and why."""

    new_due_on = DayField(rule=DayRule.DUE, label="新期限")
    reason = forms.CharField(label="原因", max_length=200)


class CountersignForm(ServiceForm):
    """Which units are asked, and within how many working days."""

    organisations = RowsField(
        label="会签单位", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    workdays = forms.IntegerField(label="答复时限（工作日）", min_value=1, max_value=30, initial=5)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations  # type: ignore[attr-defined]


class AnswerForm(ServiceForm):
    """The answer of one unit."""

    agrees = forms.TypedChoiceField(
        label="答复", choices=[("1", "同意"), ("0", "不同意")], coerce=lambda value: value == "1"
    )
    comment = forms.CharField(
        label="意见", widget=forms.Textarea(attrs={"rows": 3}), max_length=300, required=False,
        help_text="不同意的，写明理由和修改意见",
    )  # fmt: skip


class ClosingForm(ServiceForm):
    """What was done for what was promised."""

    note = forms.CharField(label="销号说明", widget=forms.Textarea(attrs={"rows": 4}), max_length=300)


class ClosingCheckForm(ServiceForm):
    """What was seen, and when."""

    evidence = forms.CharField(label="核验依据", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    on = DayField(label="核验日期")


class SettingForm(EditForm):
    """A district's dated setting for its letters."""

    not_shown = frozenset({"effective_on", "reason"})

    grace_days = forms.IntegerField(
        label="逾期宽限（自然日）", min_value=0, max_value=365, help_text="期限届满后再过所填日数，条款才失效"
    )
    pauses = forms.BooleanField(label="条款失效后，对尚未受理的户同时暂停受理", required=False)
    countersigns = forms.BooleanField(label="承诺函须经专班会签才能签署", required=False)
    effective_on = DayField(rule=DayRule.START, label="起始日期")
    reason = forms.CharField(label="依据", max_length=200, help_text="如区专班会议纪要文号")


def rungs_in_words(said: Mapping[str, Any]) -> str:
    """Say a setting rung by rung: days, or the codes of those named."""
    return "；".join(
        f"{rung.label}{'、'.join(value) if isinstance(value, list | tuple) else f'{value}个工作日'}"
        for rung in Rung
        if (value := said.get(rung.value)) is not None
    )


class LadderForm(EditForm):
    """A district's dated setting for the ladder: working days around the due date, and who sends each rung."""

    parts = {"offsets": ("各级的工作日", "days"), "senders": ("各级发文单位", "by")}
    not_shown = frozenset({"effective_on", "reason"})
    in_words = {"offsets": rungs_in_words, "senders": rungs_in_words}

    def __init__(self, *args: Any, organs: Any, start: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole = dict(start)
        by_code = {organ.code: organ.pk for organ in organs}
        for rung in Rung:
            self.fields[f"days_{rung.value}"] = forms.IntegerField(
                label=f"{rung.label}（工作日）",
                initial=start["offsets"][rung.value],
                help_text="期限之前填负数，之后填正数",
            )
            named = start["senders"].get(rung.value, ())
            self.fields[f"by_{rung.value}"] = RowsField(
                label=f"{rung.label}发文单位", queryset=organs, required=False, widget=forms.CheckboxSelectMultiple,
                initial=[by_code[code] for code in named if code in by_code], help_text="不选的按默认执行",
            )  # fmt: skip
        self.fields["effective_on"] = DayField(rule=DayRule.START, label="起始日期")
        self.fields["reason"] = forms.CharField(label="依据", max_length=200, help_text="如区专班会议纪要文号")

    def clean(self) -> None:
        """Days out of order are said before anybody is asked to agree."""
        super().clean()
        if not self.errors:
            try:
                check_offsets(self.offsets)
            except DomainError as refusal:
                self.add_error(None, refusal.message)

    @property
    def offsets(self) -> dict[str, int]:
        """The working days by rung."""
        return {rung.value: self.cleaned_data[f"days_{rung.value}"] for rung in Rung}

    @property
    def senders(self) -> dict[str, list[str]]:
        """The codes of those named, by rung; a rung with none is left to the default."""
        named = {rung.value: sorted(one.code for one in self.cleaned_data[f"by_{rung.value}"]) for rung in Rung}
        return {rung: codes for rung, codes in named.items() if codes}


class CapForm(EditForm):
    """A cap on the exposure of a signer."""

    not_shown = frozenset({"effective_on", "reason"})

    homes = forms.IntegerField(label="上限（套）", min_value=1, required=False, help_text="不填为不设上限")
    effective_on = DayField(rule=DayRule.START, label="起始日期")
    reason = forms.CharField(label="依据", max_length=200, help_text="如市专班会议纪要文号")


class WaiverForm(ServiceForm):
    """Who agreed that a letter may be signed in spite of a cap or a breach, and why."""

    leader = forms.CharField(label="同意的市级领导", max_length=40, help_text="写姓名和职务")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=200)
