"""What lists that go out share of the ledger."""

from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Actor
from registry.lists.exports import Words


def of_project(actor: Actor, words: Words) -> list[tuple[str, str]]:
    """Say of which project a list is. One query."""
    return [("项目", project_by_code(actor, words.get("project", "")).name)]
