"""Forms of papers: what a paper still needs beside what the registry knows. Never its head, number or day."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from documents.papers.kinds import KINDS
from documents.papers.models import OutsideKind
from documents.papers.words import TextBlock
from registry.kernel.days import DayRule
from registry.kernel.errors import DomainError
from registry.kernel.stages import STAGES, Track, Use
from registry.kernel.wording import MOST
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DayField, EditForm, FilterForm, ServiceForm

WAYS = [("printed", "打印"), ("posted", "张贴"), ("handed", "当面送达"), ("sent", "寄送")]
OUTCOMES = [("done", "已送达"), ("refused", "拒收"), ("returned", "退回")]


class NoticeForm(ServiceForm):
    """Where a family is received."""

    place = forms.CharField(label="办理地点", max_length=120)
    phone = forms.CharField(label="咨询电话", max_length=20)


class BatchForm(NoticeForm):
    """Papers to many homes: which kind, which homes, whether they go to the family or are posted."""

    kind = forms.ChoiceField(label="文种")
    building = forms.ChoiceField(label="楼栋", required=False)
    use = forms.ChoiceField(label="房屋用途", required=False, initial=Use.DWELLING.value)
    certificate = forms.ChoiceField(label="办证阶段", required=False)
    entrance = forms.CharField(label="单元", max_length=10, required=False)
    listed = forms.CharField(
        label="户号清单",
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一户，写楼栋、单元、户号，如“1号楼 2单元 301”；不填为上列条件的全部户",
    )
    way = forms.ChoiceField(
        label="用途",
        choices=[("personal", "送达本人，写完整姓名"), ("posted", "张贴，姓名脱敏")],
        initial="personal",
    )

    field_order = ("kind", "building", "entrance", "use", "certificate", "listed", "way", "place", "phone")

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]],
        buildings: Sequence[tuple[str, str]],
        find: Callable[[str], tuple[list[int], list[str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._find = find
        stages = [(stage.code, stage.label) for stage in STAGES[Track.CERTIFICATE]]
        choices = {
            "kind": kinds,
            "building": [("", "全部"), *buildings],
            "use": [("", "全部"), *((use.value, use.label) for use in Use)],
            "certificate": [("", "全部"), *stages],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_listed(self) -> list[int]:
        """Find the homes of the list; each line names one."""
        text = self.cleaned_data["listed"].strip()
        if not text:
            return []
        keys, wrong = self._find(text)
        if wrong:
            named = "、".join(wrong[:5])
            more = f"等{len(wrong)}行" if len(wrong) > 5 else ""
            raise forms.ValidationError(f"清单里的“{named}”{more}不是本项目的一户。请写明楼栋、单元、户号后重新提交。")
        return keys

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told: which homes, and what the papers still need."""
        given = self.cleaned_data
        narrowed = {name: given[name] for name in ("building", "use", "certificate", "entrance") if given.get(name)}
        listed = {"units": given["listed"]} if given["listed"] else {}
        masked = {"is_masked": True} if given["way"] == "posted" else {}
        return {**narrowed, **listed, **masked, "place": given["place"], "phone": given["phone"]}

    @property
    def filters_in_words(self) -> str:
        """The choice in words, as the batch keeps it."""
        given = self.cleaned_data
        parts = [
            f"{self.fields[name].label}：{dict(self.fields[name].choices).get(given[name], given[name])}"  # type: ignore[attr-defined]
            for name in ("building", "use", "certificate")
            if given.get(name)
        ]
        if given.get("entrance"):
            parts.append(f"单元：{given['entrance']}")
        if given["listed"]:
            parts.append(f"清单{len(given['listed'])}户")
        if given["way"] == "posted":
            parts.append("张贴用")
        return "，".join(parts) or "全部户"


class PaperFilter(FilterForm):
    """Kind, whether in force, days of issue, words."""

    kind = forms.ChoiceField(label="文种", choices=[("", "全部"), *((kind.code, kind.label) for kind in KINDS)])
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("live", "有效"), ("void", "已作废")])
    since = DayField(rule=DayRule.ANY, label="自")
    until = DayField(rule=DayRule.ANY, label="至")
    q = forms.CharField(
        label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "编号、标题、项目、送达"})
    )


class OutsideFilter(FilterForm):
    """Kind, words."""

    kind = forms.ChoiceField(label="文种", choices=[("", "全部"), *OutsideKind.choices])
    q = forms.CharField(label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "编号、项目"}))


