"""Addresses of the pages that belong to no app."""

from django.urls import path

from registry.web import views
from registry.web.typed import views as typed

app_name = "web"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("changes/", views.changes, name="changes"),
    path("search/", views.search_page, name="search"),
    path("pick/project/", views.pick_project, name="pick_project"),
    path("healthz", views.healthz, name="healthz"),
    path("drafts/keep/", typed.keep, name="keep_draft"),
    path("drafts/drop/", typed.drop, name="drop_draft"),
    path("session/stay/", typed.stay, name="stay"),
    path("filters/save/", views.save_list_filter, name="save_filter"),
    path("filters/<int:pk>/drop/", views.drop_list_filter, name="drop_filter"),
]
