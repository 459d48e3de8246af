"""How far the ledger has come in its first days. One query each."""

from projects.ledger.models import Project, Unit


def has_projects() -> bool:
    """Whether a project was taken in."""
    return Project.objects.exists()


def has_units() -> bool:
    """Whether a home is in the books."""
    return Unit.objects.exists()
