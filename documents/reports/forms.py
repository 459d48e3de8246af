"""Forms of months."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile

from registry.web.forms import DayField, ServiceForm

MOST_BYTES: Final = 200_000


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


class DaysForm(ServiceForm):
    """Two days, and up to which day of recording they are known."""

    first = DayField(label="第一日")
    second = DayField(label="第二日")
    known_on = DayField(label="按哪日所知", required=False, help_text="不填为按今日所知")
