"""Addresses of the office."""

from django.urls import path

from projects.office.views import checklists, counter

app_name = "office"
urlpatterns = [
    path("checklists/", checklists.checklists, name="checklists"),
    path("<str:code>/", counter.counter, name="counter"),
    path("<str:code>/scan/", counter.scan, name="scan"),
    path("<str:code>/family/<int:pk>/", counter.family, name="family"),
    path("<str:code>/family/<int:pk>/join/", counter.join_family, name="join"),
    path("<str:code>/family/<int:pk>/facts/", counter.family_facts, name="facts"),
    path("<str:code>/family/<int:pk>/part/<int:link>/", counter.part_family, name="part"),
    path("<str:code>/visits/<int:pk>/", counter.visit, name="visit"),
]
