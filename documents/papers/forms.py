"""Forms of papers: what a paper still needs beside what the registry knows. Never its head, number or day."""

from django import forms

from registry.web.forms import ServiceForm


class NoticeForm(ServiceForm):
    """Where a family is received."""

    place = forms.CharField(label="办理地点", max_length=120)
    phone = forms.CharField(label="咨询电话", max_length=20)


class NoticesForm(NoticeForm):
    """Notices to many families: where they come, and how many at most."""

    limit = forms.IntegerField(
        label="最多份数", min_value=1, max_value=2000, help_text="仅限“待办”且未出具通知书的住宅"
    )