class OutsideForm(ServiceForm):
    """A paper of another system: its kind, number, day, what it asks for, its scan."""

    required_if = {"due_on": "补正、容缺受理、责令改正的必填"}

    kind = forms.ChoiceField(label="文种")
    number = forms.CharField(label="编号", max_length=80, help_text="按原件填写")
    issued_on = DayField(label="日期")
    due_on = DayField(rule=DayRule.DUE, label="补交、改正期限", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="如补正的材料、公告期；不写个人信息")
    uploads = UploadsField(required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class RangeForm(ServiceForm):
    """Some numbers of a batch, to print them again."""

    first = forms.IntegerField(label="自第几号", min_value=1)
    last = forms.IntegerField(label="至第几号", min_value=1)

    def clean(self) -> dict[str, Any]:
        """The last is not before the first."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", f"止号不能小于起号{given['first']}。请核对后重新填写。")
        return given


class DeliveryForm(ServiceForm):
    """How a paper came to its recipient, and what came of it."""

    required_if = {"evidence": "当面送达、拒收、退回必填"}

    way = forms.ChoiceField(label="方式", choices=WAYS)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES)
    delivered_on = DayField(label="日期")
    evidence = forms.CharField(
        label="凭证", max_length=200, required=False, help_text="签收表号、邮寄单号；拒收、退回的写明证明"
    )


def _long(label: str, most: int, help_text: str = "", *, is_required: bool = True) -> forms.CharField:
    rows = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=most, widget=rows, help_text=help_text, required=is_required)


class AgendaForm(ServiceForm):
    """When and where the meeting is; what it takes up stands in the ledger."""

    name = forms.CharField(label="会议名称", max_length=60, help_text="如：某区历史遗留项目工作专班第12次例会")
    held_on = DayField(rule=DayRule.DUE, label="会议日期")
    hour = forms.CharField(label="时间", max_length=20, required=False, help_text="如9:30")
    place = forms.CharField(label="地点", max_length=80)
    leader = forms.CharField(label="主持", max_length=40, help_text="职务、姓名")
    attending = forms.CharField(label="参加", max_length=300, help_text="成员单位")
    recorder = forms.CharField(label="记录", max_length=40, required=False)
    other = _long("其他研究事项", 500, "一行一项", is_required=False)


class MinutesForm(ServiceForm):
    """Who was there; what was settled stands in the ledger."""

    present = forms.CharField(label="出席", max_length=300)
    attending = forms.CharField(label="列席", max_length=300, required=False)
    absent = forms.CharField(label="请假", max_length=200, required=False)
    recorder = forms.CharField(label="记录", max_length=60)
    sent_to = forms.CharField(label="印发单位", max_length=200, required=False)


class WhistleSheetForm(ServiceForm):
    """What the township has done itself."""

    done = _long("已做工作", 300, is_required=False)


class ExtensionReplyForm(ServiceForm):
    """What is answered, and on what terms."""

    request = forms.CharField(label="来文文号", max_length=80, help_text="承诺单位申请延期的请示、函的文号")
    terms = _long("延期期间的要求", 300, "除现场检查和逐级督促外另有要求的填写", is_required=False)


class RectificationForm(ServiceForm):
    """What was seen on the spot, and what has to be done by when."""

    inspected_on = DayField(label="检查日期")
    place = forms.CharField(label="部位", max_length=120, required=False, help_text="如1号楼底商103")
    seen = _long("检查发现的情形", 500, "写事实和照片编号，不写处罚、责令内容")
    asked = _long("整改要求", 500, "一行一项")
    mend_by = DayField(rule=DayRule.DUE, label="整改期限")
    state_within = forms.IntegerField(
        label="陈述意见期限（工作日）", min_value=0, max_value=60, initial=5, help_text="0为不印这一句"
    )
    authority = forms.CharField(
        label="逾期移送的机关", max_length=60, required=False, help_text="有权依法处理的机关全称；不填不印这一句"
    )


class InterviewForm(ServiceForm):
    """Who met whom, what was said and pledged."""

    held_on = DayField(label="约谈日期")
    place = forms.CharField(label="地点", max_length=80)
    interviewer = forms.CharField(label="约谈人", max_length=80, help_text="职务、姓名")
    interviewed = forms.CharField(label="被约谈人员", max_length=120, help_text="职务、姓名")
    attending = forms.CharField(label="列席", max_length=200, required=False)
    recorder = forms.CharField(label="记录人", max_length=40)
    said = _long("被约谈单位说明", 1000)
    opinion = _long("约谈意见", 1000, "写明完成什么、时限、责任人")
    pledge = _long("被约谈单位表态", 500)


class UndertakingForm(ServiceForm):
    """Where the money comes from, who answers the telephone."""

    funds = forms.CharField(
        label="资金", max_length=200, help_text="金额、来源、账户，如：自有资金120万元，存入共管账户"
    )
    contact = forms.CharField(label="联系人、电话", max_length=60)


class PlainForm(ServiceForm):
    """A paper of which nothing is typed: all of it stands in the ledger."""


OF_RECORDS = {
    "agenda": AgendaForm,
    "handover_list": PlainForm,
    "signature_sheet": PlainForm,
    "minutes": MinutesForm,
    "whistle_sheet": WhistleSheetForm,
    "extension_reply": ExtensionReplyForm,
    "rectification": RectificationForm,
    "interview_record": InterviewForm,
    "undertaking": UndertakingForm,
}


class WordingForm(EditForm):
    """Another wording of one text, from a day on; one changed meanwhile is shown beside it."""

    not_shown = frozenset({"effective_on", "reason"})

    value = forms.CharField(label="改为", max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}))
    effective_on = DayField(rule=DayRule.START, label="起始日期")
    reason = forms.CharField(label="原因", max_length=200, help_text="依据的文件文号或会议")

    def __init__(self, *args: Any, block: TextBlock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = block.label
        self._check = block.check

    def clean_value(self) -> str:
        """Hold the text against what its place can print."""
        value = str(self.cleaned_data["value"]).strip()
        try:
            self._check(value)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return value


class PrinterForm(ServiceForm):
    """How far a printer moves its pages."""

    name = forms.CharField(label="打印机", max_length=40, help_text="如一楼文印室；填已有的名称是改它的位移")
    right = forms.DecimalField(label="右移（毫米）", max_digits=4, decimal_places=1, initial=0, help_text="左移填负数")
    down = forms.DecimalField(label="下移（毫米）", max_digits=4, decimal_places=1, initial=0, help_text="上移填负数")


class OverprintForm(ServiceForm):
    """Which printer prints."""

    printer = forms.ChoiceField(label="打印机", required=False)

    def __init__(self, *args: Any, printers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["printer"].choices = [("", "不移动"), *printers]  # type: ignore[attr-defined]
