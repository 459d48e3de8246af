"""Auditing claims by sampling: homes claimed issued are drawn by a seed, looked at, and what is found is recorded."""

from collections.abc import Collection
from datetime import date
from typing import Final

from projects.progress.models import Sample, SampledHome, SampleResult
from projects.progress.selectors.sampling import claims
from registry.audit.recording import record
from registry.audit.selectors import organisations_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.kernel.periods import Month
from registry.kernel.sampling import drawn
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock

MOST: Final = 2_000
SYSTEM: Final = "系统"


class SampleRefused(Refused):
    """A sample that can't be drawn so, or a result that can't be recorded so."""


@write(Permission.REPORT_CLOSE, once=True)
def draw_sample(*, actor: Actor, month: Month, size: int, seed: int) -> Sample:
    """Draw homes claimed issued in a month. Refused: a month that is not over, none to draw, a seed used before."""
    act = current_act()
    if month.last >= act.today:
        raise SampleRefused(f"{month.label}尚未终了，{month.next.first}起可以抽查。", field="month")
    if not 0 < size <= MOST:
        raise SampleRefused(f"抽取户数须在1至{MOST}之间。", field="size")
    if Sample.objects.filter(month=str(month), seed=seed).exists():
        raise SampleRefused(f"{month.label}已用种子{seed}抽过。请换一个种子，或打开那次抽查。", field="seed")
    claimed = {claim.unit_id: claim for claim in claims(month, known_at=act.recorded_at)}
    if not claimed:
        raise SampleRefused(f"{month.label}没有登记发证的住宅，无户可抽。", field="month")
    keys = drawn(claimed, seed=seed, size=size)
    names = organisations_of({claimed[key].act_id for key in keys})
    sample: Sample = Sample.objects.create(
        code=f"CC{month.year}{month.number:02}-{Sample.objects.filter(month=str(month)).count() + 1:02}",
        month=str(month), seed=seed, size=len(keys), population=len(claimed), drawn_on=act.today,
        drawn_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    for ordinal, key in enumerate(keys, start=1):
        claim = claimed[key]
        SampledHome.objects.create(
            sample=sample, ordinal=ordinal, unit_id=key, claimed_on=claim.on,
            claimed_by=names.get(claim.act_id) or SYSTEM, act_id=act.id,
        )  # fmt: skip
    facts = {"code": sample.code, "month": month.label, "count": len(keys), "of": len(claimed), "seed": seed}
    record(event="sample.drawn", subject=sample, facts=facts, rows=[Row.added(sample, "code", "month", "seed", "size")])
    return sample


@write(Permission.REPORT_CLOSE)
def record_results(
    *, actor: Actor, sample: Sample, ordinals: Collection[int], result: str, finding: str, on: date
) -> list[SampledHome]:
    """Record what was found at homes of a sample. Refused: none chosen, one checked before, an error without words.

    What was found is not changed afterwards: it is what the check sheet says.
    """
    locked = lock(sample)
    act = current_act()
    rows = list(SampledHome.objects.filter(sample=locked, ordinal__in=ordinals).order_by("ordinal"))
    if not rows:
        raise SampleRefused("未选择户。请勾选已核查的户。", field="ordinals")
    if done := [str(row.ordinal) for row in rows if row.result]:
        raise SampleRefused(f"序号{'、'.join(done)}已登记过结果，不能再改。请只选未登记的户。", field="ordinals")
    if not locked.drawn_on <= on <= act.today:
        raise SampleRefused(f"核查日期须在{locked.drawn_on}抽取以后，不晚于今日。", field="on")
    if result != SampleResult.RIGHT and not finding.strip():
        raise SampleRefused("不属实的要写明核查情况。", field="finding")
    told = []
    for row in rows:
        row.result, row.finding, row.checked_on = SampleResult(result), finding.strip(), on
        row.save(update_fields=["result", "finding", "checked_on"])
        told += Row.if_changed(row, {"result": "", "finding": "", "checked_on": None})
    facts = {"code": locked.code, "count": len(rows), "result": SampleResult(result).label}
    record(event="sample.checked", subject=locked, facts=facts, rows=told)
    return rows
