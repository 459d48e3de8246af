"""How issued papers are found from the search box."""

from django.db.models import Q
from django.urls import reverse

from documents.papers.kinds import BY_CODE
from documents.papers.selectors.papers import papers_visible_to
from registry.kernel.authority import Actor, Permission
from registry.web.search import SHOWN, Group, Hit, Question, SearchSource


def find_papers(actor: Actor, question: Question) -> Group:
    """Find papers by 文号 or project; those of no one project by their title."""
    wanted = Q(number__icontains=question.text) | Q(project__name__icontains=question.text)
    wanted |= Q(project__isnull=True, title__icontains=question.text)
    rows = papers_visible_to(actor).filter(wanted).order_by("-id")
    hits = tuple(
        Hit(
            f"{BY_CODE[paper.kind].label} {paper.number}".strip(),
            reverse("papers:paper", args=[paper.pk]),
            (paper.project.name if paper.project else paper.title,),
            "作废" if paper.voided_on else "有效",
        )
        for paper in rows[:SHOWN]
    )
    return Group("文书", hits, len(hits) if len(hits) < SHOWN else rows.order_by().count())


SEARCH = (SearchSource("paper", 40, Permission.DOCUMENT_READ, find_papers),)
