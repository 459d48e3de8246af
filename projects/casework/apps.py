"""App configuration."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "projects.casework"
    label = "casework"
    verbose_name = "推进工作"

    def ready(self) -> None:
        from projects.casework.sentences import SENTENCES  # app ready
        from registry.audit.sentences import declare  # app ready

        declare(SENTENCES)
