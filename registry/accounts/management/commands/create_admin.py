"""`manage.py create_admin`: the first system and security administrators, with their first passwords printed once."""

from typing import Any

from django.core.management.base import CommandParser

from registry.accounts.services import create_first_admins
from registry.kernel.authority import system_actor
from registry.store.canary import refuse_wrong_keys
from registry.store.commands import RegistryCommand


class Command(RegistryCommand):
    help = "开设首批系统管理员和安全管理员，初始密码只显示一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", default="系统运维", help="管理员所在单位")
        for option, username, name in (("system", "sysadmin", "系统管理员"), ("security", "secadmin", "安全管理员")):
            parser.add_argument(f"--{option}-username", default=username, help=f"{name}的登录名")
            parser.add_argument(f"--{option}-name", default=name, help=f"{name}的姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_wrong_keys()
        issued = create_first_admins(
            actor=system_actor("首次启用"),
            organisation_name=options["organisation"],
            system_admin=(options["system_username"], options["system_name"]),
            security_admin=(options["security_username"], options["security_name"]),
        )
        for label, each in zip(("系统管理员", "安全管理员"), issued, strict=True):
            self.stdout.write(f"{label}\t{each.person.username}\t{each.first_password}")
        self.stdout.write("初始密码只显示这一次，分别交两人；首次登录须修改。")
