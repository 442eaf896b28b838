"""A home of its own with an open huddle and people who are logged in; run as a program, in a process of its own.

RONGHE_HOME=… python -m tests.faults.crowd PEOPLE        # prints JSON: huddle, lead's session, everybody's session
"""

from __future__ import annotations

import json
import os
import sys


def main(people: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.base")
    import django

    django.setup()
    from django.db import transaction

    from ronghe.kernel.db.fresh import bring_up_to_date

    bring_up_to_date()
    with transaction.atomic():
        sys.stdout.write(json.dumps(gather(people)))


def gather(people: int) -> dict[str, object]:
    """Write a zone with `people` participants in bulk, open its huddle and log everybody in."""
    from django.utils import timezone

    from ronghe.domain.org.enums import MembershipKind, PoliticalStatus
    from ronghe.domain.org.models import Membership, Person
    from tests.factories.org import LONG_AGO
    from tests.factories.rhythm import make_huddle, make_zone

    story = make_zone(members=0)
    huddle = make_huddle(story, timezone.now())
    crowd = Person.objects.bulk_create(
        Person(name=f"职工{number}", initials="zg", political_status=PoliticalStatus.FULL_MEMBER, valid_from=LONG_AGO)
        for number in range(people)
    )
    for kind, body in ((MembershipKind.HOME, story.branch), (MembershipKind.PARTICIPATION, story.body)):
        Membership.objects.bulk_create(
            Membership(person=person, body=body, kind=kind, valid_from=LONG_AGO) for person in crowd
        )
    sessions = {person.pk: session_of(person) for person in crowd}
    return {"huddle": huddle.pk, "lead": session_of(story.lead), "sessions": sessions}


def session_of(person: object) -> str:
    """Return the key of a session in which the person is logged in; nobody here needs a password."""
    from django.test import Client
    from django.utils import timezone

    from ronghe.kernel.access.models import Account

    account = Account.objects.create(
        login=f"p{person.pk}", must_change_password=False, password_changed_at=timezone.now()
    )
    person.account = account
    person.save(update_fields=["account"])
    client = Client()
    client.force_login(account)
    return str(client.session.session_key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
