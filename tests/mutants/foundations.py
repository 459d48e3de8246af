"""Bugs of store, audit, accounts, jobs and web: what everyone stands on."""

from tests.mutants.planting import Bug

FOUNDATIONS = (
    # the write path
    Bug("acts.write", "actor.require(permission)", "pass", "test_permission_is_asked_before_anything_else"),
    Bug("require_reach", "not is_visible(subject, actor)", "False", "test_a_subject_out_of_reach_is_not_found"),
    Bug("acts.write", "hold_days(kwargs, days, current_act().today)", "pass", "test_a_list_ahead_is_refused"),
    Bug("hold_days", "if word.rule is not DayRule.ANY:", "if False:", "test_days.py"),
    Bug("require_day", "if day < FIRST_DAY:", "if False:", "test_days.py"),
    Bug("acts.write", "if not act.entries:", "if False:", "test_a_service_without_a_record_is_rolled_back"),
    Bug("acts._open", "is_stated(), gate)", "False, gate)", "test_a_stated_moment_is_marked_and_counts_in_shanghai"),
    Bug("require_writing", "if not _writing.get():", "if False:", "test_guard.py"),
    Bug("GuardedQuerySet.update", "require_writing(self.model)", "pass", "test_guard.py"),
    Bug("GuardedQuerySet.bulk_create", "require_writing(self.model)", "pass", "test_guard.py"),
    Bug("scope_filter", "township_code", "district_code", "test_scoping.py"),
    Bug("scope_filter", "return area & models", "return area | models", "test_scoping.py"),
    Bug("scope_filter", "sorted(actor.project_ids)", "range(10**6)", "test_scoping.py"),
    Bug("TenantQuerySet.visible_to", "self.none() if", "self.all() if", "test_scoping.py"),
    Bug("keyset._behind", "behind |= equal &", "behind |=", "test_keyset.py"),
    Bug("page_after", "len(rows) > size", "len(rows) >= size", "test_keyset.py"),
    Bug("sealed_files._place", ".{number}", "", "test_sealed_files.py"),
    Bug("read_sealed", "if number == 0:", "if False:", "test_sealed_files.py"),
    # the trail
    Bug("link_hash", "{previous}\\n", "", "test_chain.py"),
    Bug("recording.rows_digest", "[table, key, before, after]", "[table, key, after]", "test_chain.py test_acts.py"),
    Bug("HASHED", '"actor_name",', "", "test_chain.py"),
    # accounts
    Bug(
        "SecondPerson.check",
        "if key is not None and key == actor.person_id:",
        "if False:",
        "test_assignment_is_not_granted_by_who_proposed_it",
    ),
    Bug("seat_person", "person.pk == actor.person_id", "False", "test_assignment_is_not_granted_by_who_receives_it"),
    Bug("approvals._require_waiting", "approval.status != ApprovalStatus.WAITING", "False", "test_approvals.py"),
    Bug("disable_person", "locked.session_epoch += 1", "pass", "test_people.py test_sign_in.py"),
    Bug("change_own_password", "if not person.check_password(old_password):", "if False:", "test_people.py"),
    Bug("end_assignment", "if ends < today:", "if False:", "test_people.py"),
    Bug("reset_password", "if not locked.is_active:", "if False:", "test_people.py"),
    # jobs
    Bug("Lease.beat", "if self.is_stopping():", "if False:", "test_lease.py"),
    Bug("Lease.release", 'max_attempts=F("max_attempts") + 1, ', "", "test_lease.py"),
    Bug(
        "Lease._held",
        "held.filter(attempts=self.job.attempts)",
        "held",
        "test_attempt_before_a_retry_can_write_nothing_any_more",
    ),
    Bug("jobs.services.cancel", "if not may_steer(actor, job):", "if False:", "test_stranger_can_not_cancel"),
    Bug(
        "jobs_visible_to",
        "jobs.filter(person_key=actor.person_id)",
        "jobs",
        "test_administrator_sees_whose_each_job_is_and_others_their_own",
    ),
    Bug("claim", "_fail_exhausted(now)", "pass", "test_lease.py"),
    # web
    Bug("Access.admits", "any(actor.can", "all(actor.can", "test_access.py"),
    Bug("back_to", "back if is_address_here(request, back) else", "back or", "test_back.py"),
    Bug("is_address_here", "require_https=request.is_secure()", "require_https=False", "test_back.py"),
    Bug("ConfirmForm.clean_count", "if count != self.expected:", "if False:", "test_listing.py"),
    Bug(
        "attachments.services.void_attachment",
        "actor.person_id != current.uploaded_by_key",
        "False",
        "test_only_the_one_who_added_it_strikes_a_file_out",
    ),
    Bug(
        "AccessMiddleware.process_view",
        "> LONGEST_QUERY",
        "> 10 * LONGEST_QUERY",
        "test_a_query_longer_than_a_line_of_an_address_is_refused_in_words",
    ),
    Bug("RowsField.clean", "is None:", "is ...:", "test_a_key_that_no_row_can_have_is_no_choice"),
    Bug("_strays", "not is_old or", "", "test_a_row_put_in_under_a_key_before_all_others_is_named"),
    Bug(
        "run_job",
        "if not lease.job.is_as_asked:",
        "if False:",
        "test_a_job_altered_behind_the_program_is_named_and_not_run",
    ),
    Bug(
        "jobs_are_as_asked", "not is_old and", "False and", "test_a_job_altered_behind_the_program_is_named_and_not_run"
    ),
    Bug("structure.differences", "*_planted(cursor)", "", "test_what_is_planted_in_the_database_is_named"),
    Bug("hold_days", "_hold_years(given, today)", "", "test_the_number_of_a_document_is_of_the_year_of_its_day"),
    # sign-in, jobs that fail
    Bug(
        "client_address",
        "hops[-settings.TRUSTED_PROXIES]",
        "hops[0]",
        "test_an_address_is_the_one_that_the_trusted_proxies_saw",
    ),
    Bug(
        "counted_as",
        "if _key(name) in names",
        "if False",
        "test_a_colleague_locks_nobody_out_of_the_browser_they_signed_in_with_before",
    ),
    Bug(
        "browsers._key",
        "username.strip().lower()",
        '""',
        "test_the_mark_of_a_browser_opens_one_name_only_and_no_forged_one_opens_any",
    ),
    Bug("Lease.fail", ", is_told=False", "", "test_who_asked_is_told_that_a_job_failed_and_why"),
    Bug(
        "jobs.services.retry",
        "if unseen_failures([job]):",
        "if False:",
        "test_a_failure_leaves_the_inbox_when_the_job_is_tried_anew",
    ),
    # templates
    Bug("templates/form.html", r"\{% csrf_token %\}", "", "test_form_that_posts_carries_its_token"),
    Bug("accounts/approval.html", r"\{% csrf_token %\}", "", "test_form_that_posts_carries_its_token"),
)
