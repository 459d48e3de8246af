"""Bugs of what comes in and goes out: lists, their sessions, months, papers, exports, workbooks."""

from tests.mutants.planting import Bug

FILES = (
    # deciding on lists
    Bug(
        "sessions.ACCEPTING",
        'given["session"].takes_two or given["session"].state == SessionState.SUBMITTED',
        "False",
        "test_a_unit_list_is_accepted_by_another_and_never_by_its_sender"
        " test_a_list_of_another_kind_is_accepted_by_another_and_never_by_its_sender",
    ),
    Bug("return_session", "if not reason.strip():", "if False:", "test_a_list_is_not_returned_without_a_reason"),
    Bug(
        "undo_list",
        "kind.require_undoing(actor)",
        "pass",
        "test_a_list_is_taken_back_only_with_the_right_of_its_kind",
    ),
    Bug(
        "locks.for_update",
        '.select_for_update(of=("self",))',
        "",
        "test_a_list_accepted_this_moment_is_not_returned_too",
        postgres=True,
    ),
    Bug(
        "expire_session",
        "if act.recorded_at < expires_at(current):",
        "if False:",
        "test_import_within_its_time_is_not_expired_by_anybody",
    ),
    Bug(
        "require_something",
        "if all_or_nothing and session.refused:",
        "if False:",
        "test_all_or_nothing_writes_nothing_while_a_row_is_refused",
    ),
    Bug(
        "take_back_list.UNDOING",
        'given["session"].had_second_person',
        "False",
        "test_undo_takes_two_where_the_import_took_two",
    ),
    Bug("save_mapping", "if lacking:", "if False:", "test_mapping_that_leaves_a_required_column_out_is_refused"),
    Bug(
        "carry_out_session",
        "require_reach(actor, session)",
        "pass",
        "test_a_list_of_projects_is_its_senders_and_no_other_districts",
    ),
    Bug("require_quota", ">= MOST_FILES", "> MOST_FILES", "test_more_than_a_days_quota_is_refused_for_every_kind"),
    Bug("checked_city", "if unknown:", "if False:", "test_city_list_of_an_unknown_project_is_not_loaded"),
    Bug(
        "intake/import_preview.html",
        r"(:accept' session\.id %\}\"[^>]*>\s*)\{% csrf_token %\}",
        r"\1",
        "test_a_unit_list_is_written_by_the_form_that_the_page_shows",
    ),
    Bug(
        "intake/import_preview.html",
        r"\{% if may_commit or may_accept %\}",
        "{% if session %}",
        "test_the_button_is_not_shown_to_who_may_not_press_it",
    ),
    # months, papers, exports
    Bug(
        "require_closable",
        "if last is not None and last.month != str(month.previous):",
        "if False:",
        "test_a_month_is_not_closed_over_a_gap",
    ),
    Bug(
        "require_closable",
        "if month.last >= today:",
        "if month.last > today:",
        "test_the_last_day_of_a_month_is_not_over",
    ),
    Bug(
        "read_pdf",
        "if hashlib.sha256(data).hexdigest() != paper.pdf_hash:",
        "if False:",
        "test_paper_whose_file_was_changed_does_not_open",
    ),
    Bug(
        "void_paper",
        "if on < current.issued_on:",
        "if False:",
        "test_paper_is_voided_by_another_between_issue_and_today",
    ),
    Bug(
        "open_export",
        "export.asked_by_id != actor.person_id",
        "False",
        "test_an_export_is_given_to_who_asked_for_it_and_to_nobody_else",
    ),
    Bug(
        "_require_reach",
        "if held - set(",
        "if False and held - set(",
        "test_who_lost_a_project_after_the_end_is_refused_at_download",
    ),
    Bug(
        "destroy_export",
        'transaction.on_commit(partial(_remove, path_of(current), path_of(current).with_suffix(".part")))',
        "_remove(path_of(current))",
        "test_destruction_that_is_rolled_back_keeps_the_file",
    ),
    Bug("destroy_export", "current.expires_at > now", "False", "test_file_is_destroyed_in_time_and_its_record_stays"),
    # readers of files
    Bug(
        "file_guard._guard_names",
        "any(entry.flag_bits & 0x1 for entry in entries)",
        "False",
        "test_corpus.py test_file_guard.py",
    ),
    Bug("file_guard._guard_places", "if entry.header_offset < end:", "if False:", "test_file_guard.py"),
    Bug(
        "file_guard._guard_contents",
        "if done > most.part or total + done > most.total or too_dense:",
        "if False:",
        "test_file_guard.py",
    ),
    Bug("file_guard._guard_markup", "if ENTITY.search(window):", "if False:", "test_file_guard.py test_corpus.py"),
    Bug(
        "reader_process.limit_process",
        "resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))",
        "pass",
        "test_memory_is_bounded",
    ),
    Bug(
        "reader_process.limit_process",
        "socket.socket.connect = _no_network",
        "_no_network",
        "test_network_is_out_of_reach",
    ),
    Bug(
        "accident_of",
        "type(error).__qualname__",
        "repr(error)",
        "test_accident_of_our_own_code_is_logged_without_values_and_told_with_a_number",
    ),
    Bug(
        "marked_copy",
        "not is_substantial(reason)",
        "not reason",
        "test_people_in_clear_do_not_leave_in_a_marked_copy_without_a_reason",
    ),
    Bug(
        "ReferenceAdmin.changelist_view",
        "ERROR_FLAG in request.GET",
        "False",
        "test_a_filter_that_the_table_does_not_have_leads_to_all_its_lines",
    ),
    # what two persons decide
    Bug("sessions.accept_session", "ACCEPTING.require(actor, session=current)", "pass", "test_second_person.py"),
    Bug("undo_session", "UNDOING.require(actor, session=current, first=first)", "pass", "test_take_back_units.py"),
    # workbooks
    Bug("Pen._text", 'cell.data_type = "s"', 'cell.data_type = "f"', "test_xlsx.py"),
    Bug("Pen._style", "cell.quotePrefix = True", "pass", "test_xlsx.py"),
    Bug("xlsx_cells.clean", "[:LONGEST]", "", "test_xlsx.py"),
    Bug("xlsx_cells.clean", 'ESCAPE_LIKE.sub("_x005F_", kept)', "kept", "test_xlsx.py"),
    Bug("xlsx._free_name", "while name.casefold() in taken:", "while name in taken:", "test_xlsx.py"),
)
