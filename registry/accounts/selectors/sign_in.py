"""How long an address waits before it may try to sign in again."""

from datetime import datetime, timedelta
from math import ceil

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

from registry.accounts.selectors.browsers import APART, client_address, counted_as


def seconds_to_wait(request: HttpRequest, *, now: datetime) -> int:
    """Return how many seconds the address of a request waits before its next attempt; 0 for most. One query.

    One name is locked after five failures (axes). Somebody who tries many names from one address is slowed down
    beyond that: 1, 2, 4 … seconds after each failure, 30 at most. Never a lock-out: an office shares its address, and
    a colleague's mistakes cost the others seconds; in a browser that knows the person they cost nothing. The attempt
    that is put off is not counted as a failure.
    """
    if APART in counted_as(request, {"username": request.POST.get("username", "").replace(APART, "")}):
        return 0
    attempts = AccessAttempt.objects.filter(
        ip_address=client_address(request),
        attempt_time__gt=now - timedelta(hours=settings.AXES_COOLOFF_TIME),
    )
    seen = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    beyond = (seen["failures"] or 0) - settings.SIGN_IN_ADDRESS_FAILURES
    if beyond < 0:
        return 0
    pause: int = min(2 ** min(beyond, 10), settings.SIGN_IN_LONGEST_PAUSE)
    waited: float = (now - seen["last"]).total_seconds()
    return max(0, ceil(pause - waited))
