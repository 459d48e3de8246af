"""App configuration."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "projects.leads"
    label = "leads"
    verbose_name = "12345线索"

    def ready(self) -> None:
        from projects.leads.messages import EVENT_MESSAGES  # app ready
        from projects.leads.navigation import NAVIGATION  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.web.navigation import declare_navigation  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_navigation(*NAVIGATION)
