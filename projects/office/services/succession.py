"""What an organisation that is gone holds of papers and certificates is listed for its successor."""

from projects.ledger.models import Project
from projects.office.models import Manifest, ManifestLine, ManifestPurpose
from projects.office.selectors.custody import held_by, holder_of
from projects.office.services.manifest_rules import next_number
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor
from registry.kernel.custody import Party
from registry.store.acts import Row, current_act, within_act


@within_act
def draft_succession_manifest(
    *, actor: Actor, project: Project, former: Organisation, successor: Organisation
) -> Manifest | None:
    """Draft the manifest by which the successor takes over all that the former holds; None if it holds nothing.

    The former's staff is cut off, so the task force signs in its place, and the successor takes bag by bag.
    """
    taker = holder_of(successor)
    items = list(held_by(former, project))
    if not items or taker is None or taker.party is not Party.OFFICE:
        return None
    act = current_act()
    manifest: Manifest = Manifest.objects.create(
        project=project, number=next_number(project), purpose=ManifestPurpose.SUCCESSION, sender=former,
        receiver=successor, listed=len(items), drafted_by_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    ManifestLine.objects.bulk_create(
        ManifestLine(manifest=manifest, item=item, position=at, listed_by_id=actor.person_id, listed_act_id=act.id)
        for at, item in enumerate(items, start=1)
    )
    record(
        event="manifest.drafted",
        subject=manifest,
        chain=project.pk,
        facts={"number": manifest.number, "purpose": ManifestPurpose.SUCCESSION.label, "receiver": str(successor)},
        rows=[Row.added(manifest, "number", "purpose", "sender_id", "receiver_id", "listed")],
    )
    return manifest
