"""The record of acts, to read: by project or of the system, in sentences."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry.audit import selectors
from registry.audit.forms import ActFilter
from registry.audit.words import change_in_words, facts_in_words
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import listing
from registry.lists.orders import by_heads
from registry.store.access import Request, access

SYSTEM = 0
LEADS = (Column("at", "时间", kind="date"),)
COLUMNS = (Column("who", "办理"), Column("text", "操作内容"), Column("reason", "理由"))
ORDERS = tuple(reversed(by_heads({"at": "seq"}, tie=())))  # the newest first


@access(Permission.AUDIT_READ)
@require_GET
def acts(request: Request) -> HttpResponse:
    """The acts of a chain, newest first, with sentence, who, when."""
    wanted = ActFilter(request.GET, actor=request.actor)
    words = wanted.cleaned_data if wanted.is_valid() else {}
    is_unknown = "project" in wanted.errors  # several, or none in reach: nothing is shown in its stead
    chain = words.get("project")
    context = {
        "title": "操作记录",
        "filter": wanted,
        "reads_system": selectors.may_read_chain(request.actor, SYSTEM),
        "needs_project": is_unknown or (chain is None and not selectors.may_read_chain(request.actor, SYSTEM)),
        "project": wanted.project_named,
    }
    if not context["needs_project"]:
        matching = selectors.acts(
            request.actor,
            chain=SYSTEM if chain is None else chain,
            events=words.get("event", ()) or (["—"] if request.GET.get("event") else ()),
            who=words.get("who", ""),
            starts=words.get("starts"),
            ends=words.get("ends"),
        )
        page = listing(request, name="acts", queryset=matching, columns=COLUMNS, orders=ORDERS, leads=LEADS)
        context |= {
            "page": page,
            "happenings": [selectors.happening(each) for each in page.rows],
        }
    return render(request, "audit/acts.html", context)


@access(Permission.AUDIT_READ)
@require_GET
def act(request: Request, pk: int) -> HttpResponse:
    """One act with its facts and the rows it changed; personal values stand there sealed."""
    shown = selectors.act_in_reach(request.actor, pk)
    context = {
        "title": "操作记录",
        "act": shown,
        "happening": selectors.happening(shown),
        "told": list(facts_in_words(shown.facts)),  # not `facts`: the head of every page prints those
        "rows": [change_in_words(row) for row in selectors.rows_of(shown)],
    }
    return render(request, "audit/act.html", context)
