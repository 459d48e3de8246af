"""What is done to the machine, on record: which key seals from when, which backup was tried."""

from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import write


@write(Permission.ACCOUNT_MANAGE)
def record_key_rotation(*, actor: Actor, number: int, suite: str) -> None:
    """Record that a key was added to the file and seals from now on; the key itself stands nowhere but in the file."""
    record(event="keys.rotated", facts={"number": number, "suite": suite})


@write(Permission.ACCOUNT_MANAGE)
def record_restore_drill(*, actor: Actor, file: str, is_sound: bool, said: str) -> None:
    """Record that a backup was tried, and whether it can be restored; the desk asks for the next after 35 days."""
    outcome = "通过" if is_sound else "未通过"
    record(
        event="restore.drilled" if is_sound else "restore.failed",
        facts={"file": file, "outcome": outcome, "said": said[:300]},
    )
