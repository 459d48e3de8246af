"""Composition root: which app answers under which address."""

from importlib.util import find_spec

from django.urls import include, path

# Each line is a prefix and a module of addresses; an app whose module isn't written yet is passed over.
MOUNTS: tuple[tuple[str, str], ...] = (
    ("", "registry.web.urls"),
    ("", "registry.accounts.urls"),
    ("audit/", "registry.audit.urls"),
    ("jobs/", "registry.jobs.urls"),
    ("attachments/", "registry.web.attachments.urls"),
    ("projects/", "projects.ledger.urls"),
    ("gates/", "projects.gates.urls"),
    ("progress/", "projects.progress.urls"),
    ("casework/", "projects.casework.urls"),
    ("office/", "projects.office.urls"),
    ("leads/", "projects.leads.urls"),
    ("api/v1/", "projects.leads.public_urls"),
    ("commitments/", "commitments.urls"),
    ("documents/", "documents.papers.urls"),
    ("v/", "documents.papers.public_urls"),
    ("documents/", "documents.reports.urls"),
    ("documents/", "documents.exports.urls"),
    ("documents/", "documents.intake.urls"),
    ("reference/", "documents.reference.urls"),
)


def _is_written(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [path(prefix, include(module)) for prefix, module in MOUNTS if _is_written(module)]

handler400 = "registry.web.errors.bad_request"
handler403 = "registry.web.errors.permission_denied"
handler404 = "registry.web.errors.not_found"
handler500 = "registry.web.errors.server_error"
