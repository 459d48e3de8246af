"""Addresses of papers."""

from django.urls import path

from documents.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="documents"),
    path("passwords/<int:pk>/", views.first_passwords, name="first_passwords"),
    path("papers/<int:pk>/", views.paper_pdf, name="paper"),
    path("papers/<int:pk>/void/", views.void_paper_page, name="void"),
    path("notices/<str:code>/", views.project_notices, name="notices"),
    path("notices/<str:code>/<int:pk>/", views.unit_notice, name="notice"),
    path("claims/<str:code>/<int:pk>/", views.claim_notice, name="claim"),
    path("letters/<str:code>/closing/", views.closing_record, name="closing"),
    path("letters/<str:code>/", views.letter_paper, name="letter"),
    path("briefs/<str:code>/", views.project_brief, name="brief"),
]
