"""The list of components for people who write pages: `python -m ronghe.ui.reference > docs/howto/use-components.md`."""

from __future__ import annotations

import re
import sys

from ronghe.ui.component import REGISTRY, Component
from ronghe.ui.templatetags import ui

FAMILIES = {
    "shell": "The frame of a page",
    "page": "What a page is put together from",
    "marks": "Icons, states, people, buttons",
    "figures": "Numbers",
    "lists": "Lists and filters",
    "records": "Records of what happened",
    "flow": "Order, reasons, time",
    "forms": "Forms",
}

_HEAD = """# How to use the components

Written by `python -m ronghe.ui.reference`; a test compares it with the code. To see every component in every state,
light and dark, open `/gallery/`. How they are meant to look and behave: `docs/ui.md`.

Start every template with `{% load ui %}` (and `{% load i18n %}` for words). A misspelt argument, or a word that is not
among the choices, fails when the template compiles. All words in templates are Simplified Chinese source text inside
`{% translate %}` or `{% blocktranslate trimmed %}`; a translated word is handed to a component through
`{% translate "…" as name %}` and then `title=name`, or `title=_("…")`. No `style=`, no inline script, no `onclick`.

## A page

```django
{% extends "ui/shell.html" %}{% load i18n static ui %}
{% block title %}{{ zone.name }}{% endblock %}
{% block css %}<link rel="stylesheet" href="{% static 'ui/css/pages/board.css' %}">{% endblock %}
{% block top %}{% top_bar title=_("协作区") back=zones_url %}{% endblock %}
{% block main %}
{% crumbs %}{% crumb _("共建") href=zones_url %}{% crumb _("协作区") %}{% endcrumbs %}
{% page_head title=zone.name %}
  {% page_badges %}{% badge kind="brand" %}{% translate "项目共建" %}{% endbadge %}{% endpage_badges %}
  {% page_meta %}{% fact icon="place" %}采油一厂{% endfact %}{% endpage_meta %}
  {% acts %}{% button kind="primary" icon="pen" href=huddle_url %}{% translate "记晚碰头" %}{% endbutton %}{% endacts %}
{% endpage_head %}
<div class="grid">
  <div class="c7">{% card %}{% card_head title=_("参建单位") %}{% endcard_head %}{% table label=_("参建单位") %}…{% endtable %}{% endcard %}</div>
</div>
{% endblock %}
```

Blocks of `ui/shell.html`: `title`, `css`, `js`, `top` (a `{% top_bar title=… back=… %}`), `offline`, `main`, `tabs`,
`print_check`. `ui/base.html` is the bare frame (`body` or `main`), `ui/plain.html` a centred sheet without menu for
log-in and refusals. The shell reads from the context, all of it optional: `actor` (its `name`), `actor_post`, `is_demo`,
`owed` (menu item id → how many the reader owes), `menu_hidden` (ids of items the reader has nothing in),
`menu_asked` (ids of items shown only on request: `administration` for the three administrators),
`menu_current` (id, where the address does not tell), `bodies` (list of value and name) with `body` (the current name),
`unread`, `synced`, `menu_foot`.

Messages: `ronghe.ui.toasts.done(request, text, undo=url)` and `refused(request, text)` become toasts. For an htmx answer
add `{% include "ui/_messages.html" %}` to the fragment; it goes to the toasts by itself.

Page styles by archetype, linked in `css`: `day.css` (my day), `board.css`, `calendar.css`, `sheet.css` (official sheet
and sign sheet), `explain.css`, `list.css`, `detail.css`, `form.css`, `gallery.css`.

Layout classes: `grid` with `c3 c4 c5 c6 c7 c8 c9 c12`; `lay` (content and a 320 px side); `stack`, `stack-4`, `row`,
`between`, `grow`; text `muted faint bold medium mono nowrap right fs-12 fs-13 fs-18 fs-22 link`; `desk-only`, `phone-only`,
`vh` (for readers only), `mb-4 mt-4`.

Tables: give each `<td>` a `data-label` (shown beside the value when the row becomes a card under 720 px); the first cell is
the card's title, `class="cell-state"` goes to its top right, `class="cell-hide"` is left out there, `class="num"` right-aligns.
Rows with `data-row` and a link are walked with `j k`, opened with Enter, chosen with x (`{% choose %}`).

Dialogs: `{% button type="button" data_dialog="seal" %}` opens `{% dialog id="seal" %}`. Forms submit plainly or with
`hx_post`; an invalid answer is 422 with the fragment. Buttons become busy by themselves. `data-poll` is not needed:
use `{% panel hx_get=url hx_trigger="every 30s" hx_select="#rows" %}`.

Forms: with `FORM_RENDERER = "ronghe.ui.forms.Renderer"` write `{{ form.title.as_field_group }}`. Inputs of the browser's
own kinds: `ronghe.ui.forms.DateInput`, `TimeInput`, `DateTimeInput`. What is already known: `fill_known(form, {"unit": (pk, "花名册")})`.

Formats (filters): `day` (`day:"year"`, `day:"short"`), `clock`, `moment_of`, `span`, `count`, `exact:2`, `signed:2`,
`unit_of:"万元"`, `days_left`.

States: `done late attention due failed waived upcoming running`. Red is never a state.
"""


def markdown() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for family, title in FAMILIES.items():
        parts.append(f"\n## {title}\n")
        parts.extend(_entry(found) for found in REGISTRY.values() if found.family == family)
    return "".join(parts)


def example_of(found: Component) -> str:
    """The example in the docstring: from the first use of the component to the last tag."""
    match = re.search(rf"\{{% {found.name}\b.*%\}}", found.doc, re.DOTALL)
    return match.group(0) if match else ""


def sentence_of(found: Component) -> str:
    """The docstring without its example."""
    return found.doc.replace(example_of(found), "").strip().rstrip(":").rstrip()


def _entry(found: Component) -> str:
    text = " ".join(sentence_of(found).split())
    choices = "".join(
        f"- `{argument}`: {', '.join(str(option) for option in options if option)}\n"
        for argument, options in found.choices.items()
    )
    head = f"\n### `{found.name}{found.signature}`\n\n{text.rstrip('.')}.\n\n"
    return f"{head}{choices}{chr(10) if choices else ''}```django\n{example_of(found)}\n```\n"


if __name__ == "__main__":
    assert ui.register
    sys.stdout.write(markdown())
