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
        from documents.invariants import INVARIANTS  # app ready
        from documents.navigation import ACTIONS, NAVIGATION, PAGES  # app ready
        from documents.render.checks import check_paper  # app ready
        from documents.sentences import SENTENCES  # app ready
        from documents.services.papers import issue_for_lower_app  # app ready
        from projects.ports import answer  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.web import doctor  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare(SENTENCES)
        answer("issue_paper", issue_for_lower_app)
        doctor.declare("公文", check_paper)
        invariants.declare(*INVARIANTS)
        declare_kind(KIND)
        declare_kind(POLICY_KIND)
        declare_kind(UNDO_KIND)
        declare_kind(UNDO_STAGES_KIND)
        declare_kind(PERSONAL_KIND)
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
        declare_pages(**PAGES)
