"""What the trials of the services of months begin with."""

from documents.reports.selectors.closing import CHECK
from documents.reports.selectors.months import preview_month
from documents.reports.services import close_month, keep_count, propose_close
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.clock import true_now
from registry.store.second import FirstPerson
from tests.factories.projects import Estate
from tests.factories.trials import Prepared

FEBRUARY = Month.parse("2022-02")


def close(estate: Estate) -> Prepared:
    first = FirstPerson.of(estate.cast.auditor.person)
    return lambda actor: close_month(actor=actor, month=FEBRUARY, first=first)


def keep(estate: Estate) -> Prepared:
    computed = preview_month(month=FEBRUARY)
    return lambda actor: keep_count(
        actor=actor, month=FEBRUARY, rows=computed.rows, faults=computed.faults, known_at=true_now()
    )


def ask_close(estate: Estate) -> Prepared:
    enqueue(actor=system_actor("测试"), kind=CHECK, key=CHECK, params={})
    Worker("trial").run(once=True)
    return lambda actor: propose_close(actor=actor, month=FEBRUARY)
