"""Bugs of the books: projects, gates, progress, casework, commitments."""

from tests.mutants.planting import Bug

LEDGER = (
    # moving homes
    Bug("advance_within_act", "if not actor.may_advance(track, to):", "if False:", "test_advance.py"),
    Bug("advance_within_act", "if occurred_on > current_act().today:", "if False:", "test_advance.py"),
    Bug("advance._refusal", "if unit.standing != Standing.ACTIVE.value:", "if False:", "test_advance.py"),
    Bug("advance._refusal", "request.occurred_on < last", "False", "test_advance.py"),
    Bug("advance._refusal", "if fault is not None and", "if False and", "test_advance.py"),
    Bug("advance._unpaid", 'if unit.tax != "settled":', "if False:", "test_advance.py"),
    Bug("advance._unpaid", 'if unit.fund and unit.fund != "settled":', "if False:", "test_advance.py"),
    Bug("correct_unit", "if track != Track.CERTIFICATE and", "if False and", "test_corrections.py"),
    Bug("correct_unit", "ended = end_certificates([current.id])", "pass", "test_titles.py test_corrections.py"),
    Bug("place_within_act", "if placed_on > current_act().today:", "if False:", "test_place.py"),
    Bug("place._require_later", "if early is not None:", "if False:", "test_place.py"),
    Bug("merge._require", "if source.district_code != target.district_code:", "if False:", "test_merge_split.py"),
    Bug("merge_projects", "require_reach(actor, absorbed)", "pass", "test_merge_split.py"),
    # standing and residuals
    Bug("standing._require", "review_on <= on", "review_on < on", "test_standing.py"),
    Bug("standing._require", "if on > today:", "if False:", "test_standing.py"),
    Bug("change_standing", "if issued:", "if False:", "test_standing.py"),
    Bug("unit.SECOND_PERSON", "(Standing.CARRIED, Standing.EXCLUDED)", "(Standing.CARRIED,)", "test_two_persons.py"),
    Bug("propose_residual", "review_on <= act.today", "review_on < act.today", "test_residual.py"),
    Bug("sign_residuals", "row.review_on <= act.today", "row.review_on < act.today",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains"),
    Bug("return_lapsed_residuals", "review_on__lt=on", "review_on__lte=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains"),
    Bug("valid_residuals", "review_on__gte=on", "review_on__gt=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains"),
    Bug("projects_with_lapsed", "review_on__lt=on", "review_on__lte=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains"),
    Bug("residuals_of", "row.review_on < on", "row.review_on <= on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains"),
    Bug("close_out", "if count.unexplained:", "if False:", "test_residual.py"),
    Bug("keep_holiday_within_act", "day.weekday() < 5", "False", "test_calendar.py test_files.py"),
    # letters
    Bug("sign_instrument", "signed_on > current_act().today", "False", "test_signing.py"),
    Bug("sign_instrument", "current.issuer_id != actor.organisation_id", "False", "test_signing.py"),
    Bug("approve_instrument", "effective_on < current.signed_on", "False", "test_signing.py"),
    Bug("approve_instrument", "require_no_contradiction(current)", "pass",
        "test_a_signed_letter_that_meets_another_by_now_is_not_approved"),
    Bug("sign_instrument", "require_no_contradiction(current)", "pass",
        "test_drafts_may_overlap_but_the_second_is_not_signed"),
    Bug("drafting._overlap", "starts < ends", "starts <= ends", "test_ending.py test_drafting.py"),
    Bug("return_instrument", "if not reason.strip():", "if False:", "test_signing.py"),
)  # fmt: skip
