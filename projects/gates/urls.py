"""Addresses of blockers and steps."""

from django.urls import path

from projects.gates import views

app_name = "gates"
urlpatterns = [
    path("", views.blockers, name="blockers"),
    path("new/<str:code>/", views.raise_blocker_page, name="raise"),
    path("steps/<str:code>/", views.record_steps_page, name="record_step"),
    path("watch/<str:code>/", views.watchlist, name="watch"),
    path("why/<str:code>/", views.project_reasons, name="why"),
    path("documents/of/<str:code>/", views.documents, name="documents"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/revoke/", views.revoke_document_page, name="revoke"),
    path("pauses/<int:pk>/end/", views.end_pause_page, name="end_pause"),
    path("<str:number>/", views.blocker, name="blocker"),
    path("<str:number>/resolve/", views.resolve_blocker_page, name="resolve"),
    path("<str:number>/scope/", views.change_scope_page, name="rescope"),
    path("<str:number>/reopen/", views.reopen_blocker_page, name="reopen"),
    path("<str:number>/condition/", views.check_condition_page, name="check"),
    path("<str:number>/withdraw/", views.withdraw_blocker_page, name="withdraw"),
]
