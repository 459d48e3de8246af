"""Addresses of projects."""

from django.urls import path

from projects.ledger import views
from projects.ledger.views import participation

app_name = "ledger"
urlpatterns = [
    path("", views.projects, name="projects"),
    path("new/", views.take_in_project_page, name="take_in"),
    path("reveals/<int:person>/<str:day>/", views.check_reveals_page, name="reveals"),
    path("participation/", participation.set_participations_page, name="participations"),
    path("<str:code>/", views.project, name="project"),
    path("<str:code>/note/", views.add_note_page, name="note"),
    path("<str:code>/names/", views.add_alias_page, name="names"),
    path("<str:code>/developer/", views.set_developer_page, name="developer"),
    path("<str:code>/applicant/", views.name_applicant_page, name="applicant"),
    path("<str:code>/particulars/", views.particulars, name="particulars"),
    path("<str:code>/plan/", views.change_plan_page, name="plan"),
    path("<str:code>/buildings/<str:number>/names/", views.unit_names, name="unit_names"),
    path("<str:code>/participants/", participation.participants, name="participants"),
    path("<str:code>/participants/set/", participation.set_participation_page, name="set_participants"),
    path("<str:code>/history/", views.project_history, name="history"),
]
