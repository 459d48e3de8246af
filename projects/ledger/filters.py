"""The filter bar of the project list; the same filter feeds the list and its export."""

import django_filters

from projects.ledger.choices import HOUSING_TYPES, ProjectStatus
from projects.ledger.models import Project
from projects.ledger.selectors.projects import project_search


class ProjectFilter(django_filters.FilterSet):
    """What a project list can be narrowed by."""

    q = django_filters.CharFilter(label="查找", method="search")
    status = django_filters.ChoiceFilter(label="状态", choices=ProjectStatus.choices, empty_label="全部")
    housing_type = django_filters.ChoiceFilter(label="房屋类型", choices=HOUSING_TYPES, empty_label="全部")
    primary_issue = django_filters.CharFilter(label="主要问题", lookup_expr="istartswith")

    class Meta:
        model = Project
        fields = ("q", "status", "housing_type", "primary_issue")

    def search(self, queryset, name, value):  # type: ignore[no-untyped-def]
        """Match code, name, alias, initials, developer or place."""
        return queryset.filter(project_search(value)).distinct()
