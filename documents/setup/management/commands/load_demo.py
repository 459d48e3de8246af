"""manage.py load_demo: the three demo projects, their organisations and accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from commitments.services import count_exposure
from documents.setup.people import PASSWORD, accounts, load_people
from documents.setup.policies import load_policies
from documents.setup.projects import PROJECTS
from documents.setup.reference import load_reference
from documents.setup.today import lay_todays_work
from projects.casework.services.leverage import count_leverage
from projects.casework.services.policies import run_policy_rules
from projects.ledger.models import Project
from registry.kernel.authority import system_actor
from registry.store.clock import shanghai_day
from registry.store.commands import RegistryCommand


class Command(RegistryCommand):
    help = "装入演示数据：三个项目、单位和每种角色一个账号（只用于空库）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", dest="if_empty", help="已有项目时什么也不做")
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._list_accounts()
            return
        if Project.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("台账里已有项目，演示数据只装入空库。请换一个 DATA_DIR 或数据库。")
        load_reference()
        organisations = load_people()
        actor = system_actor("演示装载")
        load_policies(actor)
        for tell in PROJECTS:
            project = tell(actor, organisations)
            self.stdout.write(f"已装入 {project.code} {project.name}")
        today = shanghai_day(timezone.now())
        lay_todays_work(on=today)
        run_policy_rules()
        count_leverage(on=today)
        count_exposure(today)

    def _list_accounts(self) -> None:
        if not Project.objects.filter(code="CY-0137").exists():
            return
        self.stdout.write(f"演示账号（密码都是 {PASSWORD}）：")
        for account in accounts():
            self.stdout.write(f"  {account.username:<12}{account.role}　{account.organisation}　{account.name}")
