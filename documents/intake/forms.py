"""Forms of imports."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from documents.intake.models import ImportSession
from documents.intake.reading.file_guard import MOST_BYTES, NOT_SENT
from documents.intake.selectors.sessions import unanswered
from projects.progress.forms import targets
from registry.kernel.authority import Actor
from registry.kernel.reasons import ASKED
from registry.kernel.stages import Track
from registry.lists.kinds import list_called
from registry.web.forms import DayField, ServiceForm

NOT_READ: Final = "-"
READ: Final = ".xlsx,.csv,.txt"
LIMITS: Final = ".xlsx 或 .csv，不超过20 MB、120,000行；旧版 .xls 请先另存为 .xlsx"
OLD_BOOK: Final = "这是旧版 .xls 或设有打开密码的文件，不能读取。请在Excel/WPS 中打开，取消密码，另存为 .xlsx 后再选。"


def list_file(label: str, help_text: str = LIMITS) -> forms.FileField:
    """Return the field of a list: the browser tells one that is too large or of an old program before it is sent.

    An empty one is let through: its refusal is on record as of every other file.
    """
    words = {"data-most": MOST_BYTES, "data-said": NOT_SENT, "data-old": OLD_BOOK, "accept": READ}
    widget = forms.FileInput(attrs=words)
    return forms.FileField(label=label, help_text=help_text, widget=widget, allow_empty_file=True)


class UploadForm(ServiceForm):
    """A file of a unit list."""

    file = list_file("清册文件", f"{LIMITS}；可先下载模板")


class AcrossForm(ServiceForm):
    """A unit list of several projects."""

    file = list_file("清册文件", f"{LIMITS}；每行写项目编号，没有编号列的按项目名称对")

    @property
    def params(self) -> dict[str, str]:
        """What is said beside the file: nothing."""
        return {}


class CopyForm(ServiceForm):
    """What a marked copy with people in clear is taken for."""

    reason = forms.CharField(
        label="用途", max_length=200, help_text=f"如：交开发建设单位改正退回的行；{ASKED}",
        error_messages={"required": "请写明用途。"},
    )  # fmt: skip


class MappingForm(ServiceForm):
    """One field per title of the file, one per word that no choice knows. `headers` and `words` are what it says."""

    def __init__(self, *args: Any, session: ImportSession, unknown: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = list(dict.fromkeys(title for title in session.titles if title))
        known = {title: name for name, title in session.mapping.items()}
        columns = [
            (NOT_READ, "不读取"),
            *(
                (one.name, one.header + ("（必填）" if one.required else ""))
                for one in list_called(session.kind).columns
            ),
        ]
        for at, title in enumerate(self.titles):
            self.fields[f"t{at}"] = forms.ChoiceField(
                label=title[:30], choices=columns, initial=known.get(title, NOT_READ)
            )
        self.unknown = [(name, word) for name, words in unknown.items() for word in words]
        for at, (name, word) in enumerate(self.unknown):
            column = list_called(session.kind).columns.by_name(name)
            choices = [(NOT_READ, "暂不处理，该行退回"), *((choice.label, choice.label) for choice in column.choices)]
            label = f"{column.header}“{word}”对应为"
            self.fields[f"w{at}"] = forms.ChoiceField(label=label, choices=choices, initial=NOT_READ)

    @property
    def headers(self) -> dict[str, str]:
        """The column name by title; nothing for a title that is not read."""
        said = {title: self.cleaned_data[f"t{at}"] for at, title in enumerate(self.titles)}
        return {title: "" if name == NOT_READ else name for title, name in said.items()}

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Our word by the file's, by column."""
        words: dict[str, dict[str, str]] = {}
        for at, (name, word) in enumerate(self.unknown):
            if (chosen := self.cleaned_data[f"w{at}"]) != NOT_READ:
                words.setdefault(name, {})[word] = chosen
        return words


class StageListForm(ServiceForm):
    """A list, the stage that it states, and the day for lines that state none."""

    target = forms.ChoiceField(label="清单所列户办理至")
    occurred_on = DayField(label="办理日期", help_text="清单没有日期的行用该日期")
    file = list_file("清单文件")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets(actor)  # type: ignore[attr-defined]

    @property
    def params(self) -> dict[str, str]:
        """What is said beside the file: the stage, and the day of lines that state none."""
        return {"track": self.track.value, "to": self.stage, "on": self.cleaned_data["occurred_on"].isoformat()}

    @property
    def track(self) -> Track:
        """The track of the stage."""
        return Track(self.cleaned_data["target"].partition(":")[0])

    @property
    def stage(self) -> str:
        """The code of the stage."""
        return str(self.cleaned_data["target"].partition(":")[2])


class WorkListForm(ServiceForm):
    """A list of buildings, steps, blockers or letters."""

    file = list_file("清单文件", ".xlsx 或 .csv，不超过20 MB，一次最多1000行；旧版 .xls 请先另存为 .xlsx")


class AcceptForm(ServiceForm):
    """The day on which the units count as taken in."""

    placed_on = DayField(label="入账日期")

    def __init__(self, *args: Any, lacking: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lacking:
            self.fields["without"] = without_field(lacking)


class SubmitForm(ServiceForm):
    """Whether a list goes to the second person as it is, though it lacks columns."""

    def __init__(self, *args: Any, lacking: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lacking:
            self.fields["without"] = without_field(lacking)


def without_field(lacking: Sequence[str]) -> forms.BooleanField:
    """Return the question that a file without important columns asks before it is written."""
    return forms.BooleanField(
        label="照此写入",  # short: it stands in a narrow box
        help_text=f"文件没有“{'”“'.join(lacking)}”，台账已有的保留",
        error_messages={"required": unanswered(lacking)},
    )
