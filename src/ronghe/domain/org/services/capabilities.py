"""Refusing what a body may not do by its kind (PO-06, PO-08, PO-12); asked by every subject before such an act."""

from __future__ import annotations

from ronghe.domain.org.calc.capabilities import WORDS, Capability, lacking_by
from ronghe.domain.org.models import PartyOrg
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

WAYS_TO_A_LEADER = {
    "PO-06": N_("书记、委员由批准它的党组织指定（PO-05），请用“指派”。"),
    "PO-08": N_("组长由支部指定或组内推荐（PO-09）。"),
    "PO-12": N_("负责人由批准它的党组织指定，请用“指派”。"),
}
"""Who leads a body that elects nobody, by the rule that says so."""
ELSEWHERE = N_("请由党员组织关系所在的党支部，或上级党组织办理。")


class LacksCapability(DomainError):
    code = "lacks_capability"
    sentence = N_("“%(body)s”是%(kind)s，不能%(act)s（%(rule)s）。%(way)s")


def require_capability(body: PartyOrg, capability: Capability) -> None:
    """Return where a body of this kind may do it.

    :raises LacksCapability: a temporary body has only study, education and cultivation left (PO-06), as have a group
        (PO-08) and a working body (PO-12); the refusal says who does it instead
    """
    rule = lacking_by(body.kind, capability)
    if rule is not None:
        way = WAYS_TO_A_LEADER[rule] if capability is Capability.RE_ELECT else ELSEWHERE
        raise LacksCapability(
            body=body.name, kind=body.get_kind_display(), act=_(WORDS[capability]), rule=rule, way=_(way)
        )
