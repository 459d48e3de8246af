"""One reference table in the admin: listed, exported, imported; what changes is proposed, never saved here."""

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from documents.intake.reading.codes import FileRefused
from documents.reference.formats import TableForm, Text, Workbook
from documents.reference.resources import ReferenceResource, is_short, line_of
from documents.reference.services import TABLES, Line, propose_reference, row_mark
from documents.reference.sorting import sorted_page
from documents.reference.storage import SealedStorage, owned_by
from documents.reference.widgets import ChoiceWidget, ManyWidget
from registry.accounts.forms import OnceKeyed
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.store.versions import mark_of, pack, unpack
from registry.web.forms import DateInput
from registry.web.responses import download

READ = Permission.PARAMETER_READ


class LineForm(OnceKeyed, forms.ModelForm):  # type: ignore[type-arg]
    """One line as it was opened: what another changed since stays, and what both changed is asked for.

    It remembers what is typed as every form of ours does: by its key, and filled in anew where that was kept.
    """

    typed: Any = None  # what was kept of it, on a page that shows it again

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.typed is not None:
            kwargs["data"] = self.typed
        super().__init__(*args, **kwargs)

    @property
    def is_resumed(self) -> bool:
        """Whether the form shows what was typed before and not sent: nothing of it is a fault yet."""
        return self.typed is not None

    @property
    def seen_mark(self) -> str:
        """The marks of what stands; sent again after a clash, they say that the value now there was seen."""
        return pack({name: mark_of(self._standing(name)) for name in self.fields}) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        """Compare each field with what stands, before the line takes what was posted."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        marks = unpack(str(self.data.get("seen", ""))) if self.instance.pk else {}
        for name, mark in marks.items():
            if name not in cleaned or mark_of(self._standing(name)) == mark:
                continue
            if mark_of(cleaned[name]) == mark:
                cleaned[name] = self.fields[name].clean(self._standing(name))
            elif mark_of(cleaned[name]) != mark_of(self._standing(name)):
                theirs = self._standing(name) or "（空）"
                self.add_error(
                    name, f"打开之后已被别人改为“{theirs}”。要保留的，改填成它；仍要改成所填的，再提请一次。"
                )
        return cleaned

    def _standing(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)


class ReferenceAdmin(ImportExportMixin, ModelAdmin):  # type: ignore[misc,type-arg]
    """One table: listed, searched, exported; changed by proposals that a second person agrees to."""

    table = ""
    about = ""
    is_typed = True  # whether lines are typed here too; else on pages of their own
    after = "经市级专班另一名人员复核后生效。"
    never: tuple[str, ...] = ()
    resource_classes: Iterable[Any] = ()
    formats = [Workbook, Text]
    import_form_class = TableForm
    export_form_class = ExportForm
    from_encoding = "utf-8-sig"
    tmp_storage_class = SealedStorage
    form = LineForm
    skip_admin_log = True
    actions = None
    list_per_page = 100
    show_full_result_count = True
    change_list_template = import_export_change_list_template = "reference/table.html"
    change_form_template = add_form_template = "reference/line.html"
    import_template_name = "reference/import.html"
    export_template_name = "reference/export.html"

    @property
    def table_label(self) -> str:
        """What the office calls the table."""
        return TABLES[self.table].label

    def may_read(self, actor: Actor) -> bool:
        """Whether the actor sees the table."""
        return actor.can(READ) and actor.can(TABLES[self.table].read)

    def may_propose(self, actor: Actor) -> bool:
        """Whether the actor may lay changes of it before a second person."""
        return self.may_read(actor) and actor.can(TABLES[self.table].propose)

    def get_urls(self) -> list[Any]:
        """List, add, change, import, export: nothing is deleted here."""
        kept = ("_changelist", "_import", "_export", *(("_add", "_change") if self.is_typed else ()))
        named = [(str(url.name), url) for url in super().get_urls()]
        return [one for name, one in named if name.endswith(kept)]

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_read(request.actor)

    def has_add_permission(self, request: Any) -> bool:
        return self.may_propose(request.actor)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_propose(request.actor)

    def has_import_permission(self, request: Any) -> bool:
        return self.may_propose(request.actor)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_export_permission(self, request: Any) -> bool:
        return self.may_read(request.actor)

    def has_module_permission(self, request: Any) -> bool:
        return self.may_read(request.actor)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        """The registry's own trail has it."""

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """The registry's own trail has it."""

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """The table, its cells as the file would have them."""
        if ERROR_FLAG in request.GET:
            return HttpResponseRedirect(request.path)  # where a filter led that the table does not have: to all lines
        asked, request.GET = request.GET, request.GET.copy()
        order = (request.GET.pop("order", [""]) or [""])[-1]  # of a head; the admin would take it for a filter
        response = super().changelist_view(request, {"title": self.table_label, "table": self})
        request.GET = asked
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            resource = self._resource(request)
            fields = resource.get_export_fields()
            changes = response.context_data["cl"]
            shown = changes.queryset if order else changes.result_list  # by a head the whole table is sorted, and shown
            lines = [(self.address_of(row), [field.export(row) for field in fields]) for row in shown]
            page = sorted_page(request, [field.column_name for field in fields], lines)
            response.context_data["page"] = page
            response.context_data["is_sorted"] = bool(order)
            response.context_data["lines"] = [
                (address, [(cell, is_short(cell)) for cell in cells]) for address, cells in page.rows
            ]
            response.context_data["may_propose"] = self.may_propose(request.actor)
            response.context_data["names"] = self._names()
            response.context_data["previous_url"] = changes.get_query_string({"p": changes.page_num - 1})
            response.context_data["next_url"] = changes.get_query_string({"p": changes.page_num + 1})
        return response

    def changeform_view(
        self, request: Any, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """One line, to be changed by proposal."""
        if not self.may_propose(request.actor):
            raise PermissionDenied
        context = {
            "title": f"{'修改' if object_id else '新增'}{self.table_label}",
            "names": self._names(),
            "table": self,
        }
        return super().changeform_view(request, object_id, form_url, context)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Labels as the columns have them; codes are chosen by their labels."""
        field = next(iter(self.resource_classes)).fields[db_field.name]
        if isinstance(field.widget, ManyWidget):
            return forms.MultipleChoiceField(
                label=field.column_name, choices=list(field.widget.choices.items()), widget=forms.CheckboxSelectMultiple
            )
        if isinstance(field.widget, ChoiceWidget):
            blank = db_field.blank or "" in field.widget.choices
            choices = [("", "—"), *((code, label) for code, label in field.widget.choices.items() if code)]
            return forms.ChoiceField(label=field.column_name, choices=choices, required=not blank)
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is not None:
            formfield.label = field.column_name
            formfield.help_text = ""
            if isinstance(formfield.widget, RelatedFieldWidgetWrapper):
                formfield.widget.can_add_related = formfield.widget.can_change_related = False
                formfield.widget.can_view_related = formfield.widget.can_delete_related = False
            if isinstance(formfield, forms.DateField):
                formfield.widget = DateInput()
        return formfield

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form of a line, filled with what was typed before if the page goes on with it."""
        made = super().get_form(request, obj, change, **kwargs)
        is_going_on = request.method == "GET" and getattr(request, "resumed_at", None)
        return type(made.__name__, (made,), {"typed": request.POST}) if is_going_on else made

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """The row as the form is about to compare it, marked before the form writes into it."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.stood = self._key(row), row_mark(row)
        return row

    def _key(self, row: Any) -> tuple[str, ...]:
        return tuple(str(getattr(row, name)) for name in TABLES[self.table].natural)

    def _stood(self, row: Any) -> str:
        """The mark of the row that a line would change: the one opened, or another whose key was typed."""
        key, mark = getattr(row, "stood", ((), ""))
        if key == self._key(row):
            return str(mark)
        natural = {name: getattr(row, name) for name in TABLES[self.table].natural}
        return row_mark(self.model._default_manager.filter(**natural).first())

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields of the table's columns, in their order."""
        return list(next(iter(self.resource_classes))._meta.fields)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Propose what the form says; the table is written when a second person agrees."""
        stands = self.model._default_manager.get(pk=obj.pk) if change else None
        line = replace(line_of(self._resource(request), obj, stands), stood=self._stood(obj))
        self._propose(request, [line] if line.changes else [], "手工录入")

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._back()

    def response_change(self, request: Any, obj: Any) -> HttpResponse:
        return self._back()

    def import_action(self, request: Any, **kwargs: Any) -> Any:
        """Read the file, show what it would change, or every fault of every row."""
        with owned_by(request.actor.person_id, now=time.time()):
            response = super().import_action(request, **kwargs)
            self._drop_faulty(request, response)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data |= {"title": f"导入{self.table_label}", "names": self._names(), "table": self}
            if result := response.context_data.get("result"):
                response.context_data |= {"faults": faults_of(result), "changed": changed_rows(result)}
        return response

    def _drop_faulty(self, request: Any, response: Any) -> None:
        """A file that can't be confirmed need not wait for it."""
        context = getattr(response, "context_data", None) or {}
        for file in request.FILES.values():
            stored = getattr(file, "tmp_storage_name", "")
            if stored and "confirm_form" not in context:
                SealedStorage(name=stored).remove()

    def process_import(self, request: Any, **kwargs: Any) -> Any:
        """Propose what the file would change."""
        with owned_by(request.actor.person_id, now=time.time()):
            return super().process_import(request, **kwargs)

    def process_dataset(self, dataset: Any, form: Any, request: Any, **kwargs: Any) -> Any:
        """Gather the changes of a confirmed file and lay them before a second person."""
        resource = self._resource(request)
        result = resource.import_data(dataset, dry_run=False, use_transactions=False)
        if result.has_errors() or result.has_validation_errors():
            raise Refused(
                "预览后数据已有变动，文件中部分行不再适用，未提请。请重新上传并查看逐行说明。", code="changed"
            )
        self._propose(request, resource.gathered, f"导入文件 {form.cleaned_data.get('original_file_name', '')}")
        return result

    def process_result(self, result: Any, request: Any) -> HttpResponse:
        return self._back()

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say why the file can't be read, in words for the sender."""
        words = e.message if isinstance(e, FileRefused) else "文件无法读取。请另存为.xlsx或UTF-8编码的.csv后上传。"
        form.add_error("import_file", words)

    def export_action(self, request: Any) -> HttpResponse:
        """Every line of the table, in the columns that an import takes; or the columns alone, to be filled in."""
        try:
            response: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)  # a filter that the table does not have filters nothing
        if isinstance(response, TemplateResponse):
            response.context_data = {
                **(response.context_data or {}), "title": f"导出{self.table_label}", "names": self._names(),
            }  # fmt: skip
            return response
        file_type = response["Content-Type"].split(";")[0]
        ending = "csv" if "csv" in file_type else "xlsx"
        name = f"{self.table_label}{'模板' if self._is_empty(request) else f'_{request.today:%Y%m%d}'}.{ending}"
        mark = b"\xef\xbb\xbf" if ending == "csv" else b""
        return download(mark + response.content, name, file_type)

    def get_export_queryset(self, request: Any) -> Any:
        """Every line that the reader may see, or none for the empty template."""
        rows = super().get_export_queryset(request)
        return rows.none() if self._is_empty(request) else rows

    def _is_empty(self, request: Any) -> bool:
        return "empty" in request.POST

    def _propose(self, request: Any, lines: list[Line], source: str) -> None:
        approval = propose_reference(actor=request.actor, table=self.table, lines=lines, source=source)
        messages.success(request, f"已提请：{approval.title}。{self.after}")

    def get_import_resource_kwargs(self, request: Any, **kwargs: Any) -> dict[str, Any]:
        """Who sends the file: what concerns another is not there for it."""
        return {"actor": request.actor}

    def get_export_resource_kwargs(self, request: Any, **kwargs: Any) -> dict[str, Any]:
        return {"actor": request.actor}

    def address_of(self, row: Any) -> str:
        """Where one line is changed, or read."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def _resource(self, request: Any) -> ReferenceResource:
        reference_resource: ReferenceResource = next(iter(self.resource_classes))(actor=request.actor)
        return reference_resource

    def _names(self) -> dict[str, str]:
        """The addresses of this table's pages."""
        stem = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return {
            "list": reverse(f"{stem}_changelist"),
            "add": reverse(f"{stem}_add") if self.is_typed else self.add_address(),
            "import_": reverse(f"{stem}_import"),
            "process": reverse(f"{stem}_process_import"),
            "export": reverse(f"{stem}_export"),
        }

    def add_address(self) -> str:
        """Where a new line is typed, if not here."""
        return ""

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(self._names()["list"])


def faults_of(result: Any) -> list[tuple[int, list[str]]]:
    """List the faulty rows in the order of the file, each with everything that is wrong in it."""
    faults = [(number, [str(error.error) for error in errors]) for number, errors in result.row_errors()]
    for row in result.invalid_rows:
        by_column = [f"{head}：{'，'.join(words)}" for head, words in row.field_specific_errors.items()]
        faults.append((row.number, [*by_column, *row.non_field_specific_errors]))
    return sorted((number + 1, words) for number, words in faults)


def changed_rows(result: Any) -> list[Any]:
    """List the rows that add or change something; those that say what stands are only counted."""
    return [row for row in result.valid_rows() if row.is_new() or row.is_update()]
