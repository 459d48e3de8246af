"""Forms of months."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from documents.reports.bulletin import HEADS
from documents.reports.choices import BulletinKind, ScheduleContent
from documents.reports.selectors.schedules import column_choices
from projects.casework.forms import MeetingForm
from registry.kernel.days import DayRule
from registry.kernel.recurrence import WEEKDAYS, Recurrence
from registry.web.forms import DayField, EditForm, ServiceForm

MOST_BYTES: Final = 200_000


def _rules(*texts: str) -> list[tuple[str, str]]:
    return [(text, Recurrence.parse(text).words) for text in texts]


RULES: Final = [
    ("", "不定期，手动生成"),
    ("每日、每周", _rules("FREQ=DAILY", *(f"FREQ=WEEKLY;BYDAY={day}" for day in WEEKDAYS), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")),
    ("每月", _rules(*(f"FREQ=MONTHLY;BYMONTHDAY={day}" for day in (*range(1, 29), -1)))),
    ("每三个月", _rules(*(f"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={day}" for day in (1, 5, 10, 15, 20, 25, -1)))),
]  # fmt: skip


class ForeignForm(ServiceForm):
    """A published table: pasted, or as a file of text."""

    sheet = forms.CharField(
        label="表",
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="从表格复制粘贴。先写“标题：”“期间：”“来源：”各一行，再写表头：项目、数、率、属于、分母；属于写合计项的名称，分母写率所对应的项的名称",
    )
    file = forms.FileField(label="或选文件", required=False, help_text=".csv，不超过200 KB")

    def clean(self) -> dict[str, Any]:
        """Take the text of the file, if one was sent; the one is as good as the other."""
        given: dict[str, Any] = super().clean() or {}
        sent = given.get("file")
        if isinstance(sent, UploadedFile):
            given["sheet"] = self._read(sent)
        elif not given.get("sheet", "").strip() and not self.errors:
            self.add_error("sheet", "请粘贴一张表，或选一个.csv文件。")
        return given

    def _read(self, sent: UploadedFile) -> str:
        if sent.size is None or sent.size > MOST_BYTES:
            self.add_error("file", "文件超过200 KB。请只留要核对的表。")
            return ""
        content = sent.read(MOST_BYTES)
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
        self.add_error("file", "文件不是文本。请另存为.csv再选，或直接粘贴。")
        return ""


def _long(label: str, rows: int, help_text: str = "", *, most: int = 1200) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text, strip=True
    )


class BulletinForm(ServiceForm):
    """The parts of a bulletin: three that rules wrote, to be read and edited, and what is to be done next."""

    kind = forms.ChoiceField(
        label="文种",
        choices=[(kind.value, kind.label) for kind in (BulletinKind.BULLETIN, BulletinKind.CIRCULAR)],
        help_text="简报按期号，不盖章；公文按发文字号，主送成员单位并盖章",
    )
    progress = _long("一、总体进展", 4)
    changes = _long("二、主要变化", 4)
    problems = _long("三、存在问题", 4)
    asks = _long("四、下步要求", 5, "逐条写明责任单位和完成日期")
    report_to = forms.CharField(label="报", max_length=200, initial="领导小组组长、副组长。")
    send_to = forms.CharField(label="送", max_length=200, initial="领导小组成员单位。")

    @property
    def texts(self) -> dict[str, str]:
        """The parts as they stand in the form."""
        return {part: self.cleaned_data[part] for part in HEADS}


class RestateForm(ServiceForm):
    """Why a closed month is restated."""

    reason = forms.CharField(label="重述原因", max_length=200, help_text="写明依据，如审计意见、核查结论的文号")


class FlashForm(ServiceForm):
    """What a flash begins with; its figures are made when it is issued."""

    lead = _long("提要", 4, "按规则生成，可以修改", most=600)


class BulletinInstructionForm(MeetingForm):
    """A leader's instruction on a bulletin, with the tasks that it sets."""

    is_instruction = title = place = number = None  # type: ignore[assignment]  # told by the bulletin
    leader = forms.CharField(label="批示人", max_length=60)
    held_on = DayField(label="批示日期")
    text = _long("批示全文", 4, most=2000)

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {"tasks": self.tasks, **{name: self.cleaned_data[name] for name in ("leader", "held_on", "text")}}


class DaysForm(ServiceForm):
    """Two days, and up to which day of recording they are known."""

    first = DayField(label="第一日")
    second = DayField(label="第二日")
    known_on = DayField(label="按哪日所知", required=False, help_text="不填为按今日所知")


class NewScheduleForm(ServiceForm):
    """A schedule to be kept."""

    title = forms.CharField(label="名称", max_length=60, help_text="写明报送对象，如：报市政府办月报")
    content = forms.ChoiceField(label="内容", choices=ScheduleContent.choices)
    columns = forms.MultipleChoiceField(
        label="项目台账栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="编号、项目名称必有；都不选为标准版式",
    )
    recipients = forms.TypedMultipleChoiceField(
        label="接收人", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="本人必收。接收人看不到其中某个项目的，该次不送达，并写明原因",
    )  # fmt: skip
    rule = forms.ChoiceField(label="重复", choices=RULES, required=False)
    hour = forms.TypedChoiceField(
        label="时刻（北京时间）", coerce=int, choices=[(hour, f"{hour:02d}:00") for hour in range(24)], initial=8
    )
    starts_on = DayField(rule=DayRule.START, label="起始日期")

    def __init__(self, *args: Any, recipients: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = column_choices()  # type: ignore[attr-defined]
        self.fields["recipients"].choices = recipients  # type: ignore[attr-defined]


class ScheduleForm(EditForm, NewScheduleForm):
    """A schedule as its owner keeps it."""
