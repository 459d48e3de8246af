"""Addresses of exports."""

from django.urls import path

from documents.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/files/<int:pk>/", views.export_file, name="export_file"),
    path("exports/<str:name>/", views.export_list, name="export_list"),
]
