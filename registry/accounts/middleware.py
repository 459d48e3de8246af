"""Who is asking: each request carries the actor of the session's assignment, checked anew each time."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from registry.accounts.selectors import actor_of, session_assignment
from registry.store.clock import moment_here, shanghai_day

ASSIGNMENT = "assignment"
EPOCH = "epoch"
SEEN = "seen"
SEEN_EVERY = 60  # seconds: idle time is known to the minute, and a reader writes once a minute, not once a page
POLLED = "X-Polled"  # a page that renews itself is nobody sitting before it: idle time runs on
ENDED = "会话已结束：职责或密码有变动。请重新登录。"


class ActorMiddleware:
    """Sets `request.actor`, `request.person` and `request.today`.

    One query (two for a developer's staff) beside the session's own. The session ends at once if the assignment is no
    longer in force, the person is disabled, the password was changed, or a role was taken away (session_epoch).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.today = shanghai_day(moment_here())  # type: ignore[attr-defined]
        request.actor = request.person = None  # type: ignore[attr-defined]
        if request.session.get(SESSION_KEY) is not None and not self._recognise(request):
            request.session.flush()
            request.user = AnonymousUser()
            request.person = request.actor = None  # type: ignore[attr-defined]
            messages.warning(request, ENDED)
        return self.get_response(request)

    def _recognise(self, request: HttpRequest) -> bool:
        """Whether the session still stands; sets the person, and the actor once an assignment is chosen."""
        session, today = request.session, request.today  # type: ignore[attr-defined]
        if ASSIGNMENT not in session:
            request.person = request.user if request.user.is_authenticated else None  # type: ignore[attr-defined]
            return self._is_current(request)

        assignment = session_assignment(
            assignment_id=session[ASSIGNMENT], person_id=int(session[SESSION_KEY]), on=today
        )
        if assignment is None:
            return False
        request.person = request._cached_user = assignment.person  # type: ignore[attr-defined]  # request.user asks no more
        if not self._is_current(request):
            return False
        request.actor = actor_of(assignment, on=today)  # type: ignore[attr-defined]
        now = int(timezone.now().timestamp())
        if now - session.get(SEEN, 0) >= SEEN_EVERY and POLLED not in request.headers:
            session[SEEN] = now
        return True

    def _is_current(self, request: HttpRequest) -> bool:
        person = request.person  # type: ignore[attr-defined]
        return (
            person is not None
            and person.is_active
            and request.session.get(EPOCH) == person.session_epoch
            and constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
        )
