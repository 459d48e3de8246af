"""Nightly recount of the city: every project's gates computed anew and held against what is stored."""

from typing import Any, Final

from django.db import transaction

from projects.gates.invariants import spans_are_the_gates
from projects.ledger.models import Project
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.kernel.errors import Refused

STRIDE: Final = 20
SHOWN: Final = 5


@daily("gates.recount", label="全市环节复算")
def recount(lease: Lease) -> dict[str, Any]:
    """Compute the gates of every project anew; a job taken over goes on after the last project recounted.

    A difference fails the job, with the first few by name: the figures of the ledger are then not to be trusted.
    """
    codes = dict(Project.objects.order_by("id").values_list("id", "code"))
    first = int(lease.checkpoint.get("project", 0))
    found: list[str] = list(lease.checkpoint.get("found", []))
    for done, (key, code) in enumerate(codes.items(), start=1):
        if key > first:
            found += [
                f"{code} {one.subject}：应为{one.expected}，存的是{one.found}" for one in spans_are_the_gates(key)
            ]
        if done % STRIDE == 0 or done == len(codes):
            with transaction.atomic():
                lease.beat(
                    done=done, checkpoint={"project": key, "found": found[:50]}, stage="逐个项目复算", total=len(codes)
                )
    if found:
        raise Refused(
            f"复算有{len(found)}处与存的数不同：{'；'.join(found[:SHOWN])}。请联系系统管理员核对台账，并保留数据库备份。",
            code="recount_differs",
        )
    return {"projects": len(codes), "differences": 0}
