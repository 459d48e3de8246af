"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "文书、报表和导入"

    def ready(self) -> None:
        from documents import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.approvals import (  # app ready
            KIND,
            PERSONAL_KIND,
            POLICY_KIND,
            UNDO_KIND,
            UNDO_STAGES_KIND,
        )
        from documents.intake import lists as unit_list  # app ready
        from documents.invariants import INVARIANTS  # app ready
        from documents.render.checks import check_paper  # app ready
        from documents.selectors import own_lists  # app ready
        from documents.sentences import SENTENCES  # app ready
        from documents.services.closing import let_project_leave  # app ready
        from documents.services.papers import issue_for_lower_app  # app ready
        from projects.ports import answer  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web import doctor  # app ready

        declare(SENTENCES)
        declare_lists(*unit_list.LISTS)
        declare_exports(*own_lists.EXPORTS)
        answer("issue_paper", issue_for_lower_app)
        answer("project_leaves", let_project_leave)
        doctor.declare("公文", check_paper)
        invariants.declare(*INVARIANTS)
        declare_kind(KIND)
        declare_kind(POLICY_KIND)
        declare_kind(UNDO_KIND)
        declare_kind(UNDO_STAGES_KIND)
        declare_kind(PERSONAL_KIND)
