"""Who has papers or certificates of a project to take in or to give back: whoever has work in a project sees it."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from projects.ledger.models import Participation
from projects.ledger.selectors.work import Pairs, Work
from projects.office.models import Manifest


def open_manifests(projects: Sequence[int] | None) -> Pairs:
    """Return who was sent a manifest that is not closed. One query.

    Whoever was sent one before sending gave sight was never named: its rule shows the project, and stands for it.
    """
    named = Participation.objects.filter(project=OuterRef("project"), organisation=OuterRef("receiver"))
    running = Manifest.objects.filter(
        Exists(named), sent_act_id__isnull=False, closed_act_id__isnull=True, withdrawn_act_id__isnull=True
    )
    if projects is not None:
        running = running.filter(project_id__in=projects)
    return running.values_list("project_id", "receiver_id").distinct()


WORK = (Work("manifests", "移交清单待接收、待退还", open_manifests),)
