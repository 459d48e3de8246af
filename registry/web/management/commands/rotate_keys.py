"""manage.py rotate_keys: a new key seals from now on; what was sealed before stays readable with the older keys."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.accounts.services import record_key_rotation
from registry.kernel.authority import system_actor
from registry.store.canary import place_canaries, require_right_keys
from registry.store.keys import rotate
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "启用一把新密钥；以前加密的内容仍用原来的密钥打开，网站和后台任务不必停"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--suite", choices=("sm", "aes"), default=settings.CRYPTO_SUITE, help="算法，默认与现在相同"
        )

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        require_right_keys()
        ring = rotate(Path(settings.KEY_FILE), options["suite"])
        place_canaries()
        record_key_rotation(actor=system_actor("更换密钥"), number=ring.active, suite=options["suite"])
        return {
            "active": ring.active,
            "keys": len(ring.keys),
            "message": f"已启用第{ring.active}号密钥，密钥文件里共{len(ring.keys)}把。请立即把密钥文件重新另存一份。"
            "正在运行的网站和后台任务重启后改用新密钥，重启前读写不受影响。",
        }, 0
