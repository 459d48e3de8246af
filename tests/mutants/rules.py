"""Bugs of the kernel: a day too many, a guard that is gone, a number shown in clear."""

from tests.mutants.planting import Bug

RULES = (
    # periods, stages, clocks
    Bug("Period.__contains__", "day < self.ends", "day <= self.ends", "test_periods.py"),
    Bug("Month.of", "day < month.period", "day <= month.period", "test_periods.py"),
    Bug("add_months", "min(day.day, calendar.monthrange(year, month + 1)[1])", "min(day.day, 28)", "test_periods.py"),
    Bug("midnight_before", "time(), SHANGHAI", "time(23), SHANGHAI", "test_periods.py"),
    Bug("stages.at_or_beyond", "order(track, code) :", "order(track, code) + 1 :", "test_stages.py"),
    Bug(
        "EDGES",
        'Edge(_C, "collected", "accepted", guard="ready")',
        'Edge(_C, "collected", "accepted")',
        "test_stages.py",
    ),
    Bug(
        "EDGES", 'Edge(_C, "accepted", "recorded", guard="paid")', 'Edge(_C, "accepted", "recorded")', "test_stages.py"
    ),
    Bug("ClockReading.late", "max(0, self.used - self.allowed)", "self.used - self.allowed", "test_clocks.py"),
    Bug("clocks.as_of", "segment.starts <= on", "segment.starts < on", "test_clocks.py"),
    Bug("read_clock", "if segment.holder is not None", "if True", "test_clocks.py"),
    Bug("Calendar.is_workday", "and day not in self.holidays", "", "test_workdays.py"),
    Bug("Calendar.workdays_between", "if ends >= starts:", "if True:", "test_workdays.py"),
    # what a family is told
    Bug("scripts._apart", "Standing.CARRIED, Standing.EXCLUDED", "Standing.CARRIED", "test_gates_scripts.py"),
    Bug("scripts._building_shut", "not reason.gates[0].is_unit_level", "True", "test_gates_scripts.py"),
    Bug("Call.unpaid", 'self.fund and self.fund != "settled"', 'self.fund != "settled"', "test_gates_scripts.py"),
    Bug("reasons._why_accepted", 'if apart and stage != "issued"', "if False", "test_gates_words.py"),
    Bug("reasons.lapsed", "and relief.scope.matches(unit)", "", "test_gates_words.py"),
    Bug("require_year_of", "!= day.year", "> day.year", "test_a_document_of_another_year_than_its_day_is_refused"),
    Bug("with_years", "not is_ahead or", "", "test_a_day_without_a_year_gets_the_one_that_is_meant"),
    Bug("powers.notice_state_of", "if of[ReasonKind.FAULT]:", "if False:", "test_notice_states.py"),
    Bug("powers.require_state", 'snapshot.get("state") != state(subject, on)', "False", "test_notice_states.py"),
    Bug("office.choices.fee_code", "_FEE_OF_USE.get(Use(use)) or ", "", "test_notice_states.py"),
    Bug("ending._end", "clear_desks(instrument)", "pass", "test_inbox_kinds.py"),
    Bug("inbox_kind", "key=len, ", "", "test_inbox_kinds.py"),
    Bug("effects.lapsed_mask", "relief.ends <= on", "relief.ends > on", "test_lapsing.py"),
    # numbers of people
    Bug("mask_identity", "(3, 4) if", "(6, 4) if", "test_masking.py"),
    Bug("masking._keep", "head + tail + 3", "head + tail", "test_masking.py"),
    Bug(
        "scrub",
        "_PHONE_IN_TEXT.sub(lambda match: mask_phone(match[0]), without_identities)",
        "without_identities",
        "test_masking.py",
    ),
    Bug("Masked.__init__", "if not isinstance(ticket, Reveal):", "if False:", "test_masking.py"),
    Bug("Reveal.__post_init__", "or not self.reason.strip()", "", "test_masking.py"),
    Bug("IdentityNo.parse", "and number[-1] != _check_digit(number[:17])", "and False", "test_identifiers.py"),
    Bug("IdentityNo.upgrade", "}19{", "}20{", "test_identifiers.py"),
    # figures
    Bug("rates.rate", "if hundredths == WHOLE and share != WHOLE:", "if False:", "test_rates.py"),
    Bug("rates._rounded", 'rounding == "truncate"', "True", "test_rates.py"),
    Bug("tally.balances_of", "move.recorded_at <= known_at", "move.recorded_at < known_at", "test_tally.py"),
    Bug("tally.balances_of", "move.occurred_on <= on", "move.occurred_on < on", "test_tally.py"),
    Bug("tally.postings", "-move.units", "-1", "test_tally.py"),
    Bug("tally.reversal", "frm=move.to, to=move.frm", "frm=move.frm, to=move.to", "test_tally.py"),
    # gates
    Bug("StepFact.stands", "on < self.revoked_on", "on <= self.revoked_on", "test_gates.py test_gates_story.py"),
    Bug("StepFact.holds_against", "self.id < passing.id", "True", "test_gates.py test_reference_gates.py"),
    Bug("BlockerFact.is_live", "on < self.resolved_on", "on <= self.resolved_on", "test_gates.py test_gates_story.py"),
    Bug("BlockerFact.is_live", "self.found_on <= on", "self.found_on < on", "test_gates.py test_gates_story.py"),
    Bug("ReliefFact.is_in_force", "on < self.ends", "on <= self.ends", "test_gates.py test_gates_story.py"),
    Bug("PauseFact.is_in_force", "on < self.ends", "on <= self.ends", "test_gates.py test_gates_story.py"),
    Bug("BuildingGates.ready", " & ~self.paused", "", "test_gates.py test_gates_story.py"),
    Bug("BuildingGates.ready", " & self.passable(Gate.ACCEPTANCE)", "", "test_gates.py test_gates_story.py"),
    Bug("rest.rest_masks", "waiting & ~paused & shut", "waiting & shut", "test_rest.py"),
    Bug("rest._counted", "stretch.day < on < stretch.end", "False", "test_rest.py"),
    Bug(
        "rest.rest_counts",
        "(apart | masks[Rest.UNIT_BLOCKED]) & at_acceptance",
        "apart & at_acceptance",
        "test_rest.py",
    ),
    Bug("table.gates_stopping", "GATES[gate].stops == stage", "True", "test_gates.py test_reference_gates.py"),
    Bug("table.gates_shut", " | SHUT_BY_LAW.get(type_code, frozenset())", "", "test_gates.py test_reference_gates.py"),
    Bug("BuildingGates.counted", " & ~self.apart", "", "test_gates.py test_gates_story.py"),
    # who may do what
    Bug("Actor.may_advance", "in self.role.advance_to", "is not None", "test_authority.py"),
    Bug("Actor.require", "if not self.can(permission):", "if False:", "test_authority.py"),
)
