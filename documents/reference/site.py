"""The admin site: reference tables alone, opened by the registry's own rights, in the registry's own dress."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from documents.reference.policies import PolicyResource
from documents.reference.resources import (
    AreaResource,
    BlockerTypeResource,
    ChecklistResource,
    GatePlanResource,
    HolidayResource,
    OrganisationResource,
)
from documents.reference.table import READ, ReferenceAdmin
from projects.casework.models import Holiday, Policy
from projects.casework.selectors.policies import policies_for
from projects.gates.models import BlockerType, GatePlan
from projects.office.models import ChecklistItem
from registry.accounts.models import Area, Organisation
from registry.kernel.gates.table import shut_by_law_words
from registry.store.access import access


class ReferenceSite(AdminSite):
    """Reference tables for those who may read parameters."""

    site_header = site_title = index_title = "基础数据"
    index_template = "reference/index.html"
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
            urls += [_prefixed(prefix, url) for url in table.get_urls()]
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
                table.get_queryset(request).count(),
                table.about,
            )
            for model, table in self._registry.items()
            if isinstance(table, ReferenceAdmin) and table.may_read(request.actor)  # type: ignore[attr-defined]
        ]
        return TemplateResponse(request, "reference/index.html", {"title": "基础数据", "rows": rows})


def _prefixed(prefix: str, pattern: URLPattern) -> URLPattern:
    return path(
        prefix + str(pattern.pattern), access(READ)(pattern.callback), name=pattern.name
    )  # Django's wrapper drops the mark


class BlockerTypeAdmin(ReferenceAdmin):
    table = "blocker_types"
    about = f"堵点小类、受阻环节、牵头单位、解除方式；{shut_by_law_words()}"
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


class AreaAdmin(ReferenceAdmin):
    table = "areas"
    about = "本市的区和乡镇、街道，按国家代码，注明来源和截至日期；换一个城市，用本市的表替换"
    resource_classes = [AreaResource]
    search_fields = ("code", "name", "source")
    ordering = ("code",)


class OrganisationAdmin(ReferenceAdmin):
    table = "organisations"
    about = "参与的机关、中心、开发建设单位"
    resource_classes = [OrganisationResource]
    search_fields = ("code", "name", "short_name")
    ordering = ("code",)


class ChecklistAdmin(ReferenceAdmin):
    table = "checklists"
    about = "每类房屋办证要交的材料，自某日起；办证通知书据此打印"
    resource_classes = [ChecklistResource]
    search_fields = ("name", "condition", "note")
    ordering = ("applies_to", "ordinal", "name", "effective_on")


class PolicyAdmin(ReferenceAdmin):
    """Policies are drafted, changed and issued on their own pages; here they go out and drafts come in by table."""

    table = "policies"
    about = "1+10+N的各份政策；文件里新的一行起草一份，草稿可改，已发布的不改"
    is_typed = False
    after = "经市级专班另一名人员复核后存为草稿，发布另行提请。"
    never = ("不发布、不废止任何政策", "已发布的政策不能用文件改")
    resource_classes = [PolicyResource]
    search_fields = ("code", "number", "title", "organ")
    ordering = ("-id",)

    def get_queryset(self, request: Any) -> Any:
        """Those that concern the reader."""
        return policies_for(request.actor).order_by(*self.ordering)

    def address_of(self, row: Any) -> str:
        return reverse("casework:policy", args=[row.code])

    def add_address(self) -> str:
        return reverse("casework:draft_policy")


site = ReferenceSite()
site.register(BlockerType, BlockerTypeAdmin)
site.register(GatePlan, GatePlanAdmin)
site.register(Holiday, HolidayAdmin)
site.register(Area, AreaAdmin)
site.register(Organisation, OrganisationAdmin)
site.register(ChecklistItem, ChecklistAdmin)
site.register(Policy, PolicyAdmin)
