"""The five bugs that must never come back, tried together: `python -m tests.mutants --table five --together`."""

from tests.mutants.planting import Bug

FIVE = (
    # the uploader accepts their own list
    Bug(
        "sessions.ACCEPTING",
        'given["session"].takes_two or given["session"].state == SessionState.SUBMITTED',
        "False",
        "test_a_unit_list_is_accepted_by_another_and_never_by_its_sender"
        " test_a_list_of_another_kind_is_accepted_by_another_and_never_by_its_sender",
    ),
    # a list goes back without a reason
    Bug("return_session", "if not reason.strip():", "if False:", "test_a_list_is_not_returned_without_a_reason"),
    # the right to undo is dropped
    Bug(
        "take_back_units.undo_session",
        "@write(Permission.IMPORT_ACCEPT,",
        "@write(Permission.ACCOUNT_SELF,",
        "tests/documents/test_trials.py",
    ),
    # a month is closed over a gap
    Bug(
        "require_closable",
        "if last is not None and last.month != str(month.previous):",
        "if False:",
        "test_a_month_is_not_closed_over_a_gap",
    ),
    # 挂账 without a second person
    Bug(
        "IN_TWO",
        "(Standing.CARRIED, Standing.EXCLUDED)",
        "(Standing.EXCLUDED,)",
        "tests/projects/progress/test_two_persons.py",
    ),
)
