"""Policies as a table: a new line is drafted, a draft's line changes it; what is issued is listed and stays."""

import re
from datetime import date
from typing import Any, Final

from import_export.fields import Field
from import_export.widgets import CharWidget, Widget

from documents.reference.resources import ReferenceResource
from documents.reference.widgets import ChoiceWidget
from projects.casework.choices import PolicyLevel
from projects.casework.models import Policy
from projects.casework.selectors.policies import policies_for
from projects.casework.services.policy_lines import require_policy_line
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.errors import DomainError, Refused

CITY: Final = "全市"
NEXT_TYPE: Final = re.compile(r"[；;\n]\s*(?=[A-Z][0-9A-Z]{1,3}\s*(?:[：:；;\n]|$))")


class DistrictWidget(Widget):  # type: ignore[misc]
    """A district by its code, or the whole city."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The code; empty for the city."""
        text = str(value or "").strip()
        if text in ("", CITY):
            return ""
        if not Organisation.objects.filter(kind=OrganisationKind.DISTRICT_TASK_FORCE, area_code=text).exists():
            raise ValueError(f"“{text}”不是本市的区。请填区的6位行政区划代码，或“{CITY}”。")
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The code, or the city."""
        return str(value or CITY)


class LiftsWidget(Widget):  # type: ignore[misc]
    """Blocker types with their conditions in one cell: F01：企业已进入破产程序；J01."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dict[str, str]:
        """The conditions by the code of their type."""
        conditions: dict[str, str] = {}
        for part in filter(None, (part.strip(" ；;") for part in NEXT_TYPE.split(str(value or "").strip()))):
            code, _, condition = part.replace("：", ":", 1).partition(":")
            if not re.fullmatch(r"[A-Z][0-9A-Z]{1,3}", code.strip()):
                raise ValueError(f"无法识别“{part}”。请写成“F01：企业已进入破产程序；J01”，代码在前，条件在冒号后。")
            if code.strip() in conditions:
                raise ValueError(f"{code.strip()}重复填写。每类仅填写一次。")
            conditions[code.strip()] = condition.strip()
        return dict(sorted(conditions.items()))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The cell."""
        return "；".join(f"{code}：{condition}" if condition else code for code, condition in (value or {}).items())


class LiftsField(Field):  # type: ignore[misc]
    """What a policy may lift: rows of their own, read from them and kept aside until somebody agrees."""

    def get_value(self, instance: Any) -> dict[str, str]:
        """What the file says, else what stands."""
        if "wanted_lifts" in instance.__dict__:
            return dict(instance.wanted_lifts)
        if instance.pk is None:
            return {}
        return dict(sorted((lift.type.code, lift.condition) for lift in instance.lifts.all()))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Keep aside what the file says."""
        instance.wanted_lifts = self.clean(row, **kwargs)


class ShownField(Field):  # type: ignore[misc]
    """A column to read: a cell that says otherwise is refused, for nothing would come of it."""

    def get_value(self, instance: Any) -> str:
        """As the file has it."""
        value = super().get_value(instance)
        return value.isoformat() if isinstance(value, date) else str(value or "")

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Take nothing."""
        cell = row[self.column_name]
        said = cell.isoformat()[:10] if isinstance(cell, date) else str(cell or "").strip()
        if said not in ("", self.get_value(instance)):
            raise ValueError("不能用文件改。发布、废止请到政策页面办理，由另一名人员复核。")


class PolicyResource(ReferenceResource):
    """政策."""

    is_named_by_system = True
    said_as = {"types": "lifts"}

    code = Field("code", "编号", CharWidget())
    level = Field("level", "层级", ChoiceWidget(dict(PolicyLevel.choices)))
    number = Field("number", "文号", CharWidget())
    title = Field("title", "标题", CharWidget())
    organ = Field("organ", "发文机关", CharWidget())
    district_code = Field("district_code", "适用的区", DistrictWidget())
    lifts = LiftsField("lifts", "可解除的堵点和条件", LiftsWidget())
    summary = Field("summary", "要点", CharWidget())
    state = ShownField("state", "状态", readonly=True)
    issued_on = ShownField("issued_on", "发布日期", readonly=True)
    ended_on = ShownField("ended_on", "废止日期", readonly=True)

    def get_queryset(self) -> Any:
        """The policies that concern whoever sends the file."""
        return policies_for(self.actor) if self.actor else Policy.objects.prefetch_related("lifts__type")

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """A code that names no policy is a slip, not a new policy."""
        code = str(row.get(self.fields["code"].column_name) or "").strip()
        if new and code:
            raise ValueError(f"编号：没有“{code}”这份政策。新起草的不填编号，同意后由系统编。")

    def require(self, instance: Any, is_create: bool) -> None:
        """What the service would refuse is said before it is proposed; the same number twice in a file too."""
        if self.actor is None:
            raise DomainError("未注明提请人。")
        stands = None if is_create else Policy.objects.get(pk=instance.pk)
        require_policy_line(actor=self.actor, policy=stands, words=self.values_of(instance))
        named = ("", instance.number or instance.title)
        if is_create and self.seen.setdefault(named, id(instance)) != id(instance):
            raise Refused("这个文号（没有文号的看标题）在文件里出现了两次。同一份只留一行。", field="number")

    def values_of(self, instance: Any) -> dict[str, Any]:
        """The words of a draft, its lifts by code."""
        names = ("code", "level", "number", "title", "organ", "district_code", "summary")
        return {**{name: getattr(instance, name) for name in names}, "lifts": self.fields["lifts"].get_value(instance)}

    class Meta:
        model = Policy
        import_id_fields = ("code",)
        fields = (
            "code", "level", "number", "title", "organ", "district_code", "lifts", "summary", "state", "issued_on",
            "ended_on",
        )  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
