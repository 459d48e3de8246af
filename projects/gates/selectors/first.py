"""How far the gates have come in the first days. One query each."""

from projects.gates.models import BasisDocument, Blocker


def has_steps() -> bool:
    """Whether a step of a gate was recorded."""
    return BasisDocument.objects.exists()


def has_blockers() -> bool:
    """Whether a blocker was raised."""
    return Blocker.objects.exists()
