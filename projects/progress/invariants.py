"""What must hold of papers at the registration centre: what stands is of a home whose papers were taken in."""

from collections.abc import Iterator
from typing import Final

from projects.ledger.models import Move
from projects.progress.models import Mismatch, Sample, Submission
from projects.progress.selectors.sampling import claims
from registry.audit.invariants import Invariant, Violation
from registry.kernel.periods import Month
from registry.kernel.sampling import drawn
from registry.kernel.stages import Track, at_or_beyond, stage_of

MOST: Final = 50


def papers_at_the_centre_were_taken_in(project: int | None) -> Iterator[Violation]:
    """Find the homes before 已收材料 of which a handing in or a return stands. One query."""
    rows = Submission.objects.filter(ended_act_id__isnull=True).exclude(
        unit__certificate__in=at_or_beyond(Track.CERTIFICATE, "collected")
    )
    if project is not None:
        rows = rows.filter(unit__building__project=project)
    for row in rows.select_related("unit__building")[:MOST]:
        now = row.unit.certificate
        said = stage_of(Track.CERTIFICATE, now).label if now else "不在台账"
        yield Violation(f"{row.unit.building}{row.unit}", "送件、退回登记在的户已收材料", said)


def samples_are_what_their_seed_gives(project: int | None) -> Iterator[Violation]:
    """Draw each sample again, as its claims were known, and hold it against what is kept. Two queries for each."""
    if project is not None:
        return
    for sample in Sample.objects.order_by("id"):
        claimed = {claim.unit_id: claim.on for claim in claims(Month.parse(sample.month), known_at=sample.drawn_at)}
        again = [(key, claimed[key]) for key in drawn(claimed, seed=sample.seed, size=sample.size)]
        kept = list(sample.homes.order_by("ordinal").values_list("unit_id", "claimed_on"))
        if again != kept or len(claimed) != sample.population:
            yield Violation(sample.code, "抽查的户是种子抽出的户", f"{len(kept)}户与重抽不同")


def settled_rows_of_lists_came_where_they_say(project: int | None) -> Iterator[Violation]:
    """Hold each row that was settled by a home against that home's moves: it came there. Two queries."""
    rows = Mismatch.objects.filter(settled_as="matched")
    if project is not None:
        rows = rows.filter(project=project)
    moves = Move.objects.filter(unit__in=rows.values("unit")).values_list("unit_id", "track", "to_stage")
    came = {(unit, track, stage) for unit, track, stage in moves}
    for key, named, unit, track, stage in rows.order_by("id").values_list("id", "named", "unit_id", "track", "stage"):
        if not any((unit, track, there) in came for there in at_or_beyond(Track(track), stage)):
            yield Violation(f"清单不符{key} {named}", "所指的户办理至清单的阶段", f"户{unit}未到该阶段")


INVARIANTS = (
    Invariant("I50", "登记了送件、退回的户都已收材料", papers_at_the_centre_were_taken_in),
    Invariant("I71", "处理完的清单不符所指的户到了清单的阶段", settled_rows_of_lists_came_where_they_say),
    Invariant("I63", "抽查的户由种子可以重抽得到", samples_are_what_their_seed_gives),
)
