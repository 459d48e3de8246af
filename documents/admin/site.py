"""The admin site: reference tables alone, opened by the registry's own rights, in the registry's own dress."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from documents.admin.resources import BlockerTypeResource, GatePlanResource, HolidayResource, OrganisationResource
from documents.admin.table import READ, ReferenceAdmin
from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from registry.accounts.models import Organisation
from registry.store.access import access


class ReferenceSite(AdminSite):
    """Reference tables for those who may read parameters."""

    site_header = site_title = index_title = "基础数据"
    index_template = "admin/index.html"
    enable_nav_sidebar = False

    def has_permission(self, request: Any) -> bool:
        """The registry's own rights; Django's are not used."""
        return bool(request.actor.can(READ))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Mark the view for the registry's door."""
        return access(READ)(super().admin_view(view, cacheable))

    def get_urls(self) -> list[Any]:
        """The index and the tables: no second sign-in, no passwords, no users here."""
        urls: list[Any] = [path("", self.admin_view(self.index), name="index")]
        for model, table in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls += [_prefixed(prefix, one) for one in table.get_urls()]
        return urls

    def each_context(self, request: Any) -> dict[str, Any]:
        """What every page is given: the registry's own frame knows the rest."""
        return {"has_permission": True}

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The tables, with how many lines each has."""
        rows = [
            (
                table.table_label,
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
                model._default_manager.count(),
                table.about,
            )
            for model, table in self._registry.items()
            if isinstance(table, ReferenceAdmin)
        ]
        return TemplateResponse(request, "admin/index.html", {"title": "基础数据", "rows": rows})


def _prefixed(prefix: str, one: URLPattern) -> URLPattern:
    return path(prefix + str(one.pattern), access(READ)(one.callback), name=one.name)  # Django's wrapper drops the mark


class BlockerTypeAdmin(ReferenceAdmin):
    table = "blocker_types"
    about = "堵点的小类、卡住的环节、牵头单位、什么可以解"
    resource_classes = [BlockerTypeResource]
    search_fields = ("code", "label", "head")
    ordering = ("code",)


class GatePlanAdmin(ReferenceAdmin):
    table = "gate_plans"
    about = "每类房屋须办的楼栋环节，自某日起"
    resource_classes = [GatePlanResource]
    search_fields = ("housing_type",)
    ordering = ("housing_type", "effective_on")


class HolidayAdmin(ReferenceAdmin):
    table = "holidays"
    about = "放假和调休上班的日子，工作日期限据此计算"
    resource_classes = [HolidayResource]
    search_fields = ("name", "notice", "year")
    ordering = ("-day",)


class OrganisationAdmin(ReferenceAdmin):
    table = "organisations"
    about = "参与的机关、中心、开发建设单位"
    resource_classes = [OrganisationResource]
    search_fields = ("code", "name", "short_name")
    ordering = ("code",)


site = ReferenceSite()
site.register(BlockerType, BlockerTypeAdmin)
site.register(GatePlan, GatePlanAdmin)
site.register(Holiday, HolidayAdmin)
site.register(Organisation, OrganisationAdmin)
