"""Addresses of months."""

from django.urls import path

from documents.reports import views
from documents.reports.views import bulletins, days, foreign, ranking, schedules, versions

app_name = "reports"
urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/days/", days.days, name="days"),
    path("reports/foreign/", foreign.foreign_table, name="foreign"),
    path("reports/schedules/", schedules.schedules, name="schedules"),
    path("reports/schedules/add/", schedules.add_schedule_page, name="add_schedule"),
    path("reports/schedules/<int:pk>/", schedules.schedule, name="schedule"),
    path("reports/schedules/<int:pk>/edit/", schedules.edit_schedule_page, name="edit_schedule"),
    path("reports/schedules/<int:pk>/<str:what>/", schedules.steer_schedule, name="steer_schedule"),
    path("reports/schedules/runs/<int:pk>/", schedules.schedule_run, name="schedule_run"),
    path("reports/flash/", bulletins.flash_page, name="flash"),
    path("reports/bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("reports/bulletins/<int:pk>/instruction/", bulletins.bulletin_instruction, name="instruction"),
    path("reports/<str:month>/bulletin/", bulletins.bulletin_page, name="issue_bulletin"),
    path("reports/<str:month>/", views.month_report, name="report"),
    path("reports/<str:month>/ranking/", ranking.month_ranking, name="ranking"),
    path("reports/<str:month>/units/", versions.month_units, name="units"),
    path("reports/<str:month>/units/<str:kind>/", versions.sign_unit, name="sign"),
    path("reports/<str:month>/versions/", versions.month_versions, name="versions"),
    path("reports/<str:month>/restate/", versions.restate_page, name="restate"),
    path("reports/<str:month>/close/", views.close_month_page, name="close"),
    path("reports/<str:month>/count/", views.count_month_page, name="count"),
    path("reports/<str:month>/check/", views.check_ledger_page, name="check"),
    path("reports/<str:month>/workbook/", views.month_workbook, name="workbook"),
]
