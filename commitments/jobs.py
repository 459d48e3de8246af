"""Nightly work of letters."""

from typing import Any

from commitments.services.lapsing import run_lapse_rules
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import shanghai_day, true_now


@daily("commitments.nightly", label="承诺的每日规则")
def nightly(lease: Lease) -> dict[str, Any]:
    """This will apply the rules of the day; a job taken over finds only what is not yet done."""
    turned = run_lapse_rules(shanghai_day(true_now()))
    return {"lapsed": turned.changed, "failed": [f"{code}：{why}" for code, why in turned.failed]}
