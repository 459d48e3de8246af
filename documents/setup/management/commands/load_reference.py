"""manage.py load_reference."""

from typing import Any

from documents.setup.reference import load_reference
from registry.store.commands import RegistryCommand


class Command(RegistryCommand):
    help = "装入基础数据（堵点类型、环节方案、放假安排、办证材料清单）中尚无的行；已有的、已修改的不变"

    def handle(self, *args: Any, **options: Any) -> None:
        types, plans = load_reference()
        if types or plans:
            self.stdout.write(f"已装入基础数据：堵点类型{types}种，环节方案{plans}个")
