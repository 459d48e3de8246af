"""Addresses of jobs."""

from django.urls import path

from registry.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("clock/", views.move_clock, name="clock"),
    path("<int:pk>/stop/", views.stop_job, name="stop"),
    path("<int:pk>/retry/", views.retry_job, name="retry"),
    path("<int:pk>/seen/", views.see_failure, name="seen"),
]
