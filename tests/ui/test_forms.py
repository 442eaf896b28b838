"""Fields: label, help, 已知, error beside the field."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from ronghe.ui.forms import DateInput, DateTimeInput, Renderer, TimeInput, fill_known

pytestmark = pytest.mark.usefixtures("zh")


class TaskForm(forms.Form):
    default_renderer = Renderer
    title = forms.CharField(label="议题", help_text="写清要办的事。")
    unit = forms.CharField(label="单位", required=False)
    starts = forms.DateField(label="开始", widget=DateInput())
    grade = forms.ChoiceField(label="等次", choices=[("a", "优秀"), ("b", "合格")], widget=forms.RadioSelect)
    clean = forms.BooleanField(label="内容不涉密")


def test_field_has_label_help_and_input_tied_together():
    html = TaskForm()["title"].as_field_group()
    assert '<label for="id_title">议题</label>' in html
    assert 'id="id_title_helptext">写清要办的事。' in html
    assert 'aria-describedby="id_title_helptext"' in html


def test_optional_field_says_so():
    assert "可不填" in TaskForm()["unit"].as_field_group()
    assert "可不填" not in TaskForm()["title"].as_field_group()


def test_wrong_field_carries_its_error_beside_it():
    html = TaskForm({"title": ""})["title"].as_field_group()
    assert "field-wrong" in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html


def test_known_field_is_filled_and_marked_with_its_source():
    form = TaskForm()
    fill_known(form, {"unit": ("注水队", "花名册")})
    html = form["unit"].as_field_group()
    assert 'value="注水队"' in html
    assert "已知" in html
    assert "花名册" in html


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = TaskForm()["grade"].as_field_group()
    assert html.index("<fieldset") < html.index("<legend") < html.index('type="radio"')


def test_tick_stands_before_its_label():
    html = TaskForm()["clean"].as_field_group()
    assert html.index('type="checkbox"') < html.index('<label for="id_clean">')
    assert html.count("<label") == 1


def test_browser_inputs_get_the_values_browsers_read():
    assert 'type="date" name="d" value="2026-11-21"' in DateInput().render("d", date(2026, 11, 21))
    assert 'type="time"' in TimeInput().render("t", None)
    assert 'type="datetime-local"' in DateTimeInput().render("t", None)


def test_form_counts_what_is_wrong(render):
    html = render("{% form_errors form %}", form=TaskForm({"title": "x"}))
    assert "3 处还要改" in html
    assert render("{% form_errors form %}", form=TaskForm()).strip() == ""


def test_form_shows_what_is_wrong_with_the_whole(render):
    form = TaskForm({"title": "x"})
    form.add_error(None, "早碰头已结束，不能再改。")
    html = render("{% form_errors form %}", form=form)
    assert "早碰头已结束，不能再改。" in html
    assert 'role="alert"' in html


def test_form_box_carries_the_token_only_when_it_posts(render):
    assert 'value="abc"' in render("{% form_box %}x{% endform_box %}", csrf_token="abc")
    assert "csrfmiddlewaretoken" not in render('{% form_box method="get" %}x{% endform_box %}', csrf_token="abc")
