"""Facts: declared, recorded by services, kept free of words about people."""

from __future__ import annotations

import re
from collections import Counter

from ronghe.kernel.facts.kinds import declared_kinds
from tests.architecture.sources import modules, shown

NAME = re.compile(r"[a-z_]+\.[a-z_0-9]+")
WITHOUT_FACTS = {
    "src/ronghe/domain/appraisal/services/waiting.py": "it declares what waits; other services record what is done",
    "src/ronghe/domain/campaigns/services/following.py": "it follows the adoption, whose facts it is told of",
    "src/ronghe/domain/rhythm/services/bookings.py": "the pool records what is booked and given up",
    "src/ronghe/domain/pools/services/ending.py": "each booking that it cancels is recorded as any other",
    "src/ronghe/domain/permits/services/waiting.py": "it declares what waits; the services record what is done",
    "src/ronghe/domain/regrouping/services/moving.py": "drafts; what is submitted of them is recorded (deciding)",
    "src/ronghe/domain/regrouping/services/solving.py": "drafts; a search keeps all that it used itself",
    "src/ronghe/domain/org/services/capabilities.py": "it refuses and changes nothing",
    "src/ronghe/domain/reminders/services/rounds.py": "a reminder is its own row and no merit of anybody",
    "src/ronghe/domain/orglife/services/voices.py": "a fact's moment would lead to whoever gave an opinion or a rating",
    "src/ronghe/domain/orglife/services/reading.py": "a look is its own record (kernel.access.looks)",
    "src/ronghe/domain/schedule/services/inboxes.py": "a tap goes to the service that reports, which records",
    "src/ronghe/domain/zones/services/posts.py": "posts are given and taken by org, which records them",
    "src/ronghe/domain/clinic/services/asking.py": "items records what it puts up and hands on; whom one asks for care is not told",
    "src/ronghe/domain/clinic/services/helping.py": "a fact's moment would lead to whoever was helped",
    "src/ronghe/domain/surveys/services/answering.py": "an answer's place and moment would lead to the person",
    "src/ronghe/domain/today/services/doing.py": "the room whose service it calls records what was done",
    "src/ronghe/domain/today/services/inboxes.py": "it declares what waits; the rooms' services record what is done",
    "src/ronghe/domain/today/services/meetings.py": "it declares what waits; the rooms' services record what is done",
    "src/ronghe/domain/today/services/work.py": "it declares what waits; the rooms' services record what is done",
    "src/ronghe/domain/contractors/services/waiting.py": "it declares what waits; other services record what is done",
    "src/ronghe/domain/today/services/putting_off.py": "a thing put off for an hour is no merit and no fault",
    "src/ronghe/domain/org/services/looks.py": "a look is its own record (kernel.access.looks)",
}
FROM_FILES = {
    "SURVEY_ANSWER": "answers of a survey come in files until there are pages for a survey",
}
"""Reserved kinds that a scoring run reads and no service writes."""


def test_kinds_are_named_after_their_subject():
    kinds = [kind for kind in declared_kinds() if not kind.startswith("test.")]

    assert [kind for kind in kinds if not NAME.fullmatch(kind)] == []
    assert {kind.partition(".")[0] for kind in kinds} >= {"org"}


def test_every_kind_has_a_title_for_people():
    assert [kind.name for kind in declared_kinds().values() if not kind.title.strip()] == []


def test_every_module_of_services_records_facts():
    """Itself, by its subject's `tell`, or by serving one that does: a long act may be spread over several modules."""
    services = [path for path in modules("domain") if path.stem == "services" or path.parent.name == "services"]
    texts = {path: path.read_text(encoding="utf-8") for path in services if path.stem != "__init__"}
    loud = {
        path for path, text in texts.items() if re.search(r"\b(record|record_many|reverse|tell|tell_of\w*)\b", text)
    }
    served = {
        path
        for path in texts
        for other in texts
        if other != path and re.search(rf"services(\.|\simport\s.*\b){path.stem}\b", texts[other])
    }

    assert sorted({shown(path) for path in texts.keys() - loud - served} - WITHOUT_FACTS.keys()) == []


def test_every_declared_kind_is_recorded_somewhere():
    """A kind that nobody records promises a history that is not kept."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules("domain", "kernel"))
    declared = re.findall(r"^([A-Z_]+)(?::[^=]*)? = declare\(", source, re.MULTILINE)
    named = Counter(re.findall(r"\b[A-Z_]+\b", source))

    assert [name for name in declared if name not in FROM_FILES and named[name] < 2] == []
