"""What a proxy in front says of a request counts only if it comes from the proxy.

Whoever reaches the registry beside its proxy can write any header. The address that connects is the one thing that is
not theirs to write: what is not of PROXY_ADDRESSES loses its forwarding headers before anything reads them.
"""

import logging
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class ProxyMiddleware:
    """Drop the forwarding headers of whoever is no proxy of ours; stands before all that reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.told: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, without what it may not claim."""
        peer: str = request.META.get("REMOTE_ADDR", "")
        if not is_proxy(peer):
            claimed = [name for name in FORWARDED if request.META.pop(name, None) is not None]
            if claimed and settings.TRUSTED_PROXIES:
                self._tell_once(peer)
        return self.get_response(request)

    def _tell_once(self, peer: str) -> None:
        """A proxy that was left out of the list is found in the log: otherwise everybody has its address."""
        if len(self.told) < 100 and peer not in self.told:
            self.told.add(peer)
            log.warning(
                "%s 发来代理转发的地址，但不在 PROXY_ADDRESSES 里，没有采信。它若是本单位的代理，请补上。", peer
            )


def is_proxy(peer: str) -> bool:
    """Return whether the address that connects is one of our proxies."""
    try:
        address: Any = ip_address(peer)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.PROXY_ADDRESSES)
