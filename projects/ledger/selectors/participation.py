"""Who takes part in a project: as named, and by the rule of the kind and area; today, or on a day as known then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from projects.ledger.models import Participation, Project
from registry.accounts.choices import SIGHT, TOWNSHIP_LEVEL, OrganisationKind
from registry.accounts.models import InboxItem, Organisation
from registry.accounts.selectors.settings import district_of, setting_on
from registry.kernel.settings import SETTINGS

PARTICIPANTS: Final = (  # those who see by taking part; others see by their area or their own projects
    OrganisationKind.DEPARTMENT,
    OrganisationKind.REGISTRATION_CENTRE,
    OrganisationKind.TAX,
    OrganisationKind.COURT,
    OrganisationKind.GOVERNMENT,
)
NO_WORK: Final = (OrganisationKind.AUDIT, OrganisationKind.OPERATIONS)  # they look after the books, not after homes
BEFORE: Final = date.min


@dataclass(frozen=True)
class Participant:
    """One organisation of a project's area as the editor shows it. `stated`: the last word on it, if there is one."""

    organisation: Organisation
    takes_part: bool
    by_rule: bool
    stated: Participation | None

    @property
    def basis(self) -> str:
        """Why it takes part or not, as the office says it."""
        if self.stated is None:
            return "默认参与" if self.takes_part else "未列入"
        since = f"自{self.stated.effective_on}起" if self.stated.effective_on else ""
        return f"{since}{'列入' if self.takes_part else '移出'}"


def stated_projects(organisation_id: int | None, takes_part: bool) -> "QuerySet[Any]":
    """Return the keys of the projects of which the last word names an organisation in, or out. No query of its own.

    No day lies ahead (`FactDay`), so the last word is the one of today: this is the one that scope reads.
    """
    own: QuerySet[Participation] = Participation.objects.filter(organisation_id=organisation_id or 0)
    return _last_words(own).filter(takes_part=takes_part).values("project_id")


def _last_words(rows: "QuerySet[Participation]") -> "QuerySet[Participation]":
    later = Participation.objects.filter(project_id=OuterRef("project_id"), organisation_id=OuterRef("organisation_id"))
    after = Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk"))
    dated = rows.annotate(day=Coalesce(F("effective_on"), BEFORE))
    return dated.filter(~Exists(later.annotate(day=Coalesce(F("effective_on"), BEFORE)).filter(after)))


def stated_now(project_id: int) -> dict[int, bool]:
    """Return, by organisation, whether the last word names it into a project or out of it. One query."""
    rows = Participation.objects.filter(project_id=project_id)
    return dict(_last_words(rows).values_list("organisation_id", "takes_part"))


def named_of(project_ids: Iterable[int]) -> dict[int, dict[int, bool]]:
    """Return the last word on every organisation of these projects: by project, then by organisation. One query."""
    rows = _last_words(Participation.objects.filter(project_id__in=list(project_ids)))
    named: dict[int, dict[int, bool]] = {}
    for project, organisation, takes_part in rows.values_list("project_id", "organisation_id", "takes_part"):
        named.setdefault(project, {})[organisation] = takes_part
    return named


def is_seen_by(project: Project, organisation: Organisation, named: bool | None) -> bool:
    """Return whether people of an organisation see a project, whatever rule of its kind holds. No query.

    A developer's people are assigned to projects one by one; operations and audit have no work in one.
    """
    area = organisation.area_code
    if organisation.kind in PARTICIPANTS and not _is_township(organisation):
        return named is True and district_of(organisation) in ("", project.district_code)
    if organisation.kind == OrganisationKind.DISTRICT_TASK_FORCE:
        return area == project.district_code
    if _is_township(organisation):
        return area == project.township_code
    return True


def _is_township(organisation: Organisation) -> bool:
    return organisation.kind in (OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT) and (
        len(organisation.area_code) == TOWNSHIP_LEVEL[0]
    )


def stated_on(
    project_ids: Iterable[int], *, on: date, known_at: datetime | None = None
) -> dict[int, dict[int, Participation]]:
    """Return the word that stands on a day, as known at a moment: by project, then by organisation. One query."""
    rows = Participation.objects.filter(project_id__in=list(project_ids)).select_related("organisation")
    rows = rows.filter(Q(effective_on__isnull=True) | Q(effective_on__lte=on))
    if known_at is not None:
        rows = rows.filter(Q(recorded_at__isnull=True) | Q(recorded_at__lte=known_at))
    stands: dict[int, dict[int, Participation]] = {}
    for row in sorted(rows, key=lambda row: (row.effective_on or BEFORE, row.pk)):
        stands.setdefault(row.project_id, {})[row.organisation_id] = row
    return stands


def participants_of(project: Project, *, on: date, known_at: datetime | None = None) -> Sequence[Participant]:
    """Return every organisation that could take part in a project, with whether it does on a day and why.

    A query for the organisations, one for what is named, one for each kind and level of the rule.
    """
    stands = stated_on([project.pk], on=on, known_at=known_at).get(project.pk, {})
    rules: dict[tuple[str, str], bool] = {}
    everyone = []
    for organisation in candidates_of(project):
        where = (SIGHT + organisation.kind, district_of(organisation))
        if where not in rules:
            rules[where] = where[0] in SETTINGS and bool(setting_on(*where, on=on, known_at=known_at))
        stated = stands.get(organisation.pk)
        takes_part = rules[where] if stated is None else stated.takes_part
        everyone.append(Participant(organisation, takes_part, rules[where], stated))
    return everyone


def open_items(projects: Sequence[int] | None) -> Iterable[tuple[int, int]]:
    """Return who has something of a project on its desk. One query."""
    waiting = InboxItem.objects.filter(done_at__isnull=True, organisation__isnull=False, project_key__isnull=False)
    if projects is not None:
        waiting = waiting.filter(project_key__in=projects)
    return waiting.values_list("project_key", "organisation_id").distinct()


def candidates_of(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that may be named into a project: of its district or the city, seeing by taking part."""
    near: QuerySet[Organisation] = Organisation.objects.filter(
        Q(area_code__startswith=project.district_code) | Q(area_code__in=("", project.district_code[:2])),
        kind__in=PARTICIPANTS,
        is_active=True,
    )
    return near.order_by("area_code", "kind", "code")


def named_into(project: Project) -> "QuerySet[Any]":
    """Return the keys of the organisations that the last word names into a project. No query of its own."""
    own: QuerySet[Participation] = Participation.objects.filter(project=project)
    return _last_words(own).filter(takes_part=True).values("organisation_id")


def candidates_within(area_code: str) -> "QuerySet[Organisation]":
    """Return the organisations that may be named into projects of an area ("" the city): of its districts, the city."""
    kinds: QuerySet[Organisation] = Organisation.objects.filter(kind__in=PARTICIPANTS, is_active=True)
    if area_code:
        kinds = kinds.filter(Q(area_code__startswith=area_code[:6]) | Q(area_code__in=("", area_code[:2])))
    return kinds.order_by("area_code", "kind", "code")


def history_of(project: Project) -> "QuerySet[Participation]":
    """Return every word on who takes part, newest first. One query."""
    rows: QuerySet[Participation] = Participation.objects.filter(project=project).select_related("organisation")
    return rows.order_by("-pk")


def organisations_near(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that may be given work in a project: of its places, or named into it. No query yet."""
    near_by = Q(area_code__in=("", project.district_code, project.township_code))
    places = near_by | Q(pk__in=named_into(project))
    near: QuerySet[Organisation] = Organisation.objects.filter(places, is_active=True).exclude(kind__in=NO_WORK)
    return near.order_by("code")
