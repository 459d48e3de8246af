"""Addresses that stand on papers: open to anybody."""

from django.urls import path

from documents.papers.views import verification

app_name = "papers_public"
urlpatterns = [
    path("", verification.ask_proof, name="ask_proof"),
    path("<str:code>/", verification.proof, name="proof"),
]
