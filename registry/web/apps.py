"""The web tool box."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "registry.web"
    label = "web"
    verbose_name = "页面"

    def ready(self) -> None:
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web import jobs  # noqa: F401  app ready: declares the daily anchor
        from registry.web.attachments.invariants import INVARIANTS as ATTACHMENTS  # app ready
        from registry.web.doctor import declare_check  # app ready
        from registry.web.drill_panel import PANELS as DRILL  # app ready
        from registry.web.exports import EXPORTS  # app ready
        from registry.web.first_day import PANELS, declare_first_steps  # app ready
        from registry.web.first_steps import STEPS  # app ready
        from registry.web.invariants import INVARIANTS  # app ready
        from registry.web.navigation import FOUNDATION, declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.proxy_checks import check_proxy  # app ready

        declare_messages(
            {
                "audit.rows_kept": "给现有的{rows}行留下行照，此后每一行的每一栏都与最后一次写入相对",
                "audit.sealed": "给以前的{acts}条操作记录加封（{chains}条链），此后每条自带封印",
                "attachment.added": "给{label}加{count}个附件：{names}",
                "attachment.voided": "作废{label}的附件“{name}”",
            }
        )
        declare_invariants(*ATTACHMENTS, *INVARIANTS)
        declare_check("代理", check_proxy)
        declare_exports(*EXPORTS)
        declare_navigation(*FOUNDATION)
        declare_first_steps(*STEPS)
        for panel in (*PANELS, *DRILL):
            declare_panel(panel)
