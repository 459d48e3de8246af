"""What every process of the registry proves before it does anything."""

import gc
import logging
import sys
from typing import Final

from django.db import DatabaseError

from registry.store.canary import require_right_keys
from registry.store.keys import KeyFileError

OBJECTS: Final = 10_000  # made and not gone, before the youngest are searched for cycles

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


def settle_memory() -> None:
    """Keep what was loaded out of every later search for cycles, and search less often.

    A full search would walk it for a tenth of a second amid a request. A list of thousands of rows makes tens of
    thousands of objects and hardly a cycle: at the default of 700 a fifth of its time goes to looking for some.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)
