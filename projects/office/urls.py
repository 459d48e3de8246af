"""Addresses of the office."""

from django.urls import path

from projects.office.views import checklists

app_name = "office"
urlpatterns = [path("checklists/", checklists.checklists, name="checklists")]
