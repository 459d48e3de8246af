"""What doctor says of the way to the registry: who is believed, whether HTTPS works, which names answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

WIDE: Final = 16  # bits: a network of more addresses than 65,536 is nobody's proxies


@dataclass(frozen=True)
class Told:
    """One line of doctor: without a detail it counts as missing, without `ok` as a warning."""

    label: str
    ok: bool
    detail: str
    advice: str = ""

    @property
    def found(self) -> str:
        """What stands, as doctor reads it."""
        return self.detail


def check_proxy() -> Iterator[Told]:
    """Check the settings of a proxy in front, as far as they can be told from inside."""
    yield _believed()
    yield _addresses()
    yield _https()
    yield _names()


def _believed() -> Told:
    said = [str(network) for network in settings.PROXY_ADDRESSES]
    wide = [str(net) for net in settings.PROXY_ADDRESSES if net.max_prefixlen - net.prefixlen > WIDE]
    if wide:
        advice = "请在 PROXY_ADDRESSES 里只写代理服务器自己的地址：网段里的人都能冒充任何地址。"
        return Told("信任的代理", ok=False, detail=f"{'、'.join(wide)} 太宽", advice=advice)
    return Told("信任的代理", ok=True, detail="、".join(said) or "没有")


def _addresses() -> Told:
    hops: int = settings.TRUSTED_PROXIES
    if hops:
        return Told("来访地址", ok=True, detail=f"取前面 {hops} 层代理转来的地址")
    if settings.SECURE_PROXY_SSL_HEADER or settings.USE_X_FORWARDED_HOST:
        advice = "请按前面代理的层数设 TRUSTED_PROXIES，否则一人输错5次，全单位该登录名都被锁定。"
        return Told("来访地址", ok=False, detail="前面有代理，但所有人都算作代理的地址", advice=advice)
    return Told("来访地址", ok=True, detail="取直接连接的地址，前面没有代理")


def _https() -> Told:
    secure: bool = settings.SESSION_COOKIE_SECURE
    told: Any = settings.SECURE_PROXY_SSL_HEADER
    if secure and not told:
        advice = "请让代理设置 X-Forwarded-Proto，并设 FORWARDED_PROTO=1，否则登录会被当作跨站请求拒绝。"
        return Told("加密访问", ok=False, detail="只许 https，但不读代理转来的协议", advice=advice)
    if not secure:
        advice = "正式使用请由代理提供 https，并设 SECURE_COOKIES=1、FORWARDED_PROTO=1。"
        only_local = _is_local()
        return Told("加密访问", ok=only_local, detail="没有加密，只适合本机试用", advice="" if only_local else advice)
    return Told("加密访问", ok=True, detail="只许 https，协议由代理转来")


def _names() -> Told:
    if "*" in settings.ALLOWED_HOSTS:
        advice = "请把 ALLOWED_HOSTS 写成本系统的域名或地址，多个用逗号隔开。"
        return Told("访问域名", ok=False, detail="任何域名都应答", advice=advice)
    return Told("访问域名", ok=True, detail="、".join(settings.ALLOWED_HOSTS))


def _is_local() -> bool:
    return set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}
