"""Addresses of blockers and steps."""

from django.urls import path

from projects.gates import views

app_name = "gates"
urlpatterns = [
    path("", views.blockers, name="blockers"),
    path("new/<str:code>/", views.raise_, name="raise"),
    path("steps/<str:code>/", views.record_step, name="record_step"),
    path("watch/<str:code>/", views.watch, name="watch"),
    path("why/<str:code>/", views.why, name="why"),
    path("documents/of/<str:code>/", views.documents, name="documents"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("documents/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("pauses/<int:pk>/end/", views.resume, name="end_pause"),
    path("<str:number>/", views.blocker, name="blocker"),
    path("<str:number>/resolve/", views.resolve, name="resolve"),
    path("<str:number>/scope/", views.rescope, name="rescope"),
    path("<str:number>/reopen/", views.reopen, name="reopen"),
    path("<str:number>/condition/", views.check, name="check"),
    path("<str:number>/withdraw/", views.withdraw, name="withdraw"),
]
