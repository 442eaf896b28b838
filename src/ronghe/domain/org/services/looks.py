"""Looking into sealed data of a person: the right is checked and the look kept before anything is shown."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_IDENTITY
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.sealed import open_text

COMPARTMENT = "identity"


def open_identity(*, person: Person, actor: Person, at: datetime) -> dict[str, str]:
    """Return `{"id_number", "phone"}` of a person in clear, empty where not known; the look is on record (PI-01, SE-11).

    :raises NotAllowed: the actor leads none of the person's bodies and is not the person
    """
    SEE_IDENTITY.require(actor, person, at=at)
    record_look(by=actor, about=person, compartment=COMPARTMENT, at=at)
    return {
        "id_number": open_text(person.id_sealed) if person.id_sealed else "",
        "phone": open_text(person.phone_sealed) if person.phone_sealed else "",
    }
