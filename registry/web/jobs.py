"""Daily work of the frame itself."""

from typing import Any

from registry.audit.services import bind_and_anchor
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.drafts import sweep_drafts


@daily("audit.anchor", label="操作记录留锚")
def anchor(lease: Lease) -> dict[str, Any]:
    """Take rows laid without an act under one, keep the heads outside the database; a second run finds nothing."""
    return {"heads": bind_and_anchor()}


@daily("forms.sweep", label="销毁超过保留期限的表单草稿和暂存文件")
def sweep(lease: Lease) -> dict[str, Any]:
    """Destroy drafts of forms and held files that have expired; a second run finds none."""
    return dict(sweep_drafts())
