"""The filter bar of the project list; the same filter feeds the list and its export."""

import django_filters

from projects import ports
from projects.ledger.choices import HOUSING_TYPES, ProjectStatus
from projects.ledger.models import Project
from projects.ledger.selectors.projects import project_search
from registry.accounts.selectors.settings import areas


def issue_choices() -> list[tuple[str, str]]:
    """The types that a main issue may be, by their words. One query, when the choices are shown or one was made."""
    return [(code, f"{code} {label}") for code, label in ports.issue_types()]


def district_choices() -> list[tuple[str, str]]:
    """The districts of the installation by name. One query, when the choices are shown or one was made."""
    return [(area.code, area.name) for area in areas()]


class ProjectFilter(django_filters.FilterSet):
    """What a project list can be narrowed by."""

    q = django_filters.CharFilter(label="查找", method="search")
    status = django_filters.ChoiceFilter(label="状态", choices=ProjectStatus.choices, empty_label="全部")
    housing_type = django_filters.ChoiceFilter(label="房屋类型", choices=HOUSING_TYPES, empty_label="全部")
    primary_issue = django_filters.ChoiceFilter(label="主要问题", choices=issue_choices, empty_label="全部")
    district = django_filters.ChoiceFilter(
        field_name="district_code", label="区", choices=district_choices, empty_label="全部"
    )

    class Meta:
        model = Project
        fields = ("q", "status", "housing_type", "primary_issue", "district")

    def search(self, queryset, name, value):  # type: ignore[no-untyped-def]
        """Match code, name, alias, initials, developer or place."""
        return queryset.filter(project_search(value)).distinct()
