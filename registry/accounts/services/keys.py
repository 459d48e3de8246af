"""The key file, on record: which key seals from when."""

from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import write


@write(Permission.ACCOUNT_MANAGE)
def record_key_rotation(*, actor: Actor, number: int, suite: str) -> None:
    """Record that a key was added to the file and seals from now on; the key itself stands nowhere but in the file."""
    record(event="keys.rotated", facts={"number": number, "suite": suite})
