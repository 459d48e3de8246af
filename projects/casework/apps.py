"""App configuration."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "projects.casework"
    label = "casework"
    verbose_name = "推进工作"

    def ready(self) -> None:
        from projects.casework import jobs  # noqa: F401  app ready: its jobs are declared
        from projects.casework.panels import PANELS  # app ready
        from projects.casework.sentences import SENTENCES  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.web.panels import register  # app ready

        declare(SENTENCES)
        for panel in PANELS:
            register(panel)
