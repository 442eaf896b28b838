"""Icons, states, badges, stars, buttons."""

from __future__ import annotations

import pytest

from ronghe.ui.icons import STATES

pytestmark = pytest.mark.usefixtures("zh")


@pytest.mark.parametrize("state", STATES)
def test_badge_shows_colour_shape_and_word_of_each_state(render, state):
    html = render("{% badge state=state %}字{% endbadge %}", state=state)
    assert html == (
        f'<span class="badge badge-{state}"><svg class="st st-14 st-{state}" aria-hidden="true">'
        f'<use href="/static/ui/icons.svg#s-{state}"></use></svg>字</span>'
    )


def test_badge_of_a_kind_has_no_shape(render):
    assert render('{% badge kind="brand" %}项目共建{% endbadge %}') == '<span class="badge badge-brand">项目共建</span>'


def test_state_word_falls_back_to_the_glossary_word(render):
    assert render('{% state_word "late" %}').endswith("迟办</span>")
    assert render('{% state_word "late" word="晚了" %}').endswith("晚了</span>")


def test_icon_is_silent_unless_labelled(render):
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')
    labelled = render('{% icon "bell" label="提醒" %}')
    assert 'role="img" aria-label="提醒"' in labelled
    assert "aria-hidden" not in labelled


@pytest.mark.parametrize(("count", "filled"), [(0, 0), (1, 1), (5, 5)])
def test_stars_fill_and_say_the_count(render, count, filled):
    html = render("{% stars count %}", count=count)
    assert html.count("star-on") == filled
    assert html.count("star-off") == 5 - filled
    assert f'aria-label="{count} 星，满 5 星"' in html


def test_button_is_a_link_with_an_address_and_a_button_without(render):
    assert render('{% button href="/x/" %}打开{% endbutton %}') == ('<a class="btn btn-normal" href="/x/">打开</a>')
    assert render('{% button kind="primary" %}存下{% endbutton %}') == (
        '<button class="btn btn-primary" type="submit">存下</button>'
    )


def test_disabled_button_says_why_beside_it(render):
    html = render('{% button disabled=True href="/x/" reason="取样已失效" %}签字{% endbutton %}')
    assert html == (
        '<button class="btn btn-normal" type="submit" disabled>签字</button><span class="btn-reason">取样已失效</span>'
    )


def test_button_hands_attributes_through(render):
    html = render('{% button hx_post="/x/" data_dialog="seal" aria_busy="true" %}封存{% endbutton %}')
    assert ' hx-post="/x/" data-dialog="seal" aria-busy="true">封存' in html
