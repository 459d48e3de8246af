"""Addresses of the record of acts."""

from django.urls import path

from registry.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.acts, name="acts"),
    path("<int:pk>/", views.act, name="act"),
]
