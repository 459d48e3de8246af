"""Forms of papers: what a paper still needs beside what the registry knows."""

from typing import Any

from django import forms

from registry.web.forms import DayField, ServiceForm


class NoticeForm(ServiceForm):
    """Where and by whom a family is received."""

    issuer = forms.CharField(label="出具单位", max_length=80)
    series = forms.CharField(label="编号前缀", max_length=20, help_text="如 YS3，编成 YS3-2022-00001")
    place = forms.CharField(label="办理地点", max_length=120)
    phone = forms.CharField(label="咨询电话", max_length=20)
    issued_on = DayField(label="日期")

    @property
    def words(self) -> dict[str, Any]:
        """What was filled in."""
        return dict(self.cleaned_data)


class NoticesForm(ServiceForm):
    """Notices to many families: where they come, and how many at most."""

    issuer = forms.CharField(label="出具单位", max_length=80)
    series = forms.CharField(label="编号前缀", max_length=20, help_text="如 YS3，编成 YS3-2022-00001")
    place = forms.CharField(label="办理地点", max_length=120)
    phone = forms.CharField(label="咨询电话", max_length=20)
    limit = forms.IntegerField(
        label="最多多少份", min_value=1, max_value=2000, help_text="只给待办、还没有通知书的住宅"
    )


class LetterPaperForm(ServiceForm):
    """What the letter as a paper still needs."""

    series = forms.CharField(label="机关代字", max_length=20, help_text="如 ×政函，编成 ×政函〔2021〕1号")
    issued_on = DayField(label="日期")
