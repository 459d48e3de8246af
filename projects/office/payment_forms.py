"""Forms of money: a payment of a home, what is remitted, which rows."""

from collections.abc import Sequence
from typing import Any

from django import forms

from projects.ledger.models import Building, Project
from projects.progress.models import PaymentKind
from registry.web.forms import DayField, FilterForm, ServiceForm


class PaymentForm(ServiceForm):
    """What was paid for a home."""

    kind = forms.TypedChoiceField(label="种类", coerce=PaymentKind)
    amount = forms.DecimalField(label="金额（元）", max_digits=12, decimal_places=2, min_value=0)
    is_exempt = forms.BooleanField(label="免征（金额填0）", required=False)
    document_no = forms.CharField(label="票据、免税证明编号", max_length=80)
    on = DayField(label="缴款日期")
    is_remitted = forms.BooleanField(label="已直接缴入国库、专户", required=False)
    advanced_by = forms.CharField(label="垫付单位", max_length=80, required=False)

    def __init__(self, *args: Any, kinds: Sequence[PaymentKind] = tuple(PaymentKind), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class RemitForm(ServiceForm):
    """What is remitted, of which building."""

    kind = forms.TypedChoiceField(label="种类", choices=PaymentKind.choices, coerce=PaymentKind)
    building = forms.TypedChoiceField(label="楼栋", coerce=int, empty_value=None, required=False)
    on = DayField(label="上缴日期")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Building.objects.filter(project=project).order_by("number_order", "id")
        self.fields["building"].choices = [("", "全部楼栋"), *((row.pk, row.name) for row in rows)]  # type: ignore[attr-defined]


class PaymentFilter(FilterForm):
    """Which payments."""

    building = forms.CharField(label="楼号", max_length=20)
    kind = forms.ChoiceField(label="种类", choices=[("", "全部"), *PaymentKind.choices])
