"""Lists as workbooks."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from documents.render.xlsx import XLSX
from documents.reports.lists import LISTS
from documents.services.exports import export_list as write_list
from registry.store.access import Request, access
from registry.web.answers import download


@access(None)
@require_GET
def export_list(request: Request, name: str) -> HttpResponse:
    """Download a list as its page shows it; who may see the page may take what it shows."""
    if name not in LISTS:
        raise Http404
    words = {key: str(value) for key, value in request.GET.items() if value}
    exported = write_list(actor=request.actor, name=name, words=words, on=request.today)
    return download(exported.content, exported.name, XLSX)
