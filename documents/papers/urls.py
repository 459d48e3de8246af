"""Addresses of papers."""

from django.urls import path

from documents.papers.views import batches, outside, papers, printers, records, wording

app_name = "papers"
urlpatterns = [
    path("", papers.papers, name="documents"),
    path("passwords/<int:pk>/", papers.first_passwords, name="first_passwords"),
    path("papers/<int:pk>/", papers.paper_pdf, name="paper"),
    path("papers/<int:pk>/deliveries/", papers.paper_deliveries, name="deliveries"),
    path("papers/<int:pk>/void/", papers.void_paper_page, name="void"),
    path("papers/<int:pk>/overprint/", printers.overprint_page, name="overprint"),
    path("printers/", printers.printers_page, name="printers"),
    path("printers/<int:pk>/", printers.calibration, name="calibration"),
    path("proofs/<int:pk>/", records.submitted_draft, name="submitted_draft"),
    path("texts/", wording.texts, name="texts"),
    path("texts/<str:name>/<str:area>/", wording.propose_text, name="text"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<str:number>/", batches.batch, name="batch"),
    path("batches/<str:number>/print/", batches.print_batch, name="print"),
    path("batches/<str:number>/files/", batches.batch_files, name="files"),
    path("outside/", outside.outside_papers, name="outside"),
    path("outside/<int:pk>/", outside.outside_paper, name="outside_paper"),
    path("outside/<int:pk>/void/", outside.void_outside, name="void_outside"),
    path("outside/new/<str:code>/", outside.record_outside, name="record_outside"),
    path("outside/new/<str:code>/<int:pk>/", outside.record_outside, name="record_outside_of_unit"),
    path("notices/<str:code>/", batches.ask_batch, name="notices"),
    path("notices/<str:code>/<int:pk>/", papers.unit_notice, name="notice"),
    path("claims/<str:code>/<int:pk>/", papers.unit_notice, {"notice": papers.CLAIM}, name="claim"),
    path("proxies/<str:code>/<int:pk>/", papers.unit_notice, {"notice": papers.PROXY}, name="proxy"),
    path("bookings/<str:code>/<int:pk>/", papers.unit_notice, {"notice": papers.BOOKING}, name="booking"),
    path("letters/<str:code>/closing/", papers.closing_record, name="closing"),
    path("letters/<str:code>/", papers.letter_paper, name="letter"),
    path("letters/<str:code>/draft/", papers.letter_draft, name="letter_draft"),
    path("letters/<str:code>/undertaking/", records.record_paper, {"kind": "undertaking"}, name="undertaking"),
    *(
        path(
            f"letters/<str:code>/obligations/<int:ordinal>/{kind.replace('_', '-')}/",
            records.record_paper,
            {"kind": kind},
            name=kind,
        )
        for kind in ("extension_reply", "rectification", "interview_record")
    ),
    path("manifests/<int:pk>/list/", records.record_paper, {"kind": "handover_list"}, name="handover_list"),
    path("manifests/<int:pk>/sheet/", records.record_paper, {"kind": "signature_sheet"}, name="signature_sheet"),
    path("agenda/", records.record_paper, {"kind": "agenda"}, name="agenda"),
    path("meetings/<str:code>/", records.record_paper, {"kind": "minutes"}, name="minutes"),
    path("whistles/<str:code>/", records.record_paper, {"kind": "whistle_sheet"}, name="whistle_sheet"),
    path("briefs/<str:code>/", papers.project_brief, name="brief"),
]
