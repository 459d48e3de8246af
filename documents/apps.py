"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "导入"

    def ready(self) -> None:
        from documents import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.approvals import UNDO_KIND, UNDO_STAGES_KIND  # app ready
        from documents.intake import lists as unit_list  # app ready
        from documents.invariants import INVARIANTS  # app ready
        from documents.selectors.own_lists import EXPORTS  # app ready
        from documents.sentences import SENTENCES  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready

        declare(SENTENCES)
        declare_lists(*unit_list.LISTS)
        declare_exports(*EXPORTS)
        invariants.declare(*INVARIANTS)
        declare_kind(UNDO_KIND)
        declare_kind(UNDO_STAGES_KIND)
