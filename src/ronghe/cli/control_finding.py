"""What the commands of project control find: a project, one of its people, the only row there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import person_called, row_called
from ronghe.kernel.errors import NotFound

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.projects.models import Project


def project_called(actor: Person, number: int) -> Project:
    """Return the project of this number, as far as the actor sees its control."""
    from django.utils import timezone

    from ronghe.domain.control.selectors.sides import projects_controlled

    return row_called(number, projects_controlled(actor, timezone.now()))


def one_of_project(project: Project, who: str) -> Person:
    """Return one of the project's people, or somebody whom the actor sees."""
    from django.utils import timezone

    from ronghe.domain.control.selectors.sides import people_of_project
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import people_seen_by

    now = timezone.now()
    people = people_of_project(project, local_day(now))
    if people.filter(name=who.strip()).exists() or people.filter(staff_number=who.strip()).exists():
        return person_called(who.strip(), people)
    return person_called(who.strip(), people_seen_by(acting_person(), now))


def first_of(rows: Any) -> Any:
    """Return the only row there is.

    :raises NotFound: there is none
    """
    found = rows.first()
    if found is None:
        raise NotFound
    return found
