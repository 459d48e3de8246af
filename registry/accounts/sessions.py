"""Sessions in the database, each bound to its own key: what is in a row opens under that row's key and no other.

Django signs what a session holds, but not the key that the browser shows: whoever owns the database could lay an
administrator's session under a key of their own, or swap two.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions


class SessionStore(DatabaseSessions):
    """Signs with the key of the session in the salt; what opens under another key is an empty session."""

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        return f"registry.sessions.{self.session_key}"
