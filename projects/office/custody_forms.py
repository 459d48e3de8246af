"""Forms of custody: filling bags, giving one back, asking who held what, manifests and their lines."""

import re
from typing import Any, Final

from django import forms

from projects.ledger.models import Building, Project, Unit
from projects.office.models import KeptReason, ManifestPurpose, StruckReason
from projects.progress.models import ReturnKind
from registry.accounts.models import Organisation
from registry.kernel.custody import ItemKind
from registry.kernel.days import DayRule
from registry.web.forms import DayField, FilterForm, ServiceForm

CODE_DIGITS: Final = 14


def codes_in(text: str) -> list[str]:
    """Return the codes of a text: one a line, or fourteen digits after fourteen digits, with blanks between or not."""
    digits = re.sub(r"[\s,，、;；]+", "", text)
    if digits.isdecimal() and digits and len(digits) % CODE_DIGITS == 0:
        return [digits[start : start + CODE_DIGITS] for start in range(0, len(digits), CODE_DIGITS)]
    return [part for part in re.split(r"[\n,，、;；]+", text) if part.strip()]


class FillBagsForm(ServiceForm):
    """Which homes get a bag, what lies in each, on which day."""

    building = forms.ModelChoiceField(queryset=Building.objects.none(), label="楼栋", to_field_name="number")
    rooms = forms.CharField(
        label="户号", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如1单元201、202；不填的，为该楼栋已收材料、未装袋的全部户",
    )  # fmt: skip
    on = DayField(label="装袋日期")
    contents = forms.CharField(label="材料", max_length=200, required=False, help_text="如申请书、身份证明、合同、发票")
    copies = forms.IntegerField(label="份数", min_value=0, max_value=999, initial=0)
    originals = forms.IntegerField(label="其中原件数", min_value=0, max_value=999, initial=0)
    receipt_no = forms.CharField(label="材料接收清单编号", max_length=60, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(project=project).order_by(  # type: ignore[attr-defined]
            "number_order", "id"
        )

    def chosen(self, units: Any) -> list[Unit]:
        """Return those of the units offered that the form names; sets an error if a room is not among them."""
        rows = [unit for unit in units if unit.building_id == self.cleaned_data["building"].pk]
        named = [part for part in re.split(r"[\s,，、;；]+", self.cleaned_data["rooms"]) if part]
        by_name = {str(unit): unit for unit in rows}
        rooms: dict[str, list[Unit]] = {}
        for unit in rows:
            rooms.setdefault(unit.room, []).append(unit)
        chosen: dict[int, Unit] = {}
        for name in named:
            matches = [by_name[name]] if name in by_name else rooms.get(name, [])
            if len(matches) != 1:
                said = f"有{len(matches)}户，请写明单元" if matches else "未找到，或尚未收材料、已装袋"
                self.add_error("rooms", f"{self.cleaned_data['building']}“{name}”{said}。请核对后填写。")
                return []
            chosen[matches[0].pk] = matches[0]
        if not named and not rows:
            self.add_error("building", f"{self.cleaned_data['building']}没有已收材料、未装袋的户。请另选楼栋。")
        return list(chosen.values()) if named else rows


class ReturnBagForm(ServiceForm):
    """On which day a bag went back to its owner, by which paper that he signed."""

    on = DayField(label="退还日期")
    basis = forms.CharField(label="签收凭证", max_length=80, help_text="权利人签收的材料接收清单或签收表编号")


class WhoHeldForm(FilterForm):
    """Of which home, on which day."""

    room = forms.CharField(label="户", max_length=40, widget=forms.TextInput(attrs={"placeholder": "如9-3-502"}))
    on = DayField(label="日期", rule=DayRule.ANY)


class HeldFilter(FilterForm):
    """Which bags and certificates of a project."""

    holder = forms.ChoiceField(label="保管方")
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *((kind.value, kind.label) for kind in ItemKind)])
    building = forms.CharField(label="楼号", max_length=20)

    def __init__(self, *args: Any, holders: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = [("", "全部"), *holders]  # type: ignore[attr-defined]


class ManifestFilter(FilterForm):
    """Which manifests."""

    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("open", "未办结")])
    side = forms.ChoiceField(label="方向", choices=[("", "全部"), ("out", "本单位移交"), ("in", "本单位接收")])
    project = forms.CharField(label="项目编号", max_length=30)


class LineFilter(FilterForm):
    """Which lines of a manifest."""

    only = forms.ChoiceField(label="只看", choices=[("", "全部"), ("waiting", "未接收"), ("out", "未退还")])


class ManifestForm(ServiceForm):
    """For what, to whom, whether and until when it comes back."""

    required_if = {"due_on": "须退还的必填", "return_kind": "退回补正的必填", "paper_no": "补正、不予受理必填"}

    purpose = forms.TypedChoiceField(label="事由", coerce=ManifestPurpose)
    receiver = forms.ModelChoiceField(queryset=Organisation.objects.none(), label="接收方")
    is_lent = forms.BooleanField(label="须退还", required=False)
    due_on = DayField(rule=DayRule.DUE, label="退还期限", required=False)
    way = forms.CharField(label="移交方式", max_length=40, initial="专人", help_text="专人、系统，或邮寄单号")
    return_kind = forms.ChoiceField(label="退回方式", choices=[("", "—"), *ReturnKind.choices], required=False)
    paper_no = forms.CharField(label="告知书编号", max_length=80, required=False)

    def __init__(self, *args: Any, purposes: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(each.value, each.label) for each in purposes]  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[each.pk for each in receivers]
        ).order_by("kind", "name")
        if ManifestPurpose.RETURN not in purposes:
            del self.fields["return_kind"], self.fields["paper_no"]


class ScanInput(forms.TextInput):
    """A field for the scanner: focused, and empty again whatever became of the last scan."""

    def __init__(self) -> None:
        super().__init__(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "numeric"})

    def format_value(self, value: Any) -> None:
        """Show nothing of what was scanned before."""


class ScanForm(ServiceForm):
    """What the scanner gives; typed by hand or pasted, several at once."""

    code = forms.CharField(label="扫描条码", max_length=20000, widget=ScanInput())


class ListingScanForm(ScanForm):
    """What the sender scans; of a bag given back, what it lacks."""

    note = forms.CharField(label="备注", max_length=200, required=False, help_text="退回补正的，一次写明所缺的全部材料")


class TakingScanForm(ScanForm):
    """What the receiver scans, and on which day it came."""

    on = DayField(label="接收日期")


class SendForm(ServiceForm):
    """On which day a manifest is handed over."""

    on = DayField(label="移交日期")


class SignForm(ServiceForm):
    """On which day the receiver signs."""

    on = DayField(label="签收日期")


class WithdrawForm(ServiceForm):
    """Why a manifest is withdrawn."""

    reason = forms.CharField(label="撤回原因", max_length=200)


class StrikeForm(ServiceForm):
    """Why a line is taken off."""

    reason = forms.TypedChoiceField(label="划去原因", choices=StruckReason.choices, coerce=StruckReason)


class AccountForm(ServiceForm):
    """Why a lent bag does not come back."""

    required_if = {"note": "依法调取、查找中的必填"}

    reason = forms.TypedChoiceField(label="未退原因", choices=KeptReason.choices, coerce=KeptReason)
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="文书编号，或查找情况")
