"""App configuration."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "projects.office"
    label = "office"
    verbose_name = "驻场办证"

    def ready(self) -> None:
        from projects.ledger.selectors.work import declare_work  # app ready
        from projects.office.choices import SETTINGS_OF_OFFICE  # app ready
        from projects.office.exports import EXPORTS  # app ready
        from projects.office.invariants import INVARIANTS  # app ready
        from projects.office.messages import EVENT_MESSAGES  # app ready
        from projects.office.navigation import ACTIONS, NAVIGATION  # app ready
        from projects.office.panels import PANELS  # app ready
        from projects.office.selectors.certificates import certificates_kept  # app ready
        from projects.office.selectors.checklists import counter_reveals, desk_of  # app ready
        from projects.office.selectors.work import WORK  # app ready
        from projects.ports import answer_port  # app ready
        from projects.progress.models import HandOver  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_invariants(*INVARIANTS)
        declare_exports(*EXPORTS)
        declare_settings(*SETTINGS_OF_OFFICE)
        declare_work(*WORK)
        answer_port("counter_reveals", counter_reveals)
        answer_port("desk", desk_of)
        answer_port("certificates_kept", certificates_kept)
        declare_subjects(Subject(HandOver, "领证签收", Permission.UNIT_READ))
        for panel in PANELS:
            declare_panel(panel)
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
