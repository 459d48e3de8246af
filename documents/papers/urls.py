"""Addresses of papers."""

from django.urls import path

from documents.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="documents"),
    path("papers/<int:pk>/", views.paper_pdf, name="paper"),
    path("papers/<int:pk>/void/", views.void, name="void"),
    path("notices/<str:code>/", views.notices, name="notices"),
    path("notices/<str:code>/<int:pk>/", views.notice, name="notice"),
    path("letters/<str:code>/", views.letter, name="letter"),
    path("briefs/<str:code>/", views.brief, name="brief"),
]
