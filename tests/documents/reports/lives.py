"""Months as they might have been: drawn from a seed, lived through the services, closed one after another."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from documents.reports.models import MonthClose
from documents.reports.services import close_month
from projects.ledger.models import Building, Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedCertificate, advance_units, change_standing, correct_unit, place_units
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.periods import Month
from registry.kernel.stages import Standing, Track
from registry.store.second import FirstPerson
from tests.factories.projects import Estate, bring_to, home, on_day, project_words


@dataclass
class Life:
    """A ledger that is lived month by month: what is done is drawn, and counted by its kind."""

    estate: Estate
    drawn: random.Random
    done: dict[str, int] = field(default_factory=dict)
    made: int = 0  # projects and rows added so far

    def months(self, first: Month, count: int) -> Iterator[tuple[Month, MonthClose]]:
        """Live through months, each closed on the first day of the next."""
        month = first
        for _ in range(count):
            for at, act in enumerate(self.drawn.sample(self.acts, k=2)):
                name = act.__name__.strip("_")
                if act(month, month.first.replace(day=3 + 8 * at + self.drawn.randrange(6))):
                    self.done[name] = self.done.get(name, 0) + 1
            with on_day(month.next.first):
                close: MonthClose = close_month(
                    actor=self.estate.cast.city.actor,
                    month=month,
                    first=FirstPerson.of(self.estate.cast.auditor.person),
                )
            yield month, close
            month = month.next

    @property
    def acts(self) -> list:  # type: ignore[type-arg]
        return [
            self.issued, self.brought_near, self.issued_late, self.taken_back, self.excluded, self.restored,
            self.project_late, self.split, self.merged, self.found,
        ]  # fmt: skip

    def issued(self, month: Month, on: date) -> bool:
        units = self._units(certificate="waiting")[: self.drawn.randint(1, 2)]
        if units:
            bring_to(self.estate, units, "issued", on)
        return bool(units)

    def brought_near(self, month: Month, on: date) -> bool:
        units = self._units(certificate="waiting")[:2]
        if units:
            bring_to(self.estate, units, "recorded", on)
        return bool(units)

    def issued_late(self, month: Month, on: date) -> bool:
        """Enter now that homes were issued at the end of the month before."""
        units = self._units(certificate="recorded")[:1]
        if not units or not Unit.objects.filter(pk__in=units).exists():
            return False
        with on_day(on):
            advance_units(
                actor=self.estate.cast.centre.actor, project=self.estate.project, unit_ids=units, track=Track.CERTIFICATE,
                to="issued", occurred_on=month.previous.last,
            )  # fmt: skip
        return True

    def taken_back(self, month: Month, on: date) -> bool:
        """Mend an issue that was recorded of the wrong home."""
        units = self._units(certificate="issued")
        if not units:
            return False
        unit = Unit.objects.select_related("building__project").get(pk=self.drawn.choice(units))
        with on_day(on):
            correct_unit(
                actor=self.estate.cast.district.actor, unit=unit, track=Track.CERTIFICATE, on=on, reason="记错了户",
                first=self._second,
            )  # fmt: skip
        return True

    def excluded(self, month: Month, on: date) -> bool:
        """Exclude a home, entered in the month or back-dated before the last close."""
        units = self._units(certificate="waiting")
        if not units:
            return False
        self._stand(self.drawn.choice(units), Standing.EXCLUDED, self.drawn.choice([on, month.previous.last]), on)
        return True

    def restored(self, month: Month, on: date) -> bool:
        units = list(Unit.objects.filter(standing=Standing.EXCLUDED).order_by("id").values_list("pk", flat=True))
        if not units:
            return False
        self._stand(units[0], Standing.ACTIVE, on, on)
        return True

    def project_late(self, month: Month, on: date) -> bool:
        """Take a project in with a day of the month before, one home with an old certificate."""
        self.made += 1
        old = (PlacedCertificate(f"旧字第{self.made}号", True, date(2005, 6, 30)),)
        number = str(100 + self.made)
        rows = [
            home(number, "1", 2, 1000 + 10 * self.made),
            home(number, "1", 3, 1001 + 10 * self.made, certificates=old),
        ]
        words = project_words(self.estate.cast, code=f"CY-8{self.made:03}", name=f"小区{self.made}")
        with on_day(on):
            project = take_in_project(
                actor=self.estate.cast.district.actor, **{**words, "taken_in_on": month.previous.last}
            )
            place_units(
                actor=self.estate.cast.district.actor, project=project, rows=rows, placed_on=month.previous.last,
                source="清册",
            )  # fmt: skip
        return True

    def found(self, month: Month, on: date) -> bool:
        """Find a home of a building that is there."""
        self.made += 1
        with on_day(on):
            place_units(
                actor=self.estate.cast.district.actor, project=self.estate.project, placed_on=on, source="清册",
                rows=[home("1", "9", self.made + 1, 5000 + self.made)],
            )  # fmt: skip
        return True

    def split(self, month: Month, on: date) -> bool:
        buildings = list(Building.objects.filter(project=self.estate.project).order_by("id"))
        if len(buildings) < 2:
            return False
        self.made += 1
        with on_day(on):
            split_project(
                actor=self.estate.cast.district.actor, project=self.estate.project, building_ids=[buildings[-1].pk],
                code=f"CY-7{self.made:03}", name=f"分期{self.made}", on=on, reason="分期",
            )  # fmt: skip
        return True

    def merged(self, month: Month, on: date) -> bool:
        """Merge a project that came late into the first."""
        others = Project.objects.filter(code__startswith="CY-8", merged_into__isnull=True).order_by("id")
        other = others.first()
        if other is None:
            return False
        with on_day(on):
            merge_projects(
                actor=self.estate.cast.district.actor,
                project=self.estate.project,
                absorbed=other,
                on=on,
                reason="同一小区",
            )
        return True

    @property
    def _second(self) -> FirstPerson:
        return FirstPerson.of(self.estate.cast.district_second.person)

    def _units(self, certificate: str) -> list[int]:
        """Homes of the first project that can be worked on, at a stage."""
        units = Unit.objects.filter(
            building__project=self.estate.project, use="dwelling", standing=Standing.ACTIVE, certificate=certificate,
            pk__in=self.estate.homes,
        )  # fmt: skip
        return list(units.order_by("id").values_list("pk", flat=True))

    def _stand(self, key: int, standing: Standing, effective: date, on: date) -> None:
        unit = Unit.objects.select_related("building__project").get(pk=key)
        with on_day(on):
            change_standing(
                actor=self.estate.cast.district.actor, project=unit.building.project, unit_ids=[key], standing=standing,
                reason="duplicate" if standing == Standing.EXCLUDED else "", evidence="复核", on=effective, first=self._second,
            )  # fmt: skip
