"""A project, picked: its name, number or initials are typed, and what is meant is chosen among those in sight.

Without script the form comes back with the projects that the text may mean; with it they appear while one types.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from registry.kernel.authority import Actor, Permission, Role
from registry.store.root import project_model

SHOWN: Final = 12  # of those that a text may mean; more are narrowed by typing on
PICKED: Final = "_pick"  # after the name of the field: the number that was picked
LONGEST: Final = 80
HINT: Final = "填写项目名称、编号或拼音首字母，从列出的项目中选择"

_search: list[Callable[[str], Q]] = []


def declare_project_search(search: Callable[[str], Q]) -> None:
    """Name what matches projects by what people call them (the ledger, at start)."""
    _search[:] = [search]


def projects_in_reach(actor: Actor) -> "QuerySet[Any]":
    """Return the projects that an actor may name: those in sight; who keeps all accounts names any of them.

    A keeper of accounts reads their names and numbers alone. No query.
    """
    projects = project_model().objects
    if actor.can(Permission.ACCOUNT_MANAGE) and actor.role != Role.DISTRICT:
        return projects.all()  # type: ignore[no-any-return]
    return projects.visible_to(actor)  # type: ignore[no-any-return]


def projects_called(actor: Actor, text: str, *, as_it_was: bool = False) -> list[Any]:
    """Return the first projects that a text may mean, one more than are shown if there are. At most two queries.

    A whole number means the project that bears it, and no other; a project that was merged means what it is part of
    today, unless it is asked for as it was.
    """
    text = text.strip()[:LONGEST]
    if not text:
        return []
    reach = projects_in_reach(actor)
    if (project := reach.filter(code__iexact=text).first()) is not None:
        return [project if as_it_was else part_of(reach, project)]
    meant = reach.filter(merged_into__isnull=True).filter(_search[0](text)).distinct().order_by("code")
    return list(meant[: SHOWN + 1])


def part_of(reach: "QuerySet[Any]", project: Any) -> Any:
    """Return what a project is part of today, as far as that lies in reach. A query a merge."""
    while project.merged_into_id and (whole := reach.filter(pk=project.merged_into_id).first()) is not None:
        project = whole
    return project


class ProjectPick(forms.TextInput):
    """The text that is typed, and below it the projects that it may mean."""

    offers: tuple[Any, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was picked, or else what was typed."""
        return data.get(f"{name}{PICKED}") or data.get(name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the input with the offers; the script asks for them as one types."""
        box = super().render(name, value, {**(attrs or {}), "data-pick": name, "autocomplete": "off"}, renderer)
        return render_to_string("_components/pick.html", {"box": box, "field": name, "offers": self.offers})


class ProjectField(forms.CharField):
    """A project in the actor's reach; gives the row."""

    widget = ProjectPick

    def __init__(self, *, actor: Actor | None = None, as_it_was: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", "项目")
        kwargs.setdefault("help_text", HINT)
        super().__init__(max_length=LONGEST, **kwargs)
        self.actor, self.as_it_was = actor, as_it_was

    def clean(self, value: Any) -> Any:
        """Return the project that is meant; of several the form comes back with them to choose among."""
        text = str(super().clean(value) or "")
        if not text:
            return None
        offers = [] if self.actor is None else projects_called(self.actor, text, as_it_was=self.as_it_was)
        if not offers:
            raise forms.ValidationError(f"未找到项目“{text}”，或不在您的范围内。请核对名称或编号。")
        if len(offers) > 1:
            self.widget.offers = tuple(offers[:SHOWN])
            more = f"，先列{SHOWN}个；未列出的请写得更完整" if len(offers) > SHOWN else ""
            raise forms.ValidationError(f"“{text}”对应多个项目{more}。请从列出的项目中选择。")
        return offers[0]
