"""Addresses of attachments."""

from django.urls import path

from registry.web.attachments import views

app_name = "attachments"
urlpatterns = [
    path("<int:pk>/", views.open_attachment, name="read"),
    path("<int:pk>/void/", views.void_attachment_page, name="void"),
    path("<str:table>/<int:key>/add/", views.add_attachment, name="add"),
]
