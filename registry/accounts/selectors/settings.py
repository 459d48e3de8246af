"""Settings as they stand on a day, as known at a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Length, Substr
from django.urls import reverse

from registry.accounts.choices import SIGHT
from registry.accounts.models import Area, Organisation, Setting
from registry.kernel.errors import NotFound
from registry.kernel.settings import SETTINGS, Reach, SettingSpec

DISTRICT = 6
ALIKE = 3  # districts that have set nothing, from which on they stand in one line


@dataclass(frozen=True)
class SettingLine:
    """One setting of one place as the page shows it; `stated` is None while the default holds."""

    spec: SettingSpec
    area_code: str
    place: str
    now: str
    stated: Setting | None
    history: tuple[Setting, ...]

    @property
    def url(self) -> str:
        """Where another value is proposed."""
        args = [self.spec.name, self.area_code] if self.area_code else [self.spec.name]
        return reverse("accounts:setting_of" if self.area_code else "accounts:setting", args=args)

    @property
    def others(self) -> list[dict[str, Any]]:
        """Values that held, or are to come, in words."""
        return [
            {"row": row, "words": self.spec.say(self.spec.read(row.value))}
            for row in self.history
            if row != self.stated
        ]


def setting_on(name: str, area_code: str = "", *, on: date, known_at: datetime | None = None) -> Any:
    """Return what a setting is on a day, as known at a moment (now, if none is named). One query."""
    spec = SETTINGS[name]
    rows = Setting.objects.filter(name=name, area_code=area_code, effective_on__lte=on)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    stated = rows.order_by("-effective_on", "-id").first()
    return spec.read(spec.default(area_code) if stated is None else stated.value)


def settings_on(names: Iterable[str], area_code: str = "", *, on: date) -> dict[str, Any]:
    """Return what several settings are on a day, by name. One query."""
    specs = {name: SETTINGS[name] for name in names}
    rows = Setting.objects.filter(name__in=specs, area_code=area_code, effective_on__lte=on)
    stated = dict(rows.order_by("effective_on", "id").values_list("name", "value"))
    return {
        name: spec.read(stated[name] if name in stated else spec.default(area_code)) for name, spec in specs.items()
    }


def setting_spans(
    names: Iterable[str], area_codes: Iterable[str], *, known_at: datetime | None = None
) -> dict[tuple[str, str], list[tuple[date | None, Any]]]:
    """Return what settings are through time, by name and place: from which day on each value holds.

    The first is the default, from no day. As known at a moment; now, if none is named. One query.
    """
    places = list(area_codes)
    spans: dict[tuple[str, str], list[tuple[date | None, Any]]] = {
        (name, place): [(None, SETTINGS[name].read(SETTINGS[name].default(place)))]
        for name in names
        for place in places
    }
    rows = Setting.objects.filter(name__in={name for name, _ in spans}, area_code__in=places)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    for name, place, since, value in rows.order_by("effective_on", "id").values_list(
        "name", "area_code", "effective_on", "value"
    ):
        held, stated = spans[name, place], SETTINGS[name].read(value)
        if held[-1][0] == since:
            held.pop()
        if not held or held[-1][1] != stated:
            held.append((since, stated))
    return spans


def sees_area(organisation: Organisation, *, on: date, known_at: datetime | None = None) -> bool:
    """Return whether organs like this one see every project of their area on a day. One query, none for other kinds."""
    name = SIGHT + organisation.kind
    return name in SETTINGS and bool(setting_on(name, district_of(organisation), on=on, known_at=known_at))


def district_of(organisation: Organisation) -> str:
    """Return the code of the district in which an organisation lies; empty for one of the city."""
    return organisation.area_code[:DISTRICT] if len(organisation.area_code) >= DISTRICT else ""


def sight_of(on: date) -> Subquery:
    """Return, for a query over assignments, what is set for organs like theirs on a day; null while nothing is."""
    place = Case(
        When(district__gte=DISTRICT, then=Substr(OuterRef("organisation__area_code"), 1, DISTRICT)), default=Value("")
    )
    rows = Setting.objects.annotate(district=Length(OuterRef("organisation__area_code"))).filter(
        name=Concat(Value(SIGHT), OuterRef("organisation__kind")), area_code=place, effective_on__lte=on
    )
    return Subquery(rows.order_by("-effective_on", "-id").values("value")[:1])


def areas(level: int = DISTRICT) -> "QuerySet[Area]":
    """Return the districts in use (6 digits), or the townships (9), by code. No query."""
    shown: QuerySet[Area] = Area.objects.annotate(digits=Length(F("code"))).filter(digits=level, is_active=True)
    return shown.order_by("code")


def setting_lines(on: date) -> Sequence[tuple[str, Sequence[SettingLine]]]:
    """Return every declared setting with what holds on a day and what held, by group. Two queries.

    Without those that another page shows.
    """
    rows: dict[tuple[str, str], list[Setting]] = {}
    for row in Setting.objects.select_related("proposed_by", "approved_by").order_by("-effective_on", "-id"):
        rows.setdefault((row.name, row.area_code), []).append(row)
    districts = [(area.code, area.name) for area in areas()]
    groups: dict[str, list[SettingLine]] = {}
    for spec in SETTINGS.values():
        if spec.has_page:
            continue
        places = {Reach.CITY: [("", "全市")], Reach.ORGANS: [("", "市级单位"), *districts]}.get(spec.reach, districts)
        for code, place in places:
            history = tuple(rows.get((spec.name, code), ()))
            stated = next((row for row in history if row.effective_on <= on), None)
            now = spec.say(spec.read(stated.value if stated else spec.default(code)))
            groups.setdefault(spec.group, []).append(SettingLine(spec, code, place, now, stated, history))
    return list(groups.items())


def setting_history(group: str, area_code: str, *, on: date) -> dict[str, SettingLine]:
    """Return the settings of one group in one place, by name, those with a page of their own too. One query."""
    specs = [spec for spec in SETTINGS.values() if spec.group == group]
    rows: dict[str, list[Setting]] = {}
    stated = Setting.objects.filter(name__in=[spec.name for spec in specs], area_code=area_code)
    for row in stated.select_related("proposed_by", "approved_by").order_by("-effective_on", "-id"):
        rows.setdefault(row.name, []).append(row)
    lines: dict[str, SettingLine] = {}
    for spec in specs:
        history = tuple(rows.get(spec.name, ()))
        holds = next((row for row in history if row.effective_on <= on), None)
        now = spec.say(spec.read(holds.value if holds else spec.default(area_code)))
        lines[spec.name] = SettingLine(spec, area_code, "", now, holds, history)
    return lines


def folded(lines: Sequence[SettingLine]) -> list[tuple[SettingLine, Sequence[SettingLine]]]:
    """Return lines for the page, each with those that it stands for: districts that all have a setting's default."""
    rows: list[tuple[SettingLine, Sequence[SettingLine]]] = []
    for _, of_one in groupby(lines, key=lambda line: line.spec.name):
        silent: dict[str, list[SettingLine]] = {}
        for line in of_one:
            if line.area_code and not line.history:
                silent.setdefault(line.now, []).append(line)
            else:
                rows.append((line, ()))
        for alike in silent.values():
            rows += [(alike[0], alike)] if len(alike) >= ALIKE else [(line, ()) for line in alike]
    return rows


def place_name(area_code: str) -> str:
    """Return the name of the place that a setting is of. One query, none for the city."""
    if not area_code:
        return "全市"
    area = Area.objects.filter(code=area_code).first()
    return area.name if area is not None else area_code


def setting_named(name: str, area_code: str) -> SettingSpec:
    """Return a declared setting that a place has a value of; refused as if there were none otherwise."""
    spec = SETTINGS.get(name)
    if spec is None or (bool(area_code) is (spec.reach is Reach.CITY) and spec.reach is not Reach.ORGANS):
        raise NotFound("没有这项设置。请在设置页核对。")
    return spec
