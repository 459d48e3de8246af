"""App configuration. No models: the tables are those of the apps below."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "documents.reference"
    label = "reference"
    verbose_name = "基础数据"

    def ready(self) -> None:
        from documents.reference.approvals import KIND, POLICY_KIND  # app ready
        from documents.reference.navigation import ACTIONS, FIRST_STEPS, NAVIGATION  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.first_day import declare_first_steps  # app ready
        from registry.web.navigation import declare_navigation  # app ready

        declare_kind(KIND)
        declare_kind(POLICY_KIND)
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
        declare_first_steps(*FIRST_STEPS)
