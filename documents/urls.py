"""Addresses of papers, reports and imports."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("", views.papers, name="documents"),
    path("papers/<int:pk>/", views.paper_pdf, name="paper"),
    path("papers/<int:pk>/void/", views.void, name="void"),
    path("notices/<str:code>/", views.notices, name="notices"),
    path("notices/<str:code>/<int:pk>/", views.notice, name="notice"),
    path("letters/<str:code>/", views.letter, name="letter"),
    path("briefs/<str:code>/", views.brief, name="brief"),
    path("reports/", views.reports, name="reports"),
    path("reports/<str:month>/", views.report, name="report"),
    path("reports/<str:month>/close/", views.close, name="close"),
    path("reports/<str:month>/workbook/", views.workbook, name="workbook"),
    path("exports/", views.exports, name="exports"),
    path("exports/files/<int:pk>/", views.export_file, name="export_file"),
    path("exports/<str:name>/", views.export_list, name="export_list"),
    path("imports/<str:code>/new/", views.upload, name="upload"),
    path("imports/<str:code>/template/", views.template, name="template"),
    path("imports/<str:code>/units/", views.unit_list_file, name="unit_list"),
    path("imports/<str:code>/stages/", views.stage_list, name="stage_list"),
    path("imports/<str:code>/stages/template/", views.stage_template, name="stage_template"),
    path("lists/new/<str:kind>/", views.work_list, name="work_list"),
    path("lists/new/<str:kind>/template/", views.work_template, name="work_template"),
    path("lists/<str:code>/", views.work_lists, name="work_lists"),
    path("lists/<str:code>/<str:kind>/", views.work_list, name="work_list"),
    path("lists/<str:code>/<str:kind>/template/", views.work_template, name="work_template"),
    path("imports/<int:pk>/", views.import_session, name="import"),
    path("imports/<int:pk>/marked/", views.marked, name="marked"),
    path("imports/<int:pk>/mapping/", views.mapping, name="mapping"),
    path("imports/<int:pk>/sheet/", views.choose_sheet, name="sheet"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
    path("imports/<int:pk>/submit/", views.submit, name="submit"),
    path("imports/<int:pk>/accept/", views.accept, name="accept"),
    path("imports/<int:pk>/return/", views.return_, name="return"),
]
