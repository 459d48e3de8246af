"""Forms of certificates: noted as made, handed over, waiting to be fetched, and their blanks."""

import re
from typing import Any

from django import forms

from projects.ledger.models.holding import ChangeBasis
from projects.office.models import CertificateForm, SpoilReason
from projects.office.services.certificates import StatedCertificate
from projects.office.services.hand_over import Signed
from projects.progress.models import HandOverWay, Receiver
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DayField, FilterForm, ServiceForm


class NoteCertificateForm(ServiceForm):
    """One certificate of a home as the centre made it; co-owners with one each are noted one after the other."""

    required_if = {"blank_no": "纸质证书必填"}

    number = forms.CharField(label="产权证号", max_length=60, help_text="省简称（年份）区简称不动产权第7位数字号")
    form = forms.ChoiceField(label="形式", choices=CertificateForm.choices)
    blank_no = forms.CharField(label="印制编号", max_length=20, required=False, help_text="证书封二，1个字母加11位数字")
    holder = forms.ChoiceField(label="持证人", required=False, help_text="共有人各持一证的，选择本证的持证人")
    remark = forms.CharField(label="附记", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    printed_on = DayField(label="缮证日期")

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = [("", "全体权利人"), *((str(key), name) for key, name in holders)]  # type: ignore[attr-defined]

    def words(self, holder_of: Any) -> dict[str, Any]:
        """What the service is told."""
        said = self.cleaned_data
        holder = holder_of(int(said["holder"])) if said["holder"] else None
        stated = StatedCertificate(
            said["number"], CertificateForm(said["form"]), said["blank_no"], said["remark"], holder
        )
        return {"certificates": [stated], "printed_on": said["printed_on"]}


class HandOverForm(ServiceForm):
    """Who takes which certificates, in the order in which it is done: the person, the certificate, the signature."""

    required_if = {
        "name": "受托人、变更后的家庭成员必填", "paper_no": "受托人必填", "basis": "权利人变更的必填",
        "courier_no": "邮寄的必填", "sheet_no": "电子证照不填", "identity_tail": "电子证照不填",
    }  # fmt: skip

    certificates = forms.MultipleChoiceField(label="证书", widget=forms.CheckboxSelectMultiple)
    way = forms.TypedChoiceField(label="方式", choices=HandOverWay.choices, coerce=HandOverWay)
    relation = forms.TypedChoiceField(label="领证人", choices=Receiver.choices, coerce=Receiver)
    is_known = forms.BooleanField(label="1. 已核对领证人身份证件原件", required=False)
    identity_tail = forms.CharField(label="证件号码后四位", max_length=4, required=False)
    name = forms.CharField(label="领证人姓名", max_length=60, required=False, help_text="只保存脱敏后的姓名")
    paper_no = forms.CharField(
        label="授权委托书编号", max_length=80, required=False, help_text="公证书编号，或当面签署的编号"
    )
    change = forms.ChoiceField(label="变更事由", choices=[("", "—"), *ChangeBasis.choices], required=False)
    basis = forms.CharField(label="变更依据文号", max_length=120, required=False)
    is_read = forms.BooleanField(label="2. 领证人已核对姓名、坐落、面积、附记，无误", required=False)
    sheet_no = forms.CharField(label="3. 签收表编号", max_length=80, required=False, help_text="领证人已在签收表签字")
    courier_no = forms.CharField(label="邮寄单号", max_length=40, required=False)
    on = DayField(label="领证日期")
    uploads = UploadsField(label="签收照片、扫描件", required=False)

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["certificates"].choices = [  # type: ignore[attr-defined]
            (str(line.row.pk), f"{self.home_of(line)}{line.row.number}（{line.row.get_form_display()}）")
            for line in offered
        ]

    @staticmethod
    def home_of(line: Any) -> str:
        """Name the home of a certificate; on the page of one home nothing need be said."""
        return ""

    def words(self, offered: Any) -> dict[str, Any]:
        """What the service is told."""
        said = self.cleaned_data
        chosen = {int(key) for key in said["certificates"]}
        names = (
            "way", "relation", "name", "identity_tail", "is_known", "is_read", "sheet_no", "paper_no", "change", "basis",
            "courier_no",
        )  # fmt: skip
        return {
            "certificates": [line.row for line in offered if line.row.pk in chosen],
            "signed": Signed(**{name: said[name] for name in names}),
            "on": said["on"],
            "uploads": said["uploads"],
        }


class FamilyHandOverForm(HandOverForm):
    """The certificates of several homes of one family, taken by one person; all are ticked until somebody unticks."""

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        self.fields["certificates"].initial = [str(line.row.pk) for line in offered]

    @staticmethod
    def home_of(line: Any) -> str:
        """Name the home of a certificate."""
        return f"{line.row.unit.building}{line.row.unit}，"


class WithdrawVisitForm(ServiceForm):
    """Why a visit of today is taken back."""

    reason = forms.CharField(label="撤销原因", max_length=120, help_text="如：点错一户")


class WaitingFilter(FilterForm):
    """Which unclaimed certificates."""

    project = forms.CharField(label="项目编号", max_length=30)
    own = forms.BooleanField(label="只看本单位保管")


class BlankFilter(FilterForm):
    """Which blanks."""

    state = forms.ChoiceField(
        label="状态",
        choices=[("", "全部"), ("stock", "空白"), ("used", "已使用"), ("spoiled", "已作废"), ("destroyed", "已销毁")],
    )
    number = forms.CharField(label="编号", max_length=12)


class TakeInBlanksForm(ServiceForm):
    """A delivery of blanks."""

    first = forms.CharField(label="起号", max_length=20, help_text="1个字母加11位数字")
    last = forms.CharField(label="止号", max_length=20)
    on = DayField(label="领入日期")


class SpoilBlankForm(ServiceForm):
    """A blank that is not to be used."""

    number = forms.CharField(label="印制编号", max_length=20)
    reason = forms.TypedChoiceField(label="作废原因", choices=SpoilReason.choices, coerce=SpoilReason)
    on = DayField(label="作废日期")


class DestroyBlanksForm(ServiceForm):
    """Spoiled blanks that are destroyed."""

    numbers = forms.CharField(
        label="印制编号", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text="每行一个，或用顿号隔开"
    )
    record_no = forms.CharField(label="销毁记录编号", max_length=60, help_text="两人签字的销毁记录")
    on = DayField(label="销毁日期")

    def clean_numbers(self) -> list[str]:
        """Part the numbers."""
        return [part for part in re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"]) if part]
