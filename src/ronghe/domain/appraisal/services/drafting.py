"""From a what-if to the rule: the turned sheet becomes a draft of the unit's own playbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ronghe.domain.appraisal.calc.sheet_text import as_text, with_numbers
from ronghe.domain.appraisal.facts import SHEET_DRAFTED
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.kept import RULES, kept_of
from ronghe.domain.appraisal.selectors.what_if import require_whole, sheet_doc
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.models import PlaybookDraft
from ronghe.domain.playbooks.selectors.books import find_shelved, source_of
from ronghe.domain.playbooks.selectors.drafts import text_to_begin_with
from ronghe.domain.playbooks.services.drafting import begin_draft
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.scoring.knobs import knobs_of, really_changed, turned


class NothingTurned(DomainError):
    code = "nothing_turned"
    sentence = N_("还没有改任何一个数，改了再起草。")
    status = 422


@transaction.atomic
def draft_from_what_if(*, run: Run, values: Mapping[str, str], actor: Person, at: datetime) -> PlaybookDraft:
    """Begin a draft of the playbook of the run's body whose sheet has these numbers; it is put forward in the editor.

    The unit's own playbook becomes its next version with just the numbers changed; on top of a shared one the unit's
    own playbook is begun, with the whole turned sheet in it.

    :raises NotFound: the actor does not see the whole run
    :raises NotAllowed: the actor writes no playbooks for the body
    :raises NothingTurned: every number is the sheet's own
    :raises KnobNoNumber: a value is no number
    :raises KnobsTooFar: the sheet would not be sound any more
    """
    require_whole(actor, run, at)
    doc = sheet_doc(run)
    changes = really_changed(doc, values)
    if not changes:
        raise NothingTurned
    text = _text(run, changes, turned(doc, changes), actor, at)
    base = find_shelved(actor, run.playbook_reference, at)
    note = _("由 %(period)s 考评试算起草") % {"period": run.period}
    draft = begin_draft(body=run.body, actor=actor, at=at, base=base, text=text, note=note)
    attributes = {"sheet": run.sheet_id, "draft": draft.pk}
    record(Draft(SHEET_DRAFTED, at, actor, body=run.body_id, source=run, attributes=attributes))
    return draft


def _text(run: Run, changes: Mapping[str, str], sheet: Mapping[str, object], actor: Person, at: datetime) -> str:
    base = find_shelved(actor, run.playbook_reference, at)
    if base is not None and base.kept is not None and base.kept.origin_id == run.body_id and source_of(base):
        paths = {knob.name: knob.path for knob in knobs_of(sheet_doc(run))}
        found = {paths[name]: value for name, value in changes.items()}
        return with_numbers(text_to_begin_with(run.body, base), run.sheet_id, found)
    if base is not None and source_of(base):
        return f"{text_to_begin_with(run.body, base)}\n{as_text({'sheets': [sheet]})}"
    content = kept_of(run).json(RULES)["playbook"]
    sheets = [sheet if one["id"] == run.sheet_id else one for one in content["sheets"]]
    own = {"schema": 1, "id": f"own_{run.body_id}", "version": 1}
    whole = {key: _as_written(value) for key, value in content.items() if key not in {*own, "extends"}}
    return as_text({**own, **whole, "sheets": sheets})


def _as_written(value: object) -> object:
    """Without the note of which base a mechanism came from: what was put together stands on its own feet now."""
    if not isinstance(value, list):
        return value
    return [
        {key: part for key, part in one.items() if key != "origin"} if isinstance(one, dict) else one for one in value
    ]
