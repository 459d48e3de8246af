"""Counting the exposure of those who promise: nightly over every letter, kept as what pages read."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from commitments.models import ExposurePoint, ExposureRun, Instrument
from commitments.selectors.exposure import Point, exposure_of, letters_in_force
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.periods import Month
from registry.store.acts import current_act, write
from registry.store.bulk import insert_rows

RULE: Final = "承诺兑现情况"
MONTHS: Final = 12
RUNS_KEPT: Final = 30
FIELDS: Final = (
    "run_id", "instrument_id", "on", "is_live", "homes", "promises", "overdue", "kept_on_time", "kept_late",
)  # fmt: skip


def count_exposure(on: date) -> ExposureRun:
    """Measure every letter on a day and at the twelve month ends before it, and keep the count."""
    month = Month.of(on)
    days = [month.plus(-n).last for n in range(MONTHS, 0, -1)]
    counted = list(exposure_of(list(letters_in_force()), [*days, on]))
    run: ExposureRun = keep_exposure(actor=system_actor(RULE), on=on, counted=counted)
    return run


@write(Permission.REPORT_CLOSE)
def keep_exposure(*, actor: Actor, on: date, counted: Sequence[tuple[Instrument, Sequence[Point]]]) -> ExposureRun:
    """Keep a count of exposure as the one that pages read; the rows of old counts go."""
    act = current_act()
    run: ExposureRun = ExposureRun.objects.create(
        as_of=on, recorded_at=act.recorded_at, letters=len(counted), act_id=act.id
    )
    insert_rows(
        ExposurePoint,
        FIELDS,
        (
            (run.pk, letter.pk, one.on, one.is_live, one.homes, one.promises, one.overdue, one.kept_on_time,
             one.kept_late)
            for letter, points in counted
            for one in points
        ),
    )  # fmt: skip
    old = list(ExposureRun.objects.order_by("-id").values_list("id", flat=True)[RUNS_KEPT:])
    ExposurePoint.objects.filter(run__in=old).delete()
    ExposureRun.objects.filter(id__in=old).delete()

    homes = sum(points[-1].homes for _, points in counted)
    record(event="exposure.counted", subject=run, facts={"on": on, "letters": len(counted), "homes": homes})
    return run
