"""App configuration."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "documents.intake"
    label = "intake"
    verbose_name = "导入"

    def ready(self) -> None:
        from documents.intake import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.intake.approvals import UNDO_KIND, UNDO_STAGES_KIND  # app ready
        from documents.intake.exports import EXPORTS  # app ready
        from documents.intake.invariants import INVARIANTS  # app ready
        from documents.intake.lists import LISTS  # app ready
        from documents.intake.messages import EVENT_MESSAGES, INBOX  # app ready
        from documents.intake.navigation import ACTIONS, UPLOAD_LIMITS  # app ready
        from documents.intake.reading.codes import CODES  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.audit.words import declare_words  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.uploads import declare_upload_limit  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_words({name: code.label for name, code in CODES.items()})
        declare_words({"accept": "全部可写入", "rows": "部分可写入", "reject": "不能写入"})
        declare_lists(*LISTS)
        declare_upload_limit(*UPLOAD_LIMITS)
        declare_exports(*EXPORTS)
        declare_invariants(*INVARIANTS)
        declare_kind(UNDO_KIND)
        declare_kind(UNDO_STAGES_KIND)
        declare_actions(*ACTIONS)
