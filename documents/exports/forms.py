"""Forms of exports."""

from collections.abc import Sequence
from typing import Any

from django import forms

from registry.kernel.authority import Actor
from registry.kernel.stages import STAGES, Standing, Track, Use
from registry.store.project_field import HINT, ProjectField
from registry.web.forms import ServiceForm


class TakeoutForm(ServiceForm):
    """Which homes are taken out, and whether with people in clear."""

    required_if = {"reason": "含个人信息必填"}

    project = ProjectField(required=False, help_text=f"{HINT}；不填为本辖区全部项目")
    district = forms.ChoiceField(label="区", required=False)
    use = forms.ChoiceField(
        label="房屋用途", required=False, choices=[("", "全部"), *((u.value, u.label) for u in Use)]
    )
    certificate = forms.ChoiceField(
        label="办证阶段",
        required=False,
        choices=[("", "全部"), *((stage.code, stage.label) for stage in STAGES[Track.CERTIFICATE])],
    )
    standing = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *((one.value, one.label) for one in Standing)]
    )
    with_people = forms.BooleanField(
        label="含权利人姓名、证件号码、电话（完整信息）",
        required=False,
        help_text="须写明用途，经另一名人员复核后生成；文件加水印，7日后销毁",
    )
    reason = forms.CharField(
        label="用途", max_length=200, required=False, help_text="含个人信息的必填，写明用途和使用单位"
    )

    def __init__(
        self, *args: Any, actor: Actor, districts: Sequence[tuple[str, str]], may_see_people: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].actor = actor  # type: ignore[attr-defined]
        self.fields["district"].choices = [("", "全部"), *districts]  # type: ignore[attr-defined]
        if len(districts) < 2:
            del self.fields["district"]
        if not may_see_people:
            del self.fields["with_people"], self.fields["reason"]

    def clean_project(self) -> str:
        """The number of the project, under which an export is kept."""
        project = self.cleaned_data["project"]
        return "" if project is None else str(project.code)

    @property
    def words(self) -> dict[str, str]:
        """The filters that are set, by name."""
        names = ("project", "district", "use", "certificate", "standing")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    @property
    def filters_in_words(self) -> str:
        """The filters in words."""
        labels = ((self.fields[name], value) for name, value in self.words.items())
        return (
            "，".join(
                f"{field.label}：{dict(getattr(field, 'choices', ())).get(value, value)}" for field, value in labels
            )
            or "全部"
        )
