"""Addresses of buildings, units and progress."""

from django.urls import path

from projects.progress import views
from projects.progress.views import mismatches, sampling

app_name = "progress"
urlpatterns = [
    path("", views.progress, name="progress"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/<str:code>/<str:other>/apart/", views.mark_distinct_page, name="apart"),
    path("duplicates/<int:key>/take-back/", views.unmark_distinct_page, name="take_back_apart"),
    path("mismatches/", mismatches.mismatches, name="mismatches"),
    path("mismatches/<int:pk>/", mismatches.settle_mismatch_page, name="settle_mismatch"),
    path("samples/", sampling.sample_list, name="samples"),
    path("samples/draw/", sampling.draw_sample_page, name="draw_sample"),
    path("samples/<str:code>/", sampling.sample_page, name="sample"),
    path("samples/<str:code>/results/", sampling.record_results_page, name="sample_results"),
    path("rest/", views.rest, name="rest"),
    path("queues/", views.pace, name="pace"),
    path("queues/<str:code>/", views.queue, name="queue"),
    path("lists/<str:track>/", views.track_list, name="track_list"),
    path("<str:code>/merge/", views.merge_projects_page, name="merge"),
    path("<str:code>/split/", views.split_project_page, name="split"),
    path("<str:code>/zero/", views.zero_check, name="zero"),
    path("<str:code>/zero/residual/", views.propose_residual_page, name="residual"),
    path("<str:code>/zero/close/", views.close_out_page, name="close"),
    path("<str:code>/units/", views.units, name="units"),
    path("<str:code>/units/bulk/", views.bulk_moves, name="bulk"),
    path("<str:code>/units/bulk/<int:pk>/undo/", views.undo_bulk_moves, name="undo_bulk"),
    path("<str:code>/units/advance/", views.advance_units_page, name="advance"),
    path("<str:code>/units/hand-in/", views.hand_in_page, name="hand_in"),
    path("<str:code>/units/return/", views.return_page, name="return"),
    path("<str:code>/units/<int:pk>/", views.unit, name="unit"),
    path(
        "<str:code>/units/<int:pk>/papers/<int:submission>/",
        views.take_back_submission_page,
        name="take_back_submission",
    ),
    path("<str:code>/units/<int:pk>/panel/", views.unit_panel, name="unit_panel"),
    path("<str:code>/units/<int:pk>/correct/", views.propose_correction, name="correct"),
    path("<str:code>/units/<int:pk>/standing/", views.change_standing_page, name="standing"),
    path("<str:code>/units/<int:pk>/holders/<int:holder>/", views.reveal_holder_page, name="reveal"),
    path("<str:code>/buildings/<str:number>/", views.building, name="building"),
]
