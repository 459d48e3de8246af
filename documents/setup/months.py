"""What the demo's months rest on: tasks, capacity, a sample looked at; January closed, and its bulletin."""

from datetime import date, timedelta
from typing import Final

from documents.reports.choices import CAPACITY, TASK, BulletinKind
from documents.reports.selectors.bulletins import bulletin_draft
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month
from documents.reports.services.bulletins import issue_bulletin, record_instruction
from projects.casework.services.tasks import TaskDraft
from projects.ledger.models import Project
from projects.progress.services.sampling import draw_sample, record_results
from registry.accounts.models import Assignment
from registry.accounts.selectors import actor_of
from registry.accounts.services.settings import decide_setting
from registry.kernel.periods import Month
from registry.store.clock import ledger_now
from registry.store.second import FirstPerson

JANUARY: Final = Month(2022, 1)
ASKS: Final = "（一）各区于3月20日前报可办未办户的办理日程。（二）逾期承诺事项由承诺单位于3月底前办结或报延期。"
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


def close_january(*, on: date) -> None:
    """Close January, issue its bulletin, and keep what a leader wrote on it: it heads the months that are open.

    Outside any transaction: a close takes the month alone.
    """
    first, city = _assignment("shi01"), actor_of(_assignment("shi02"), on=on)
    close_month(actor=city, month=JANUARY, first=FirstPerson.of(first.person))
    told = bulletin_draft(month_view(city, JANUARY, now=ledger_now())).texts
    bulletin = issue_bulletin(
        actor=city, month=JANUARY, kind=BulletinKind.BULLETIN, texts={**told, "asks": ASKS},
        report_to="领导小组组长、副组长。", send_to="领导小组成员单位，各区人民政府。",
    )  # fmt: skip
    owner = _assignment("xiang01").organisation
    record_instruction(
        actor=city, bulletin=bulletin, leader="副市长（演示）", held_on=on, text="可办未办的要逐户排出日程，月底前见进展。",
        tasks=[TaskDraft("报可办未办户的办理日程", owner, on + timedelta(days=12))],
    )  # fmt: skip


def _assignment(username: str) -> Assignment:
    return Assignment.objects.select_related("person", "organisation").get(person__username=username)
