"""Nightly work of letters."""

from typing import Any

from commitments.services.exposure import count_exposure
from commitments.services.ladder import run_ladder
from commitments.services.lapsing import run_lapse_rules
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import shanghai_day, true_now


@daily("commitments.nightly", label="承诺的每日规则")
def nightly(lease: Lease) -> dict[str, Any]:
    """This will apply the rules of the day; a job taken over finds only what is not yet done."""
    today = shanghai_day(true_now())
    turned, laid = run_lapse_rules(today), run_ladder(today)
    count_exposure(today)
    failed = [f"{code}：{why}" for code, why in (*turned.failed, *laid.failed)]
    return {"lapsed": turned.changed, "laid": laid.changed, "failed": failed}
