"""The working-day calendar: holidays and made-up working days as the State Council's yearly notice states them."""

from django.db import models

from projects.casework.choices import DayKind
from registry.store.guard import GuardedModel


class Holiday(GuardedModel):
    """A day that differs from its weekday; `year` is the year that the notice is for, which it publishes."""

    day = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=8, choices=DayKind)
    name = models.CharField("节日", max_length=20)
    year = models.PositiveSmallIntegerField("年度")
    notice = models.CharField("依据", max_length=60)

    class Meta:
        indexes = [models.Index(fields=["year"], name="holiday_by_year")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
