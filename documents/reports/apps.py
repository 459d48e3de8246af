"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "documents.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from documents.reports.invariants import INVARIANTS  # app ready
        from documents.reports.messages import SENTENCES  # app ready
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready

        declare(SENTENCES)
        invariants.declare(*INVARIANTS)
