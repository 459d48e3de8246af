"""App configuration."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "documents.exports"
    label = "exports"
    verbose_name = "导出"

    def ready(self) -> None:
        from documents.exports import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.exports.approvals import PERSONAL_KIND  # app ready
        from documents.exports.exports import EXPORTS  # app ready
        from documents.exports.messages import EVENT_MESSAGES  # app ready
        from documents.exports.navigation import ACTIONS, PAGES  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_kind(PERSONAL_KIND)
        declare_exports(*EXPORTS)
        declare_actions(*ACTIONS)
        declare_pages(**PAGES)
