"""The tables as files: columns in Chinese, one line a row, every fault of every row at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.widgets import CharWidget

from commitments.choices import InstrumentKind
from documents.admin.widgets import (
    ChoiceWidget,
    CountWidget,
    DayWidget,
    ManyWidget,
    ParentWidget,
    YearWidget,
    YesWidget,
)
from documents.services.reference import Line
from projects.casework.choices import DayKind
from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.ledger.choices import HOUSING_TYPES
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.gates import Gate

LEVELS = {"P": "项目", "B": "楼栋", "U": "户"}
GATES = {gate.value: gate.label for gate in Gate}
BUILDING_GATES = {gate.value: gate.label for gate in Gate.building_gates()}
DECISIONS = {"": "", **dict(InstrumentKind.choices)}
LIFTS = {"Y": "承诺可解", "C": "附条件可解", "D": "决定可解", "A": "申请人可解", "N": "只能实办"}


class PlainDiff(Diff):  # type: ignore[misc]
    """What changes in a row, without the styles that the library writes into its own."""

    def as_html(self) -> list[str]:
        """A cell each: the value, or the old struck out beside the new."""
        return [
            format_html("<ins>{}</ins>", after)
            if self.new
            else format_html("<del>{}</del> <ins>{}</ins>", before, after)
            if before != after
            else format_html("{}", after)
            for before, after in zip(self.left, self.right, strict=True)
        ]


class ReferenceResource(ModelResource):  # type: ignore[misc]
    """A table whose lines are never saved here: what changes is gathered, to be proposed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self.gathered: list[Line] = []

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        """Our own cells."""
        return PlainDiff

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """A column that the file hasn't leaves what stands; a fault names its column."""
        try:
            super().import_field(field, instance, row, is_m2m, **kwargs)
        except (ValueError, ValidationError) as error:
            words = error.messages[0] if isinstance(error, ValidationError) else str(error)
            raise ValueError(f"{field.column_name}：{words}") from error

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """A line without its key is no line."""
        for name in self.get_import_id_fields():
            column = self.fields[name].column_name
            if not str(row.get(column) or "").strip():
                raise ValueError(f"{column}：没有填。每一行都要有{column}。")

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Gather what a confirmed row would write; the table itself is written when somebody agrees."""
        if kwargs.get("dry_run"):
            return
        stands = None if is_create else type(instance).objects.get(pk=instance.pk)
        self.gathered.append(line_of(self, instance, stands))

    def save_m2m(self, *args: Any, **kwargs: Any) -> None:
        """No table here has any."""


def line_of(resource: Any, instance: Any, stands: Any | None) -> Line:
    """This will give a line as it would become, and what of it changes against what stands."""
    shown = [(field.column_name, field) for field in resource.get_import_fields()]
    changes = [
        (label, str(field.export(stands)) if stands is not None else "", str(field.export(instance)))
        for label, field in shown
        if stands is None or field.export(stands) != field.export(instance)
    ]
    values = {
        field.attribute: getattr(instance, instance._meta.get_field(field.attribute).attname) for _, field in shown
    }
    return Line(str(instance), values, changes, stands is None)


class BlockerTypeResource(ReferenceResource):
    """问题类型."""

    code = Field("code", "编码", CharWidget())
    head = Field("head", "大类", CharWidget())
    label = Field("label", "小类", CharWidget())
    gate = Field("gate", "卡住环节", ChoiceWidget(GATES))
    level = Field("level", "默认范围", ChoiceWidget(LEVELS))
    lead = Field("lead", "牵头", CharWidget())
    support = Field("support", "配合", CharWidget())
    paths = Field("paths", "化解路径", CharWidget())
    lift = Field("lift", "怎样可解", ChoiceWidget(LIFTS))
    condition = Field("condition", "条件", CharWidget())
    decision = Field("decision", "可解的决定", ChoiceWidget(DECISIONS))
    limit_days = Field("limit_days", "办理时限（工作日）", CountWidget())
    is_active = Field("is_active", "在用", YesWidget())

    class Meta:
        model = BlockerType
        import_id_fields = ("code",)
        fields = (
            "code", "head", "label", "gate", "level", "lead", "support", "paths", "lift", "condition", "decision",
            "limit_days", "is_active",
        )  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class GatePlanResource(ReferenceResource):
    """办证环节方案."""

    housing_type = Field("housing_type", "房屋类型", ChoiceWidget(dict(HOUSING_TYPES)))
    gates = Field("gates", "须办环节", ManyWidget(BUILDING_GATES))
    effective_on = Field("effective_on", "自哪天起", DayWidget(format="%Y-%m-%d"))

    class Meta:
        model = GatePlan
        import_id_fields = ("housing_type", "effective_on")
        fields = ("housing_type", "gates", "effective_on")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class HolidayResource(ReferenceResource):
    """放假安排."""

    day = Field("day", "日期", DayWidget(format="%Y-%m-%d"))
    kind = Field("kind", "安排", ChoiceWidget(dict(DayKind.choices)))
    name = Field("name", "节日", CharWidget())
    year = Field("year", "年度", YearWidget())
    notice = Field("notice", "依据", CharWidget())

    class Meta:
        model = Holiday
        import_id_fields = ("day",)
        fields = ("day", "kind", "name", "year", "notice")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class OrganisationResource(ReferenceResource):
    """单位."""

    code = Field("code", "单位编码", CharWidget())
    name = Field("name", "全称", CharWidget())
    short_name = Field("short_name", "简称", CharWidget())
    kind = Field("kind", "类别", ChoiceWidget(dict(OrganisationKind.choices)))
    area_code = Field("area_code", "行政区划代码", CharWidget())
    parent = Field("parent", "上级单位编码", ParentWidget(Organisation, "code"))
    document_prefix = Field("document_prefix", "机关代字", CharWidget())
    is_active = Field("is_active", "在用", YesWidget())

    class Meta:
        model = Organisation
        import_id_fields = ("code",)
        fields = ("code", "name", "short_name", "kind", "area_code", "parent", "document_prefix", "is_active")
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
