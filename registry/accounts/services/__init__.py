"""What changes accounts, approvals, inboxes and saved filters."""

from registry.accounts.services.approvals import (
    APPROVALS,
    ApprovalKind,
    Decision,
    approve,
    declare_kind,
    kinds_decided_by,
    propose,
    return_back,
    withdraw,
)
from registry.accounts.services.assignments import ASSIGNMENT, end_assignment, grant_assignment, propose_assignment
from registry.accounts.services.filters import drop_filter, save_filter
from registry.accounts.services.first import create_first_admins
from registry.accounts.services.keys import record_key_rotation, record_restore_drill
from registry.accounts.services.organisations import change_organisation, create_organisation
from registry.accounts.services.people import (
    IssuedPassword,
    change_own_password,
    create_person,
    disable_person,
    reset_password,
)

__all__ = [
    "APPROVALS",
    "ASSIGNMENT",
    "ApprovalKind",
    "Decision",
    "IssuedPassword",
    "approve",
    "change_organisation",
    "change_own_password",
    "create_first_admins",
    "create_organisation",
    "create_person",
    "declare_kind",
    "disable_person",
    "drop_filter",
    "end_assignment",
    "grant_assignment",
    "kinds_decided_by",
    "propose",
    "propose_assignment",
    "record_key_rotation",
    "record_restore_drill",
    "reset_password",
    "return_back",
    "save_filter",
    "withdraw",
]
