"""Projects as lists and pages read them."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from projects import ports
from projects.ledger.choices import PREFIX, AliasKind, ProjectStatus
from projects.ledger.models import Alias, Building, Project
from projects.ledger.selectors.counts import Counts, tallied
from registry.accounts.selectors.settings import DISTRICT, setting_on
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.names import code_key
from registry.kernel.stages import STAGES, HousingType, Track, at_or_beyond
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

BEFORE_ISSUE = tuple(stage.code for stage in STAGES[Track.CERTIFICATE] if stage.code != "issued")
PROJECT_ORDERS = (  # of the page and of its export
    Order("code", "编号", ("code", "id")),
    Order("place", "区、街乡", ("township_code", "code", "id")),
    Order("newest", "最近纳入", ("-taken_in_on", "-id")),
    *by_heads(
        {
            "name": by_pinyin("name"),
            "district": by_pinyin("township_name"),
            "housing_type": ranked("housing_type", HousingType),
            "status": ranked("status", ProjectStatus),
            "issue": "primary_issue",
            "officer": by_pinyin("officer"),
            "target_on": if_any("target_on"),
            "due": tallied(),
            "collected": tallied(at_or_beyond(Track.CERTIFICATE, "collected")),
            "issued": tallied(("issued",)),
            "issued_rate": tallied(("issued",)) * 1_000_000 / Greatest(tallied(), 1),
            "remaining": tallied(BEFORE_ISSUE),
            "others": tallied(dwelling=False),
        },
        tie=("code", "id"),
    ),
)


def project_search(text: str, prefix: str = "") -> Q:
    """Match a project by code, name, alias, pinyin initials, developer or place; `prefix` is the way to it."""
    text = text.strip()
    ways = {
        "name__icontains": text,
        "code__istartswith": text,
        "initials__istartswith": text.lower(),
        "location__icontains": text,
        "developer__name__icontains": text,
        "aliases__text__icontains": text,
    }
    return reduce(or_, (Q(**{prefix + way: value}) for way, value in ways.items()))


def projects_visible_to(actor: Actor) -> "QuerySet[Project]":
    """Return the projects that the actor may see, with what a list shows. No query yet."""
    visible: QuerySet[Project] = Project.objects.visible_to(actor).filter(merged_into__isnull=True)
    return visible.select_related("developer")


def next_code(area_code: str, *, on: date) -> str:
    """Return the first number that is free under the prefix that a district has set. Two queries."""
    prefix = setting_on(PREFIX, area_code[:DISTRICT], on=on)
    taken = set(Project.objects.filter(code__startswith=f"{prefix}-").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{prefix}-{n:04d}") not in taken)


def projects_by_key(keys: Sequence[int]) -> "QuerySet[Project]":
    """Return projects already chosen in the actor's sight, by code. No query yet."""
    chosen: QuerySet[Project] = Project.objects.filter(pk__in=keys)
    return chosen.order_by("code")


def project_by_code(actor: Actor, code: str) -> Project:
    """Find a project by code or any code it had; strangers' projects do not exist. One query, four for an old code.

    A code is resolved first, whoever asks, to the project that it is part of today; the scope is asked of that one.
    Whoever saw a project that was merged into one out of their reach finds neither.
    """
    visible = projects_visible_to(actor)
    found = visible.filter(code=code).first() or visible.filter(pk__in=_resolved(code)).order_by("pk").first()
    if found is None:
        raise NotFound(f"没有项目{code}，或不在您的范围内。请核对项目编号。")
    return found


def codes_by_word(actor: Actor) -> dict[str, str]:
    """Return the code of each project in the actor's sight by every folded word that means it alone.

    Its code first, then codes that it had and those of projects merged into it, then its names. Three queries.
    """
    visible = dict(projects_visible_to(actor).values_list("pk", "code"))
    names = projects_visible_to(actor).values_list("pk", "name")
    aliases = list(Alias.objects.filter(project__in=visible).values_list("project_id", "kind", "text"))
    merged = Project.objects.filter(merged_into__in=visible).values_list("merged_into_id", "code")
    words = {code_key(code): code for code in visible.values()}
    former = [(key, text) for key, kind, text in aliases if kind == AliasKind.FORMER_CODE]
    named = [(key, text) for key, kind, text in aliases if kind != AliasKind.FORMER_CODE]
    for said in ([*former, *merged], [*names, *named]):
        meant: dict[str, set[int]] = {}
        for key, text in said:
            meant.setdefault(code_key(text), set()).add(key)
        alone = {word: visible[next(iter(keys))] for word, keys in meant.items() if word and len(keys) == 1}
        words = {**alone, **words}
    return words


def _resolved(code: str) -> set[int]:
    """Return the keys of the projects that a code means today, whoever may see them: merges are followed."""
    bears = Q(code=code) | Q(aliases__kind=AliasKind.FORMER_CODE, aliases__text=code)
    keys = set(Project.objects.filter(bears).values_list("pk", flat=True))
    while True:
        merged = Project.objects.filter(pk__in=keys, merged_into__isnull=False)
        parts = dict(merged.values_list("pk", "merged_into_id"))
        if not parts:
            return keys
        keys = (keys - parts.keys()) | set(parts.values())


def days_past_plan(project: Project, on: date) -> int:
    """Return by how many days the planned day of clearing is past; 0 if it is not, or the project is done."""
    is_done = project.status in (ProjectStatus.ZEROED, ProjectStatus.CLOSED)
    if project.target_on is None or is_done:
        return 0
    return max(0, (on - project.target_on).days)


def issue_words() -> dict[str, str]:
    """Return the words of each main issue by its code; nobody reads a code alone. One query."""
    return {code: f"{code} {label}" for code, label in ports.issue_types(retired=True)}


def project_head(project: Project, *, counts: Counts, buildings: Sequence[Building]) -> dict[str, object]:
    """Return the facts under a project's name. One query, two if its main issue was said."""
    years = "—".join(dict.fromkeys(str(y) for y in (project.occupied_from, project.occupied_to) if y))
    statuses = list(ProjectStatus)
    here = statuses.index(ProjectStatus(project.status))
    return {
        "homes": counts.due(dwelling=True),
        "others": counts.due(dwelling=False),
        "buildings": [(building.number, building.name) for building in buildings],
        "years": years,
        "developer": f"{project.developer}（{project.developer.get_condition_display()}）" if project.developer else "",
        "road": [(status.label, "ok" if n < here else "now" if n == here else "") for n, status in enumerate(statuses)],
        "issue": issue_words().get(project.primary_issue, "") if project.primary_issue else "",
        "type": HousingType(project.housing_type).label,
        "aliases": [alias.text for alias in Alias.objects.filter(project=project).order_by("kind", "id")],
    }
