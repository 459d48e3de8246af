"""Pages of the office: the checklists, by kind of housing and day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from projects.office.choices import CHECKLISTS, checklist_code
from projects.office.forms import ChecklistForm
from projects.office.selectors.checklists import checklist_of
from registry.kernel.authority import Permission
from registry.store.access import Request, access


@access(Permission.PROJECT_READ)
@require_GET
def checklists(request: Request) -> HttpResponse:
    """The papers that one kind of housing asks for on a day. One query."""
    form = ChecklistForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    on = asked.get("on") or request.today
    code = checklist_code(asked.get("of") or CHECKLISTS[0][0], asked.get("use", ""))
    address = reverse("office:checklists")
    context = {
        "title": "办证材料清单",
        "label": dict(CHECKLISTS)[code],
        "code": code,
        "on": on,
        "form": form,
        "items": checklist_of(code, on=on),
        "tabs": [
            {"label": label, "url": f"{address}?of={one}&on={on:%Y-%m-%d}", "is_current": one == code, "count": None}
            for one, label in CHECKLISTS
        ],
    }
    return render(request, "office/checklists.html", context)
