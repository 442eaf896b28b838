"""Forms: the frame around fields and the row of acts below them. Single fields render through `ronghe.ui.forms.Renderer`."""

# ruff: noqa: ARG001 - Django hands every block its `content`; most components only place it

from __future__ import annotations

from typing import Literal

from django.forms import BaseForm
from django.template import Context, Library
from django.utils.safestring import SafeString

from ronghe.ui.component import Props, attributes, component

register = Library()


@component(register, family="forms", block=True, context=True)
def form_box(
    context: Context,
    content: SafeString,
    *,
    action: str = "",
    method: Literal["post", "get"] = "post",
    id: str = "",  # noqa: A002 - the attribute's own name
    files: bool = False,
    wide: bool = False,
    **further: object,
) -> Props:
    """A form with its token, one column of at most 640 px: {% form_box %}{{ form.title.as_field_group }}{% form_acts %}{% button kind="primary" %}存下{% endbutton %}{% endform_acts %}{% endform_box %}"""
    return {
        "action": action,
        "method": method,
        "id": id,
        "files": files,
        "wide": wide,
        "csrf_token": str(context.get("csrf_token") or "") if method == "post" else "",
        "attributes": attributes(further),
    }


@component(register, family="forms")
def form_errors(form: BaseForm) -> Props:
    """What is wrong with the form as a whole, above its fields: {% form_errors form %}"""
    return {"errors": form.non_field_errors(), "fields": len([name for name in form.errors if name != "__all__"])}


@component(register, family="forms", block=True)
def form_acts(content: SafeString) -> Props:
    """The acts below a form; stays at the bottom edge on phones: {% form_acts %}{% button kind="primary" %}存下{% endbutton %}{% endform_acts %}"""
    return {}


@component(register, family="forms", block=True)
def field_pair(content: SafeString) -> Props:
    """Two short fields side by side: {% field_pair %}{{ form.starts.as_field_group }}{{ form.ends.as_field_group }}{% endfield_pair %}"""
    return {}
