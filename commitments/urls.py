"""Addresses of letters and decisions."""

from django.urls import path, re_path

from commitments.views import drafts, exposure, instruments, letters, lifecycle, obligations, settings, succession

app_name = "commitments"
urlpatterns = [
    path("", instruments.instruments, name="instruments"),
    path("letters/new/<str:code>/", letters.draft_letter, name="draft_letter"),
    path("decisions/new/<str:code>/", instruments.draft_decision, name="draft_decision"),
    path("exposure/", exposure.exposure, name="exposure"),
    path("exposure/caps/<int:organisation>/", exposure.propose_cap, name="cap"),
    path("succession/<str:code>/", succession.succession, name="succession"),
    path("settings/", settings.rule_settings, name="settings"),
    path("settings/<str:district>/", settings.propose_lapse_rule, name="setting"),
    path("settings/<str:district>/ladder/", settings.propose_ladder_rule, name="ladder"),
    path("<str:code>/", instruments.instrument, name="instrument"),
    path("<str:code>/edit/", drafts.edit_draft, name="edit"),
    path("<str:code>/clauses/new/", drafts.edit_clause, name="new_clause"),
    path("<str:code>/clauses/<int:ordinal>/", drafts.edit_clause, name="clause"),
    path("<str:code>/clauses/<int:ordinal>/drop/", drafts.drop_from_draft, {"what": "clauses"}, name="drop_clause"),
    path("<str:code>/promises/new/", drafts.edit_promise, name="new_promise"),
    path("<str:code>/promises/<int:ordinal>/", drafts.edit_promise, name="promise"),
    path("<str:code>/promises/<int:ordinal>/drop/", drafts.drop_from_draft, {"what": "promises"}, name="drop_promise"),
    path("<str:code>/countersign/", lifecycle.open_countersign_page, name="countersign"),
    path("<str:code>/answer/", lifecycle.answer_countersign_page, name="answer"),
    path("<str:code>/waivers/<str:kind>/", exposure.propose_waiver, name="waive"),
    path("<str:code>/sign/", instruments.sign_instrument_page, name="sign"),
    path("<str:code>/approve/", instruments.approve_instrument_page, name="approve"),
    path("<str:code>/return/", instruments.return_instrument_page, name="return"),
    path("<str:code>/withdraw/", instruments.withdraw_draft_page, name="withdraw"),
    path("<str:code>/revoke/", lifecycle.propose_revocation, name="revoke"),
    path("<str:code>/breach/", lifecycle.declare_breach_page, name="breach"),
    path("<str:code>/cure/", lifecycle.cure_breach_page, name="cure"),
    path("<str:code>/closing/", lifecycle.request_closing_page, name="ask_to_close"),
    path("<str:code>/closing/check/", lifecycle.verify_closing_page, name="check_closing"),
    path("<str:code>/closing/return/", lifecycle.return_closing_page, name="return_closing"),
    path("<str:code>/close/", lifecycle.close_letter_page, name="close"),
    path("<str:code>/obligations/<int:ordinal>/", obligations.obligation, name="promise_page"),
    path("<str:code>/obligations/<int:ordinal>/press/<str:rung>/", obligations.send_rung_page, name="press"),
    path("<str:code>/obligations/<int:ordinal>/extend/", obligations.propose_extension, name="extend"),
    re_path(
        r"^(?P<code>C-\d+)/obligations/(?P<ordinal>\d+)/(?P<act>report|verify|inspect)/$",
        obligations.obligation_action,
        name="obligation",
    ),
]
