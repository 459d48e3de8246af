"""Names that other platforms write, resolved to the townships and organisations that the registry has."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import TOWNSHIP, every_name
from registry.kernel.columns import header_key
from registry.kernel.tickets import TicketRefused


@dataclass(frozen=True)
class Senders:
    """The townships by name and code, the organisations by name, short name and code."""

    townships: Mapping[str, set[str]]
    organisations: Mapping[str, set[Organisation]]

    @classmethod
    def read(cls) -> "Senders":
        """Read both tables. Two queries."""
        townships: dict[str, set[str]] = defaultdict(set)
        names = every_name()
        for code, name in names.items():
            if len(code) == TOWNSHIP:
                district = names.get(code[:6], "")
                for word in (code, name, f"{district}{name}"):
                    townships[header_key(word)].add(code)
        organisations: dict[str, set[Organisation]] = defaultdict(set)
        for organisation in Organisation.objects.filter(is_active=True):
            for word in {organisation.code, organisation.name, organisation.short_name} - {""}:
                organisations[header_key(word)].add(organisation)
        return cls(townships, organisations)

    def township(self, text: str) -> str:
        """Return the code of a township; "" for nothing. Refused: what is not there, or more than one."""
        if not text.strip():
            return ""
        codes = self.townships.get(header_key(text), set())
        if len(codes) != 1:
            said = "行政区划表里没有" if not codes else "有几个"
            raise TicketRefused(
                f"{said}“{text.strip()}”。请填写区名加街道、乡镇名称，或行政区划代码。", field="township"
            )
        return next(iter(codes))

    def organisation(self, text: str) -> Organisation | None:
        """Return an organisation; None for nothing. Refused: what is not there, or more than one."""
        if not text.strip():
            return None
        organisations = self.organisations.get(header_key(text), set())
        if len(organisations) != 1:
            said = "没有登记单位" if not organisations else "有几个单位叫"
            raise TicketRefused(f"{said}“{text.strip()}”。请填写单位全称或编码，或先登记单位。", field="lead")
        return next(iter(organisations))
