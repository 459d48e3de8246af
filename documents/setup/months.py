"""What the demo's months rest on: the year's tasks, what an office can do, and a sample of claims looked at."""

from datetime import date
from typing import Final

from documents.reports.choices import CAPACITY, TASK
from projects.ledger.models import Project
from projects.progress.services.sampling import draw_sample, record_results
from registry.accounts.models import Assignment
from registry.accounts.selectors import actor_of
from registry.accounts.services.settings import decide_setting
from registry.kernel.periods import Month
from registry.store.second import FirstPerson

JANUARY: Final = Month(2022, 1)
SEED: Final = 20220301


def lay_month_work(*, on: date) -> None:
    """Lay down tasks and capacities by two of the city's people, and look at a part of a sample of January."""
    first, second = _assignment("shi01"), _assignment("shi02")
    city = actor_of(second, on=on)
    own = actor_of(_assignment("qu01"), on=on).area_code
    others = set(Project.objects.exclude(district_code=own).values_list("district_code", flat=True))
    laid = [(TASK, "", 3_000), (TASK, own, 2_800), *((TASK, code, 200) for code in sorted(others))]
    for name, area, value in (*laid, (CAPACITY, "", 600), (CAPACITY, own, 500)):
        decide_setting(
            actor=city, name=name, area_code=area, value=str(value), effective_on=on, reason="年度工作安排（演示）",
            first=FirstPerson.of(first.person),
        )  # fmt: skip
    sample = draw_sample(actor=city, month=JANUARY, size=20, seed=SEED)
    record_results(actor=city, sample=sample, ordinals=range(1, 12), result="right", finding="", on=on)
    record_results(
        actor=city, sample=sample, ordinals=[12], result="no_evidence", finding="签收表上没有签名，已请镇里补核", on=on
    )


def _assignment(username: str) -> Assignment:
    return Assignment.objects.select_related("person", "organisation").get(person__username=username)
