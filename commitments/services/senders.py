"""Refusals about who sends which rung of the ladder."""

from collections.abc import Iterable, Mapping

from commitments.selectors.senders import ABOVE_BRANCHES, BRANCHES, WHO, Ladder, is_below, may_send
from commitments.services.powers import InstrumentRefused
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.ladder import Rung


def require_sender(organ: Organisation, rung: Rung, ladder: Ladder, promisor: Organisation) -> None:
    """Refuse an organ that may not send a rung, with who may."""
    if is_below(organ, rung, promisor):
        raise InstrumentRefused(
            f"{organ}为部门，不能对{promisor}作出{rung.label}。{rung.label}由{WHO[rung]}作出，请报专班转办。",
            code="not_above",
        )
    if organ.pk == promisor.pk:
        raise InstrumentRefused(f"{organ}是承诺单位，不能给自己发{rung.label}。", code="same_organisation")
    if not may_send(organ, rung, ladder, promisor):
        raise InstrumentRefused(f"{rung.label}由{WHO[rung]}发出，{organ}不能发。请转有权单位办理。", code="not_sender")


def check_senders(senders: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    """Refuse senders that are unknown, or branches of bureaus above a township. One query."""
    unknown = set(senders) - {rung.value for rung in Rung}
    if unknown:
        raise InstrumentRefused(f"没有“{'、'.join(sorted(unknown))}”这级督促。", field="senders")
    found = {rung: list(named) for rung, named in senders.items()}
    every = {name for named in found.values() for name in named}
    kinds = dict(Organisation.objects.filter(code__in=every).values_list("code", "kind"))
    for rung, named in found.items():
        for name in named:
            kind = kinds.get(name, name)
            if kind not in OrganisationKind.values:
                raise InstrumentRefused(f"没有编码或类别为“{name}”的单位。请先登记单位。", field="senders")
            if Rung(rung) in ABOVE_BRANCHES and kind in BRANCHES:
                raise InstrumentRefused(f"部门不能对乡镇、街道{Rung(rung).label}。请改为区政府。", field="senders")
        if not named:
            raise InstrumentRefused(f"{Rung(rung).label}未选择发文单位。请选择。", field="senders")
    return found
