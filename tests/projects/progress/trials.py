"""Trials of the services for papers at the registration centre, and for samples of claims."""

from datetime import date

from projects.progress.models import Mismatch, MismatchKind, ReturnKind, Submission
from projects.progress.services.mismatches import UnmatchedRow, note_mismatches, settle_mismatch
from projects.progress.services.sampling import draw_sample, record_results
from projects.progress.services.submissions import hand_in, return_units, take_back_submission
from registry.kernel.periods import Month
from registry.kernel.stages import Track
from tests.factories.projects import TODAY, Estate, bring_to, lay_registration, move, on_day
from tests.factories.trials import Prepared, Trial

MARCH = date(2022, 3, 1)


def taken_in(estate: Estate) -> list[int]:
    """Bring the first registration about, so that the homes can be accepted, and take the papers of two in."""
    lay_registration(estate)
    move(estate, estate.homes[:2], "collected", MARCH)
    return estate.homes[:2]


def bring(estate: Estate) -> Prepared:
    keys = taken_in(estate)
    return lambda actor: hand_in(actor=actor, project=estate.project, unit_ids=keys, on=MARCH, list_no="送件1号")


def give_back(estate: Estate) -> Prepared:
    keys = taken_in(estate)
    return lambda actor: return_units(
        actor=actor, project=estate.project, unit_ids=keys, on=MARCH, kind=ReturnKind.SUPPLEMENT, lacks="身份证明",
        paper_no="补正1号",
    )  # fmt: skip


def bring_back(estate: Estate) -> Prepared:
    act = bring(estate)
    with on_day(MARCH):
        act(estate.cast.township.actor)
    row = Submission.objects.order_by("id").first()
    return lambda actor: take_back_submission(actor=actor, submission=row, reason="点错了户")


def sample(estate: Estate) -> Prepared:
    lay_registration(estate)
    bring_to(estate, estate.homes[:3], "issued", date(2022, 2, 20))
    return lambda actor: draw_sample(actor=actor, month=Month(2022, 2), size=2, seed=7)


def check_sample(estate: Estate) -> Prepared:
    act = sample(estate)
    with on_day(TODAY):
        drawn = act(estate.cast.city.actor)
    return lambda actor: record_results(actor=actor, sample=drawn, ordinals=[1], result="right", finding="", on=TODAY)


def keep_rows(estate: Estate) -> Prepared:
    rows = [UnmatchedRow(MismatchKind.UNKNOWN, "77号楼1单元999", "台账未找到该户。")]
    return lambda actor: note_mismatches(
        actor=actor, project=estate.project, track=Track.CERTIFICATE, to="accepted", file_name="清单.xlsx", rows=rows
    )


def settle_row(estate: Estate) -> Prepared:
    keys = taken_in(estate)
    with on_day(MARCH):
        keep_rows(estate)(estate.cast.centre.actor)
    row, home = Mismatch.objects.select_related("project").get(), estate.unit(estate.homes.index(keys[0]))
    return lambda actor: settle_mismatch(actor=actor, mismatch=row, home=home, on=MARCH)


SUBMISSIONS: dict[str, Trial] = {
    "hand_in": Trial("units.handed_in", "township", "strange_township", bring),
    "return_units": Trial("units.returned", "centre", "strange_township", give_back),
    "take_back_submission": Trial("unit.submission_taken_back", "township", "strange_township", bring_back),
    "note_mismatches": Trial("list.mismatched", "centre", "strange_township", keep_rows),
    "settle_mismatch": Trial("list.mismatch_settled", "centre", "strange_township", settle_row),
    "draw_sample": Trial("sample.drawn", "city", "", sample),
    "record_results": Trial("sample.checked", "city", "", check_sample),
}
