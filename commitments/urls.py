"""Addresses of letters and decisions."""

from django.urls import path, re_path

from commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.instruments, name="instruments"),
    path("letters/new/<str:code>/", views.draft_letter, name="draft_letter"),
    path("decisions/new/<str:code>/", views.draft_decision, name="draft_decision"),
    path("<str:code>/", views.instrument, name="instrument"),
    path("<str:code>/sign/", views.sign, name="sign"),
    path("<str:code>/approve/", views.approve, name="approve"),
    path("<str:code>/return/", views.return_, name="return"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/revoke/", views.revoke, name="revoke"),
    path("<str:code>/close/", views.close, name="close"),
    re_path(
        r"^(?P<code>C-\d+)/obligations/(?P<ordinal>\d+)/(?P<act>report|verify|extend)/$",
        views.obligation,
        name="obligation",
    ),
]
