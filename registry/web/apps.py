"""The web tool box."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "registry.web"
    label = "web"
    verbose_name = "页面"

    def ready(self) -> None:
        from registry.audit import invariants  # app ready
        from registry.audit.sentences import declare  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.attachments.invariants import INVARIANTS  # app ready
        from registry.web.exports import EXPORTS  # app ready
        from registry.web.navigation import FOUNDATION, declare_navigation  # app ready

        declare(
            {
                "attachment.added": "给{label}加{count}个附件：{names}",
                "attachment.voided": "作废{label}的附件“{name}”",
            }
        )
        invariants.declare(*INVARIANTS)
        declare_exports(*EXPORTS)
        declare_navigation(*FOUNDATION)
