"""Addresses of months."""

from django.urls import path

from documents.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<str:month>/", views.report, name="report"),
    path("reports/<str:month>/close/", views.close, name="close"),
    path("reports/<str:month>/workbook/", views.workbook, name="workbook"),
]
