"""Addresses of the accounts."""

from django.urls import path

from registry.accounts.views import approvals, organisations, people, settings, sign_in, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("choose/", sign_in.choose_role, name="choose"),
    path("password/", sign_in.change_password, name="change_password"),
    path("people/", people.people, name="people"),
    path("people/new/", people.create_person, name="create_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/assign/", people.propose_role, name="assign"),
    path("people/<int:pk>/disable/", people.disable_person, name="disable_person"),
    path("people/<int:pk>/reset/", people.reset_password, name="reset_password"),
    path("assignments/<int:pk>/end/", people.end_assignment, name="end_assignment"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.create_organisation, name="create_organisation"),
    path("organisations/<int:pk>/", organisations.change_organisation, name="change_organisation"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.issue_token_page, name="issue_token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token_page, name="revoke_token"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/<str:name>/", settings.propose_setting, name="setting"),
    path("settings/<str:name>/<str:area>/", settings.propose_setting, name="setting_of"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.approval, name="approval"),
]
