"""App configuration."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "projects.progress"
    label = "progress"
    verbose_name = "办证进度"

    def ready(self) -> None:
        from projects.progress.approvals import KIND  # app ready
        from projects.progress.sentences import SENTENCES  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.sentences import declare  # app ready

        declare(SENTENCES)
        declare_kind(KIND)
