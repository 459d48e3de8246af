"""What every process of the registry proves before it does anything."""

import logging
import sys

from django.db import DatabaseError

from registry.store.canary import require_right_keys
from registry.store.keys import KeyFileError

log = logging.getLogger(__name__)


def require_right_keys_at_start() -> None:
    """End the process with a sentence if its key file is not that of the database.

    A database that does not answer is no reason to end: nothing can be sealed into it either, and `/healthz` says so.
    """
    try:
        require_right_keys()
    except KeyFileError as refusal:
        log.critical("%s", refusal.message)
        sys.exit(2)
    except DatabaseError as fault:
        log.error(
            "database not reached at start, keys not proven: %s", str(fault).splitlines()[0] if str(fault) else ""
        )
