"""Addresses of casework."""

from django.urls import path

from projects.casework.views import agenda, leverage

app_name = "casework"
urlpatterns = [
    path("leverage/", leverage.leverage, name="leverage"),
    path("leverage/count/", leverage.count, name="count_leverage"),
    path("leverage/of/<str:code>/", leverage.project_leverage, name="project_leverage"),
    path("agenda/", agenda.agenda, name="agenda"),
]
