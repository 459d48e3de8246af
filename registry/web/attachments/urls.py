"""Addresses of attachments."""

from django.urls import path

from registry.web.attachments import views

app_name = "attachments"
urlpatterns = [
    path("<int:pk>/", views.read, name="read"),
    path("<int:pk>/void/", views.void, name="void"),
    path("<str:table>/<int:key>/add/", views.add, name="add"),
]
