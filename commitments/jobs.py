"""Nightly work of letters."""

from typing import Any, Final

from django.db import transaction

from commitments.services.exposure import count_exposure
from commitments.services.ladder import run_ladder
from commitments.services.lapsing import run_lapse_rules
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import ledger_today

STEPS: Final = 3


@daily("commitments.nightly", label="承诺的每日规则")
def nightly(lease: Lease) -> dict[str, Any]:
    """Apply the rules of the day; a job taken over finds only what is not yet done."""
    today = ledger_today()
    turned = run_lapse_rules(today)
    _beat(lease, 1, "到期失效")
    laid = run_ladder(today)
    _beat(lease, 2, "逐级督促")
    count_exposure(today)
    _beat(lease, STEPS, "承诺兑现情况")
    failed = [f"{code}：{why}" for code, why in (*turned.failed, *laid.failed)]
    return {"lapsed": turned.changed, "laid": laid.changed, "failed": failed}


def _beat(lease: Lease, done: int, stage: str) -> None:
    """A sign of life between the rules; no checkpoint, for each finds by itself what is not yet done."""
    with transaction.atomic():
        lease.beat(done=done, total=STEPS, checkpoint={}, stage=stage)
