"""Addresses of letters and decisions."""

from django.urls import path, re_path

from commitments.views import drafts, exposure, instruments, lifecycle, obligations, settings

app_name = "commitments"
urlpatterns = [
    path("", instruments.instruments, name="instruments"),
    path("letters/new/<str:code>/", instruments.draft_letter, name="draft_letter"),
    path("decisions/new/<str:code>/", instruments.draft_decision, name="draft_decision"),
    path("exposure/", exposure.exposure, name="exposure"),
    path("exposure/caps/<int:organisation>/", exposure.cap, name="cap"),
    path("settings/", settings.settings, name="settings"),
    path("settings/<str:district>/", settings.setting, name="setting"),
    path("settings/<str:district>/ladder/", settings.ladder, name="ladder"),
    path("<str:code>/", instruments.instrument, name="instrument"),
    path("<str:code>/edit/", drafts.edit, name="edit"),
    path("<str:code>/clauses/new/", drafts.clause, name="new_clause"),
    path("<str:code>/clauses/<int:ordinal>/", drafts.clause, name="clause"),
    path("<str:code>/clauses/<int:ordinal>/drop/", drafts.drop, {"what": "clauses"}, name="drop_clause"),
    path("<str:code>/promises/new/", drafts.promise, name="new_promise"),
    path("<str:code>/promises/<int:ordinal>/", drafts.promise, name="promise"),
    path("<str:code>/promises/<int:ordinal>/drop/", drafts.drop, {"what": "promises"}, name="drop_promise"),
    path("<str:code>/countersign/", lifecycle.countersign, name="countersign"),
    path("<str:code>/answer/", lifecycle.answer, name="answer"),
    path("<str:code>/waivers/<str:kind>/", exposure.waive, name="waive"),
    path("<str:code>/sign/", instruments.sign, name="sign"),
    path("<str:code>/approve/", instruments.approve, name="approve"),
    path("<str:code>/return/", instruments.return_, name="return"),
    path("<str:code>/withdraw/", instruments.withdraw, name="withdraw"),
    path("<str:code>/revoke/", lifecycle.revoke, name="revoke"),
    path("<str:code>/breach/", lifecycle.breach, name="breach"),
    path("<str:code>/cure/", lifecycle.cure, name="cure"),
    path("<str:code>/closing/", lifecycle.ask_to_close, name="ask_to_close"),
    path("<str:code>/closing/check/", lifecycle.check_closing, name="check_closing"),
    path("<str:code>/closing/return/", lifecycle.send_closing_back, name="return_closing"),
    path("<str:code>/close/", lifecycle.close, name="close"),
    path("<str:code>/obligations/<int:ordinal>/", obligations.promise, name="promise_page"),
    path("<str:code>/obligations/<int:ordinal>/press/<str:rung>/", obligations.press, name="press"),
    path("<str:code>/obligations/<int:ordinal>/extend/", obligations.extend, name="extend"),
    re_path(
        r"^(?P<code>C-\d+)/obligations/(?P<ordinal>\d+)/(?P<act>report|verify|inspect)/$",
        obligations.obligation,
        name="obligation",
    ),
]
