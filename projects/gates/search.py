"""How blockers and the documents that steps rest on are found from the search box."""

from django.db.models import Q
from django.urls import reverse

from projects.gates.models import BasisDocument
from projects.gates.selectors.blockers import blockers_visible_to
from registry.kernel.authority import Actor, Permission
from registry.web.search import SHOWN, Group, Hit, Question, SearchSource


def find_blockers(actor: Actor, question: Question) -> Group:
    """Find blockers by number, type, words or project, those of today first."""
    rows = blockers_visible_to(actor, query=question.text, state="all").order_by("resolved_on", "-found_on", "-id")
    hits = tuple(
        Hit(
            f"{blocker.number} {blocker.title}",
            reverse("gates:blocker", args=[blocker.number]),
            (blocker.project.name, f"{blocker.units_caught:,}户"),
            "已撤销" if blocker.withdrawn_reason else "已解决" if blocker.resolved_on else "未解决",
            "issued" if blocker.resolved_on or blocker.withdrawn_reason else "halt",
        )
        for blocker in rows[:SHOWN]
    )
    count = len(hits) if len(hits) < SHOWN else rows.order_by().count()
    return Group("堵点", hits, count, all_query=question.text)


def find_documents(actor: Actor, question: Question) -> Group:
    """Find the documents that steps rest on, by number or title."""
    wanted = Q(number__icontains=question.text) | Q(title__icontains=question.text)
    rows = BasisDocument.objects.visible_to(actor).filter(wanted).select_related("project").order_by("-id")
    hits = tuple(
        Hit(
            f"{document.number} {document.title}".strip(),
            reverse("gates:document", args=[document.pk]),
            (document.project.name,),
        )
        for document in rows[:SHOWN]
    )
    return Group("依据文件", hits, len(hits) if len(hits) < SHOWN else rows.order_by().count())


SEARCH = (
    SearchSource("blocker", 30, Permission.BLOCKER_READ, find_blockers, all_view="gates:blockers"),
    SearchSource("basis", 45, Permission.STEP_READ, find_documents),
)
