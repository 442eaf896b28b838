"""Words with and without Django: one and many, and lists as the reader's language joins them."""

from __future__ import annotations

import pytest
from django.utils import translation

from ronghe.kernel.language import in_language
from ronghe.kernel.words import _, counted, listed


@pytest.mark.parametrize(
    ("days", "words"), [(1, "%(days)s day left"), (2, "%(days)s days left"), (0, "%(days)s days left")]
)
def test_english_tells_one_from_many(days, words):
    with translation.override("en"):
        assert counted("还有 %(days)s 天", days) == words


def test_chinese_says_one_and_many_alike():
    with translation.override("zh-hans"):
        assert {counted("还有 %(days)s 天", days) for days in (0, 1, 2)} == {"还有 %(days)s 天"}


@pytest.mark.parametrize(("language", "line"), [("zh-hans", "甲、乙、3"), ("en", "甲, 乙, 3")])
def test_names_are_listed_as_the_language_does(language, line):
    with translation.override(language):
        assert listed(["甲", "乙", 3]) == line
        assert listed([]) == ""


def test_an_unknown_sentence_stays_as_it_is():
    with translation.override("en"):
        assert _("这一句目录里没有") == "这一句目录里没有"


@pytest.mark.parametrize(
    ("language", "title"), [("zh-hans", "早碰头"), ("en", "Morning huddle"), ("en-gb", "Morning huddle")]
)
def test_words_of_a_file_follow_the_reader(language, title):
    with translation.override(language):
        assert in_language({"zh": "早碰头", "en": "Morning huddle"}) == title
