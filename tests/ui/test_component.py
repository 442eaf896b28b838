"""Components fail early where they are written wrongly, and say what they have."""

from __future__ import annotations

import pytest
from django.template import Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe

from ronghe.ui import reference
from ronghe.ui.component import REGISTRY, attributes
from ronghe.ui.templatetags import ui


def compiled(text: str) -> Template:
    return Template("{% load ui %}" + text)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_misspelt_argument_fails_when_the_template_compiles(name):
    closing = "{% end" + name + " %}" if REGISTRY[name].block else ""
    with pytest.raises(TemplateSyntaxError):
        compiled("{% " + name + ' misspelt_argument="x" %}' + closing)


@pytest.mark.parametrize(
    "text",
    [
        '{% badge state="finished" %}已办{% endbadge %}',
        '{% icon "no-such-icon" %}',
        '{% button kind="secondary" %}存下{% endbutton %}',
        '{% sign_row "于德江" presence="here" %}{% endsign_row %}',
        '{% button onclick="x" %}存下{% endbutton %}',
    ],
)
def test_word_outside_the_choices_fails_when_the_template_compiles(text):
    with pytest.raises(TemplateSyntaxError):
        compiled(text)


def test_word_outside_the_choices_from_a_variable_fails_when_rendered(render):
    with pytest.raises(TemplateSyntaxError, match="finished"):
        render("{% badge state=state %}已办{% endbadge %}", state="finished")


def test_values_are_escaped_and_blocks_are_not(render):
    assert (
        render("{% badge %}{{ name }}{% endbadge %}", name="<b>") == '<span class="badge badge-plain">&lt;b&gt;</span>'
    )
    assert "&lt;b&gt;" in render("{% person name %}", name="<b>")


def test_kept_pieces_do_not_mix_safe_and_unsafe_text(render):
    assert "<b>" in render("{% person name %}", name=mark_safe("<b>x</b>"))
    assert "<b>" not in render("{% person name %}", name="<b>x</b>")


def test_kept_pieces_follow_the_language(render):
    with translation.override("zh-hans"):
        assert "已办" in render('{% state_word "done" %}')
    with translation.override("en"):
        assert "已办" in render('{% state_word "done" word="已办" %}')


def test_handed_through_attributes_are_written_with_dashes_and_escaped():
    assert attributes({"hx_post": '/x/?a=1&b="2"', "data_busy": True, "aria_label": None, "data_off": False}) == (
        ' hx-post="/x/?a=1&amp;b=&quot;2&quot;" data-busy'
    )


def test_every_component_is_loaded_by_the_tag_library_with_doc_and_example():
    assert set(REGISTRY) == set(ui.register.tags)
    assert [name for name, found in REGISTRY.items() if not reference.sentence_of(found)] == []
    assert [name for name, found in REGISTRY.items() if f"{{% {name}" not in reference.example_of(found)] == []
    assert {found.family for found in REGISTRY.values()} == set(reference.FAMILIES)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_example_in_the_docstring_compiles(name):
    compiled(reference.example_of(REGISTRY[name]))


def test_reference_page_is_what_the_code_says():
    from pathlib import Path

    page = Path(__file__).resolve().parents[2] / "docs" / "howto" / "use-components.md"
    assert page.read_text(encoding="utf-8") == reference.markdown(), "run: python -m ronghe.ui.reference"
