"""What is known of a project beside its figures: names, developer, applicants."""

from projects.ledger.models import Alias, Applicant, Project

FACTS = tuple[str, str]


def known_particulars(project: Project) -> dict[str, list[FACTS]]:
    """Return the names by kind, the developer and the applicants, oldest first. Two queries."""
    developer = project.developer
    firm: list[FACTS] = []
    if developer is not None:
        firm = [(developer.get_condition_display(), developer.name), ("信用代码", developer.credit_code or "未填")]
    return {
        "names": [
            (alias.get_kind_display(), alias.text)
            for alias in Alias.objects.filter(project=project).order_by("kind", "id")
        ],
        "developer": firm,
        "applicants": [
            (f"{one.get_kind_display()}，自{one.effective_on}起", f"{one.name}（{one.basis}）")
            for one in Applicant.objects.filter(project=project).order_by("effective_on")
        ],
    }
