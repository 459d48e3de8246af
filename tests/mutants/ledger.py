"""Bugs of the books: projects, gates, progress, casework, commitments."""

from tests.mutants.planting import Bug

LEDGER = (
    # moving homes
    Bug("advance._planned", "if not actor.may_advance(track, to):", "if False:", "test_each_step_is_its_organs_own"),
    Bug("advance._refusal", "if unit.standing != Standing.ACTIVE.value:", "if False:", "test_a_held_home_is_refused"),
    Bug("advance._refusal", "request.occurred_on < last", "False", "test_a_step_ahead_or_before_the_last_is_refused"),
    Bug(
        "advance._refusal",
        "if fault is not None and",
        "if False and",
        "test_a_shop_at_fault_is_refused_with_the_number_of_its_blocker",
    ),
    Bug("advance._unsettled", "missing is not None", "False", "test_recording_needs_tax_and_fund"),
    Bug("advance._unsettled", "on=on", "on=date.max", "test_recording_needs_tax_and_fund_on_the_stated_day"),
    Bug(
        "advance._refusal",
        "if request.gates.is_stopped(unit.id, request.to):",
        "if False:",
        "test_a_seizure_found_after_acceptance_stops_recording",
    ),
    Bug(
        "correct_unit",
        "if track != Track.CERTIFICATE and",
        "if False and",
        "test_tax_is_not_corrected_under_a_recorded_home",
    ),
    Bug("reverse_move", "ended = end_certificates([unit.id])", "pass", "test_correcting_an_issue_ends_its_numbers"),
    Bug(
        "place._require_later",
        'if "use" in changing[unit.id] and',
        "if False and",
        "test_a_changed_use_before_the_units_last_move_is_refused",
    ),
    Bug(
        "merge._require",
        "if source.district_code != target.district_code:",
        "if False:",
        "test_a_merge_is_of_one_district_and_in_reach",
    ),
    Bug("merge_projects", "require_reach(actor, absorbed)", "pass", "test_a_merge_is_of_one_district_and_in_reach"),
    # what was when
    Bug(
        "buildings_through_time",
        "for change in unit_changes(wanted, known_at=known_at):",
        "for change in ():",
        "test_october_2021_is_unchanged_by_a_hold_of_today",
    ),
    Bug(
        "buildings_through_time._former",
        "for unit in opened[day]:",
        "for unit in ():",
        "test_a_home_is_in_no_figure_before_it_came_into_the_books",
    ),
    Bug("buildings_through_time._needed", '"", day)', '"", date.max)', "test_the_plan_of_2027_changes_nothing_today"),
    Bug(
        "buildings_through_time._needed",
        "_holding(dated, day) if dated",
        "_holding(dated, date.max) if dated",
        "test_another_type_of_housing_holds_from_its_day",
    ),
    Bug(
        "gate_plans",
        "if at <= known_at",
        "if True",
        "test_a_plan_stated_later_for_the_same_day_leaves_what_was_known",
    ),
    Bug(
        "write_version",
        "for later in _versions_after(project, effective_on):",
        "for later in ():",
        "test_what_is_said_of_an_earlier_day_holds_from_then_until_now",
    ),
    # standing and residuals
    Bug(
        "standing._require",
        "review_on <= on",
        "review_on < on",
        "test_a_standing_without_ground_or_out_of_time_is_refused",
    ),
    Bug("change_standing", "if issued:", "if False:", "test_an_issued_home_is_not_held"),
    Bug(
        "standing.IN_TWO",
        "(Standing.CARRIED, Standing.EXCLUDED)",
        "(Standing.CARRIED,)",
        "test_the_page_lays_it_before_a_second_person_and_moves_nothing",
    ),
    Bug(
        "propose_residual",
        "review_on <= act.today",
        "review_on < act.today",
        "test_a_residual_without_ground_is_refused",
    ),
    Bug(
        "sign_residuals",
        "row.review_on <= act.today",
        "row.review_on < act.today",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains",
    ),
    Bug(
        "return_lapsed_residuals",
        "review_on__lt=on",
        "review_on__lte=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains",
    ),
    Bug(
        "valid_residuals",
        "review_on__gte=on",
        "review_on__gt=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains",
    ),
    Bug(
        "projects_with_lapsed",
        "review_on__lt=on",
        "review_on__lte=on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains",
    ),
    Bug(
        "residuals_of",
        "row.review_on < on",
        "row.review_on <= on",
        "test_the_day_of_review_is_the_last_on_which_a_residual_explains",
    ),
    Bug(
        "close_out",
        "if count.unexplained:",
        "if False:",
        "test_a_project_cannot_be_zero_while_one_unit_lacks_issue_or_a_valid_residual",
    ),
    Bug("keep_holiday", "day.weekday() < 5", "False", "test_day_that_says_nothing_is_refused"),
    # letters
    Bug(
        "sign_instrument",
        "current.issuer_id != actor.organisation_id",
        "False",
        "test_signing_without_number_ahead_or_for_another_is_refused",
    ),
    Bug(
        "approve_instrument",
        "effective_on < current.signed_on",
        "False",
        "test_approval_before_the_day_of_signing_is_refused",
    ),
    Bug(
        "approve_instrument",
        "require_no_contradiction(current)",
        "pass",
        "test_a_signed_letter_that_meets_another_by_now_is_not_approved",
    ),
    Bug(
        "sign_instrument",
        "require_no_contradiction(current)",
        "pass",
        "test_drafts_may_overlap_but_the_second_is_not_signed",
    ),
    Bug(
        "drafting._overlap",
        "starts < ends",
        "starts <= ends",
        "test_a_letter_may_begin_on_the_day_on_which_another_ends_and_not_before",
    ),
    Bug("return_instrument", "if not reason.strip():", "if False:", "test_a_returned_letter_is_a_draft_again"),
    Bug("_needs_two", 'given["standing"] in IN_TWO or', "", "tests/projects/progress/test_two_persons.py"),
    Bug(
        "require_issuable",
        "_require_own(actor, policy.district_code)",
        "pass",
        "test_a_district_proposes_no_policy_of_the_city_by_a_forged_address",
    ),
)
