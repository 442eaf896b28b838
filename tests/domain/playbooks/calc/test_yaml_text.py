from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.playbooks.calc.problems import Place
from ronghe.domain.playbooks.calc.yaml_text import DEEPEST, LARGEST_FILE, read_yaml


def test_read_yaml_keeps_times_days_and_words_as_text():
    reading = read_yaml("at: 07:40\non: 2026-07-01\nsaid: yes\nref: 0123\n")

    assert reading.data == {"at": "07:40", "on": "2026-07-01", "said": "yes", "ref": "0123"}


def test_read_yaml_keeps_decimals_exact():
    assert read_yaml("weight: 0.10").data == {"weight": Decimal("0.10")}
    assert read_yaml("[1, -2, true, null, ~]").data == [1, -2, True, None, None]


def test_read_yaml_remembers_where_things_stood():
    reading = read_yaml("id: a\nmechanisms:\n  - id: b\n    for: [branch]\n")

    assert reading.place_of(("mechanisms", 0, "for")) == Place(4, 5)
    assert reading.place_of(("mechanisms", 0, "for", 0)) == Place(4, 11)
    assert reading.place_of(("mechanisms", 0, "title", "zh")) == Place(3, 5)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate_key", Place(3, 1)),
        ("a: &x [1]\nb: *x\n", "anchor", Place(1, 4)),
        ("a: !!python/object:os.system x\n", "tag", Place(1, 4)),
        ("a: 1\n---\nb: 2\n", "two_documents", Place(2, 1)),
        ("? [a, b]\n: 1\n", "key_not_text", Place(1, 3)),
        ("a: 1\n\tb: 2\n", "yaml_syntax", Place(2, 1)),
        ("a: [1, 2\nb: 3\n", "yaml_syntax", Place(2, 2)),
    ],
)
def test_read_yaml_refuses_what_clerks_do_not_write(text, code, place):
    found = read_yaml(text).problems

    assert [(problem.code, problem.place) for problem in found] == [(code, place)]


def test_read_yaml_says_what_to_do_about_a_tab():
    (found,) = read_yaml("a: 1\n\tb: 2\n").problems

    assert found.message == "YAML 写法有误：缩进里有制表符，请全部改用空格。"


def test_read_yaml_bounds_depth_and_size():
    assert [p.code for p in read_yaml("[" * (DEEPEST + 1)).problems] == ["too_deep"]
    assert read_yaml("[" * DEEPEST + "]" * DEEPEST).problems == []
    assert [p.code for p in read_yaml("#" * (LARGEST_FILE + 1)).problems] == ["too_large"]


@given(st.text(alphabet=st.sampled_from("ab:-[]{}'\"&*!|>#%@,? \n\t0.1党"), max_size=60))
def test_read_yaml_never_raises(text):
    reading = read_yaml(text)

    assert reading.problems == [] or all(problem.message for problem in reading.problems)
