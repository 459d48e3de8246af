"""Addresses of the office."""

from django.urls import path

from projects.office import views

app_name = "office"
urlpatterns = [path("checklists/", views.checklists, name="checklists")]
