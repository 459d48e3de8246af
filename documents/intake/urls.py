"""Addresses of imports."""

from django.urls import path

from documents.intake import views

app_name = "intake"
urlpatterns = [
    path("across/", views.across_lists, name="across_lists"),
    path("across/<str:kind>/", views.across_list, name="across"),
    path("across/<str:kind>/template/", views.across_template, name="across_template"),
    path("imports/<int:pk>/across/", views.write_across, name="write_across"),
    path("imports/<str:code>/new/", views.upload_units, name="upload"),
    path("imports/<str:code>/template/", views.unit_template, name="template"),
    path("imports/<str:code>/units/", views.unit_list_file, name="unit_list"),
    path("imports/<str:code>/stages/", views.stage_list, name="stage_list"),
    path("imports/<str:code>/stages/template/", views.stage_template, name="stage_template"),
    path("lists/new/<str:kind>/", views.work_list, name="work_list"),
    path("lists/new/<str:kind>/template/", views.work_template, name="work_template"),
    path("lists/<str:code>/", views.work_lists, name="work_lists"),
    path("lists/<str:code>/<str:kind>/", views.work_list, name="work_list"),
    path("lists/<str:code>/<str:kind>/template/", views.work_template, name="work_template"),
    path("imports/<int:pk>/", views.import_session, name="import"),
    path("imports/<int:pk>/marked/", views.marked_file, name="marked"),
    path("imports/<int:pk>/buildings/", views.new_buildings, name="buildings"),
    path("imports/<int:pk>/mapping/", views.map_columns, name="mapping"),
    path("imports/<int:pk>/sheet/", views.choose_sheet, name="sheet"),
    path("imports/<int:pk>/undo/", views.undo_import, name="undo"),
    path("imports/<int:pk>/submit/", views.submit_import, name="submit"),
    path("imports/<int:pk>/accept/", views.accept_import, name="accept"),
    path("imports/<int:pk>/return/", views.return_import, name="return"),
]
