"""Forms of attachments, and the field that other forms take files by."""

from collections.abc import Sequence
from typing import Any

from django import forms

from registry.accounts.forms import DayField, ServiceForm
from registry.web.attachments.kinds import ACCEPT, LIMIT, MOST
from registry.web.attachments.services import Upload


class ManyFilesInput(forms.FileInput):
    """The browser's own picker, for several files at once."""

    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """Several files; the cleaned value is a list of `Upload`, ready for the service."""

    widget = ManyFilesInput
    default_error_messages = {"required": "未选择文件。请选扫描件或照片后再提交。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "扫描件、照片")
        kwargs.setdefault("help_text", f"PDF、JPG、PNG或OFD，每个不超过{LIMIT // 1024 // 1024}MB，一次最多{MOST}个。")
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ACCEPT

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """Read each file that came."""
        files = [one for one in (data if isinstance(data, Sequence) else [data]) if one]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [Upload(file.name or "", file.read(LIMIT + 1)) for file in files]


class AttachForm(ServiceForm):
    """Files for one row."""

    uploads = UploadsField()
    note = forms.CharField(label="说明", max_length=120, required=False, help_text="例如：复函原件、现场整改后。")
    taken_on = DayField(label="拍摄或形成日期", required=False)
    place = forms.CharField(label="地点", max_length=80, required=False)


class VoidForm(ServiceForm):
    """Why a file is struck out."""

    reason = forms.CharField(label="作废原因", max_length=200, help_text="例如：误传其他项目的材料。")
