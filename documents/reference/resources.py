"""The tables as files: columns in Chinese, one line a row, every fault of every row at once."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.widgets import CharWidget

from commitments.choices import InstrumentKind
from documents.reference.services import Line, row_mark
from documents.reference.widgets import (
    ChoiceWidget,
    CountWidget,
    DayWidget,
    ManyWidget,
    ParentWidget,
    YearWidget,
    YesWidget,
)
from projects.casework.choices import DayKind
from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.ledger.choices import HOUSING_TYPES
from projects.office.choices import CHECKLISTS, FamilyFact, PaperForm, Supplier
from projects.office.models import ChecklistItem
from projects.office.services.checklists import require_checklist_item
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Area, Organisation
from registry.accounts.services.areas import require_area
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate

LEVELS = {"P": "项目", "B": "楼栋", "U": "户"}
GATES = {gate.value: gate.label for gate in Gate}
BUILDING_GATES = {gate.value: gate.label for gate in Gate.building_gates()}
DECISIONS = {"": "", **dict(InstrumentKind.choices)}
LIFTS = {
    "Y": "可凭承诺解除", "C": "可凭附条件的承诺解除", "D": "可凭决定解除", "A": "可凭指定申请人解除", "N": "只能实际办结",
}  # fmt: skip
# What columns and words were called before: files exported then still come in.
FORMER_COLUMNS: Final = {
    "卡住环节": "受阻环节", "怎样可解": "解除方式", "可解的决定": "可据以解除的决定", "自哪天起": "起始日期",
    "收什么": "收取方式", "什么情况下要": "适用情形", "可解的堵点和条件": "可解除的堵点和条件",
}  # fmt: skip
FORMER_WORDS: Final = {"承诺可解": "Y", "附条件可解": "C", "决定可解": "D", "申请人可解": "A", "只能实办": "N"}


class PlainDiff(Diff):  # type: ignore[misc]
    """What changes in a row, without the styles that the library writes into its own."""

    def as_html(self) -> list[str]:
        """A cell each: the value, or the old struck out beside the new."""
        return [self._cell(before, after) for before, after in zip(self.left, self.right, strict=True)]

    def _cell(self, before: str, after: str) -> str:
        if self.new:
            return format_html('<ins class="{}">{}</ins>', "nw" if is_short(after) else "", after)
        if before != after:
            return format_html("<del>{}</del> <ins>{}</ins>", before, after)
        return format_html('<span class="{}">{}</span>', "nw" if is_short(after) else "", after)


def is_short(cell: object) -> bool:
    """Return whether a cell should stay on one line: a day, a code, a word."""
    text = str(cell)
    return len(text) <= 4 or (text.isascii() and len(text) <= 10)


class ReferenceResource(ModelResource):  # type: ignore[misc]
    """A table whose lines are never saved here: what changes is gathered, to be proposed."""

    is_named_by_system = False  # whether a line without its key is a new one, whose key the system gives

    said_as: Mapping[str, str] = {}  # fields of the service's refusals that go by another name here

    def __init__(self, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__()
        self.actor = actor
        self.gathered: list[Line] = []
        self.seen: dict[tuple[str, ...], int] = {}

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        """Our own cells."""
        return PlainDiff

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """A file of another table, a column nobody knows or one that stands twice is refused whole."""
        said = [str(header or "").strip() for header in dataset.headers]
        dataset.headers = [FORMER_COLUMNS.get(header, header) for header in said]
        heads = [header for header in dataset.headers if header]
        known = {field.column_name for field in self.get_import_fields()}
        missing = [self.fields[name].column_name for name in self.get_import_id_fields()]
        missing = [column for column in missing if column not in heads]
        if missing:
            raise ValueError(f"文件里没有“{'、'.join(missing)}”列，无法对应记录。请先导出，在导出的文件中修改。")
        strange = [header for header in heads if header not in known]
        if strange:
            raise ValueError(f"不认识的列：{'、'.join(strange)}。请改回导出文件的列名，或删去这些列。")
        twice = sorted({header for header in heads if heads.count(header) > 1})
        if twice:
            raise ValueError(f"列名重复：{'、'.join(twice)}。请只留一列。")

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """A line without its key, or with one that can't be read, is no line."""
        for name in () if self.is_named_by_system else self.get_import_id_fields():
            column = self.fields[name].column_name
            if not str(row.get(column) or "").strip():
                raise ValueError(f"{column}：未填写。每行均须填写{column}。")
            try:
                self.fields[name].clean(row)
            except ValueError as error:
                raise ValueError(f"{column}：{error}") from error

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read the cells; the same line twice in a file is refused: which of the two counts?"""
        super().import_instance(instance, row, **kwargs)
        key = tuple(str(self.fields[name].get_value(instance)) for name in self.get_import_id_fields())
        if not any(key):
            return
        first = self.seen.setdefault(key, kwargs["row_number"])
        if first != kwargs["row_number"]:
            raise ValueError(f"和第{first + 1}行是同一条。同一条只留一行。")

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """The model's own rules, each fault under the name of its column."""
        columns = {str(field.attribute): str(field.column_name) for field in self.get_import_fields()}
        errors = dict(import_validation_errors or {})
        checked = {field.attribute for field in self.written_fields()}
        others = {field.name for field in instance._meta.fields if field.name not in checked}
        try:
            instance.full_clean(exclude=others | set(errors), validate_unique=validate_unique)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError({columns.get(str(name), str(name)): fault for name, fault in errors.items()})

    def require(self, instance: Any, is_create: bool) -> None:
        """Refuse a line that the service would refuse, so far as that is known before somebody agrees."""

    def written_fields(self) -> list[Field]:
        """The columns that are taken: not those to read, nor a key that the system gives."""
        given = self.get_import_id_fields() if self.is_named_by_system else ()
        return [field for field in self.get_import_fields() if not field.readonly and field.attribute not in given]

    def values_of(self, instance: Any) -> dict[str, Any]:
        """What the service is told."""
        names = [field.attribute for field in self.get_import_fields()]
        return {name: getattr(instance, instance._meta.get_field(name).attname) for name in names}

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Gather what a confirmed row would write; the table itself is written when somebody agrees."""
        try:
            self.require(instance, is_create)
        except DomainError as refusal:
            name = self.said_as.get(str(refusal.field), refusal.field)
            column = next((field.column_name for field in self.get_import_fields() if field.attribute == name), "")
            raise ValueError(f"{column}：{refusal.message}" if column else refusal.message) from refusal
        if kwargs.get("dry_run"):
            return
        stands = None if is_create else type(instance).objects.get(pk=instance.pk)
        self.gathered.append(line_of(self, instance, stands))

    def save_m2m(self, *args: Any, **kwargs: Any) -> None:
        """No table here has any."""


def line_of(resource: Any, instance: Any, stands: Any | None) -> Line:
    """Return a line as it would become, and what of it changes against what stands."""
    shown = [(field.column_name, field) for field in resource.written_fields()]
    changes = [
        (label, str(field.export(stands)) if stands is not None else "", str(field.export(instance)))
        for label, field in shown
        if stands is None or field.export(stands) != field.export(instance)
    ]
    return Line(str(instance), resource.values_of(instance), changes, stands is None, row_mark(stands))


class BlockerTypeResource(ReferenceResource):
    """堵点类型."""

    code = Field("code", "编码", CharWidget())
    head = Field("head", "大类", CharWidget())
    label = Field("label", "小类", CharWidget())
    gate = Field("gate", "受阻环节", ChoiceWidget(GATES))
    level = Field("level", "默认范围", ChoiceWidget(LEVELS))
    lead = Field("lead", "牵头", CharWidget())
    support = Field("support", "配合", CharWidget())
    paths = Field("paths", "化解路径", CharWidget())
    lift = Field("lift", "解除方式", ChoiceWidget(LIFTS, former=FORMER_WORDS))
    condition = Field("condition", "条件", CharWidget())
    decision = Field("decision", "可据以解除的决定", ChoiceWidget(DECISIONS))
    limit_days = Field("limit_days", "办理时限（工作日）", CountWidget())
    limit_basis = Field("limit_basis", "时限依据", CharWidget())
    is_active = Field("is_active", "在用", YesWidget())

    class Meta:
        model = BlockerType
        import_id_fields = ("code",)
        fields = (
            "code", "head", "label", "gate", "level", "lead", "support", "paths", "lift", "condition", "decision",
            "limit_days", "limit_basis", "is_active",
        )  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


class GatePlanResource(ReferenceResource):
    """办证环节方案."""

    housing_type = Field("housing_type", "房屋类型", ChoiceWidget(dict(HOUSING_TYPES)))
    gates = Field("gates", "须办环节", ManyWidget(BUILDING_GATES))
    effective_on = Field("effective_on", "起始日期", DayWidget(format="%Y-%m-%d"))

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


class AreaResource(ReferenceResource):
    """行政区划."""

    code = Field("code", "行政区划代码", CharWidget())
    name = Field("name", "名称", CharWidget())
    source = Field("source", "来源", CharWidget())
    as_of = Field("as_of", "截至", DayWidget(format="%Y-%m-%d"))
    is_active = Field("is_active", "在用", YesWidget())

    def require(self, instance: Any, is_create: bool) -> None:
        """What is no code of a district or township is said before it is proposed."""
        require_area(instance.code, instance.name, instance.source)

    class Meta:
        model = Area
        import_id_fields = ("code",)
        fields = ("code", "name", "source", "as_of", "is_active")
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


class ChecklistResource(ReferenceResource):
    """办证材料清单."""

    applies_to = Field("applies_to", "适用", ChoiceWidget(dict(CHECKLISTS)))
    ordinal = Field("ordinal", "序号", CountWidget(high=99))
    name = Field("name", "材料", CharWidget())
    form = Field("form", "收取方式", ChoiceWidget(dict(PaperForm.choices)))
    copies = Field("copies", "份数", CountWidget(low=0, high=9))
    condition = Field("condition", "适用情形", CharWidget())
    fact = Field("fact", "对应情形", ChoiceWidget({"": "不限", **dict(FamilyFact.choices)}))
    supplier = Field("supplier", "由谁提供", ChoiceWidget(dict(Supplier.choices)))
    note = Field("note", "说明", CharWidget())
    effective_on = Field("effective_on", "起始日期", DayWidget(format="%Y-%m-%d"))
    is_active = Field("is_active", "在用", YesWidget())

    def require(self, instance: Any, is_create: bool) -> None:
        """What contradicts itself is said before it is proposed."""
        require_checklist_item(self.values_of(instance))

    class Meta:
        model = ChecklistItem
        import_id_fields = ("applies_to", "name", "effective_on")
        fields = (
            "applies_to", "ordinal", "name", "form", "copies", "condition", "fact", "supplier", "note",
            "effective_on", "is_active",
        )  # fmt: skip
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
