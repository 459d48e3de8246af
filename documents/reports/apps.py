"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "documents.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from documents.reports.exports import EXPORTS  # app ready
        from documents.reports.invariants import INVARIANTS  # app ready
        from documents.reports.messages import SENTENCES  # app ready
        from documents.reports.navigation import NAVIGATION  # app ready
        from documents.reports.services import let_project_leave  # app ready
        from projects.ports import answer  # app ready
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.navigation import declare_navigation  # app ready

        declare(SENTENCES)
        declare_exports(*EXPORTS)
        answer("project_leaves", let_project_leave)
        invariants.declare(*INVARIANTS)
        declare_navigation(*NAVIGATION)
