"""App configuration."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "documents.papers"
    label = "papers"
    verbose_name = "文书"

    def ready(self) -> None:
        from documents.papers import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.papers.approvals import KINDS  # app ready
        from documents.papers.exports import EXPORTS  # app ready
        from documents.papers.invariants import INVARIANTS  # app ready
        from documents.papers.messages import EVENT_MESSAGES  # app ready
        from documents.papers.models import OutsidePaper  # app ready
        from documents.papers.navigation import ACTIONS, NAVIGATION, PAGES  # app ready
        from documents.papers.panels import UNIT_PANEL  # app ready
        from documents.papers.search import SEARCH  # app ready
        from documents.papers.selectors.appointments import appointment_of  # app ready
        from documents.papers.selectors.previews import papers_in_force, preview_for_lower_app  # app ready
        from documents.papers.services import issue_for_lower_app  # app ready
        from documents.papers.words import BLOCKS  # app ready
        from documents.render.checks import check_paper  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.doctor import declare_check  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_settings(*(block.spec() for block in BLOCKS))
        declare_exports(*EXPORTS)
        for kind in KINDS:
            declare_kind(kind)
        answer_port("issue_paper", issue_for_lower_app)
        answer_port("preview_paper", preview_for_lower_app)
        answer_port("papers_in_force", papers_in_force)
        answer_port("appointment", appointment_of)
        declare_check("公文", check_paper)
        declare_invariants(*INVARIANTS)
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
        declare_pages(**PAGES)
        declare_search(*SEARCH)
        declare_panel(UNIT_PANEL)
        declare_subjects(Subject(OutsidePaper, "外部文书", Permission.DOCUMENT_READ))
