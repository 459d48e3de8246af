"""Addresses of projects."""

from django.urls import path

from projects.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.projects, name="projects"),
    path("new/", views.take_in, name="take_in"),
    path("reveals/<int:person>/<str:day>/", views.reveals, name="reveals"),
    path("<str:code>/", views.project, name="project"),
    path("<str:code>/note/", views.note, name="note"),
    path("<str:code>/names/", views.names, name="names"),
    path("<str:code>/developer/", views.developer, name="developer"),
    path("<str:code>/applicant/", views.applicant, name="applicant"),
    path("<str:code>/particulars/", views.particulars, name="particulars"),
    path("<str:code>/plan/", views.plan, name="plan"),
    path("<str:code>/buildings/<str:number>/names/", views.unit_names, name="unit_names"),
    path("<str:code>/history/", views.history, name="history"),
]
