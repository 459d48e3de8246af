"""What gates hang on follows buildings that change their project: steps, documents, blockers, pauses."""

from collections.abc import Iterable, Sequence

from projects import ports
from projects.gates.models import (
    BasisDocument,
    Blocker,
    BlockerVersion,
    GateStep,
    Pause,
    StepLeftOut,
)
from projects.gates.selectors.scopes import scope_count
from projects.gates.services.blockers import next_blocker_number
from projects.ledger.models import Building, Project
from registry.kernel.scope import Scope, scope_of
from registry.store.acts import current_act, within_act


@within_act
def merge_gates(*, source: Project, target: Project) -> None:
    """Bring all of `source` under `target`, so that nothing of either begins to hold for the other.

    Project-wide steps become steps of each building, scopes are narrowed to the buildings they had. Inside an open act,
    before the buildings move.
    """
    for project in (source, target):
        own = list(Building.objects.filter(project=project).order_by("id").values_list("id", flat=True))
        for step in GateStep.objects.filter(project=project, building__isnull=True):
            _spread(step, own, keep=True)
        for blocker in Blocker.objects.filter(project=project):
            _narrow(blocker, own)
        for pause in Pause.objects.filter(project=project):
            pause.scope = (Scope.from_data(pause.scope) & scope_of(buildings=own)).to_data()
            pause.save(update_fields=["scope"])
    Blocker.objects.filter(project=source, raised_in__isnull=True).update(raised_in=source)
    for model in (BasisDocument, GateStep, Blocker, Pause):
        model.objects.filter(project=source).update(project=target)


@within_act
def split_gates(*, source: Project, target: Project, building_ids: Sequence[int]) -> None:
    """Return `target` what holds for the buildings that leave `source`; what stays keeps all it had.

    Documents and blockers that both need are copied; a copied blocker keeps the reliefs of its origin. Inside an open
    act, before the buildings move.
    """
    documents: dict[int, BasisDocument] = {}
    for step in GateStep.objects.filter(project=source, building__isnull=True).select_related("document"):
        for made in _spread(step, building_ids, keep=False):
            _give(made, target, documents)
    for step in GateStep.objects.filter(project=source, building_id__in=building_ids).select_related("document"):
        _give(step, target, documents)
    leaving = scope_of(buildings=building_ids)
    for blocker in Blocker.objects.filter(project=source, withdrawn_reason="").select_related("type"):
        scope = _last_scope(blocker)
        if not scope_count(project_id=source.id, scope=scope & leaving).units:
            continue
        if scope_count(project_id=source.id, scope=scope - leaving).units:
            _copy(blocker, target)
        else:
            Blocker.objects.filter(pk=blocker.pk).update(project=target, raised_in=blocker.raised_in or source)
    for pause in Pause.objects.filter(project=source):
        pause.pk, pause.project = None, target
        pause.save(force_insert=True)


@within_act
def recount_blockers(project_ids: Iterable[int]) -> None:
    """Count anew the units that the blockers of projects catch. Inside an open act, after the move."""
    for blocker in Blocker.objects.filter(project_id__in=list(project_ids)):
        version: BlockerVersion = blocker.versions.latest("effective_on", "id")
        caught = scope_count(project_id=blocker.project_id, scope=Scope.from_data(version.scope)).units
        fault = scope_count(project_id=blocker.project_id, scope=Scope.from_data(version.at_fault)).units
        Blocker.objects.filter(pk=blocker.pk).update(units_caught=caught, units_at_fault=fault)


def _spread(step: GateStep, building_ids: Sequence[int], *, keep: bool) -> list[GateStep]:
    """A project-wide step as steps of buildings; with `keep` the row itself becomes the first of them."""
    if keep and not building_ids:
        return []
    taken = GateStep.objects.filter(gate=step.gate, part="", building_id__in=building_ids, revoked_on__isnull=True)
    own = set(taken.values_list("building_id", flat=True))
    left_out = list(StepLeftOut.objects.filter(step=step).values_list("unit_id", "unit__building_id", "reason"))
    wanted = [key for key in building_ids if key not in own]
    if keep:
        first = wanted.pop(0) if wanted else building_ids[0]
        GateStep.objects.filter(pk=step.pk).update(building_id=first)
    made = []
    for key in wanted:
        copy = GateStep.objects.get(pk=step.pk)
        copy.pk, copy.building_id = None, key
        copy.save(force_insert=True)
        StepLeftOut.objects.bulk_create(
            StepLeftOut(step=copy, unit_id=unit, reason=reason)
            for unit, building, reason in left_out
            if building == key
        )
        made.append(copy)
    return made


def _give(step: GateStep, target: Project, documents: dict[int, BasisDocument]) -> None:
    if step.document_id is not None and step.document_id not in documents:
        copy = BasisDocument.objects.get(pk=step.document_id)
        copy.pk, copy.project = None, target
        copy.save(force_insert=True)
        documents[step.document_id] = copy
    document = documents.get(step.document_id) if step.document_id is not None else None
    GateStep.objects.filter(pk=step.pk).update(project=target, document=document)


def _last_scope(blocker: Blocker) -> Scope:
    version: BlockerVersion = blocker.versions.latest("effective_on", "id")
    return Scope.from_data(version.scope)


def _narrow(blocker: Blocker, building_ids: Sequence[int]) -> None:
    """Supersede each version by one that names the buildings, from the same day."""
    act = current_act()
    within = scope_of(buildings=building_ids)
    last = {version.effective_on: version for version in blocker.versions.order_by("effective_on", "id")}
    for version in last.values():
        scope = (Scope.from_data(version.scope) & within).to_data()
        at_fault = (Scope.from_data(version.at_fault) & within).to_data()
        if (scope, at_fault) != (version.scope, version.at_fault):
            BlockerVersion.objects.create(
                blocker=blocker,
                scope=scope,
                at_fault=at_fault,
                effective_on=version.effective_on,
                recorded_at=act.recorded_at,
                act_id=act.id,
            )


def _copy(blocker: Blocker, target: Project) -> None:
    versions = list(blocker.versions.order_by("effective_on", "id"))
    origin = blocker.origin_id or blocker.pk
    copy = Blocker.objects.select_related("type").get(pk=blocker.pk)
    copy.pk, copy.project, copy.origin_id = None, target, origin
    copy.number = next_blocker_number(copy.type.code)
    copy.save(force_insert=True)
    for version in versions:
        version.pk, version.blocker = None, copy
        version.save(force_insert=True)
    ports.blocker_copied(blocker=blocker, copy=copy)
