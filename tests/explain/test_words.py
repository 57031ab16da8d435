"""Every story can be said, in every language, without a word missing or a field left open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from govsim import cases as c
from govsim.explain import Line, between
from govsim.explain.case import Step
from govsim.explain.story import Office
from govsim.explain.words import case, declared, names
from govsim.language import LANGUAGES, in_language

CROWDED = re.compile(r"[一-鿿] [一-鿿]|[一-鿿]\d(?!\d*年|\d?月|\d?日)|[\d%](?![\d年月日])[一-鿿]")
"""Blanks between Chinese signs, and numbers that are not dates without one before or behind."""


def said(story) -> str:
    text = story.text()
    assert not re.search(r"[{}_]|  |\.\.|None|nan\b| ,| \.", text.replace("chengdu_2019", "")), text
    assert story.title()
    for line in story.lines():
        assert isinstance(line, Line)
        assert line.text[0].isupper() or line.text[0].isdigit() or not line.text.isascii(), line
        assert line.text.rstrip()[-1] in ".:。："
        assert not CROWDED.search(line.text), line
    return text


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_sorts_of_stories_can_be_said(busy, language):
    with in_language(language):
        ids = sorted(busy.cases())
        told = {case_id: said(busy.case(case_id)) for case_id in ids[:: len(ids) // 150]}
        for example in busy.examples():
            said(getattr(busy, example.what)(example.id))
            assert example.text()
            said(between(busy, busy, **{example.what: example.id}))
    if language == "en":
        assert all(f"Case {case_id}: " in text for case_id, text in told.items())


@pytest.mark.parametrize("why", range(len(c.WHY)), ids=lambda why: c.WHY[why])
def test_every_step_has_words_even_where_its_reason_was_not_noted(busy, why):
    story = busy.case(min(busy.cases()))
    bare = Step(story.raised, why, Office("branch", 0, "urban_management"), to="housing", decisions=2)
    words = case.said(replace(story, steps=(bare,)), 0)
    assert words.endswith(".")
    assert "{" not in words


def test_dates_stand_in_order_and_names_are_readable(busy):
    for case_id in sorted(busy.cases())[::41]:
        lines = busy.case(case_id).lines()
        dates = [line.date for line in lines if line.date]
        assert dates == sorted(dates)
        assert all(isinstance(day, date) for day in dates)
    assert names.name("urban_management") == "urban management"
    assert names.name("fire_rescue") == "fire and rescue"


def test_small_phrases():
    assert names.days(1) == "1 day"
    assert names.days(7) == "7 days"
    assert names.after(0) == "the same day"
    assert names.share(0.0123) == "1.2%"
    assert names.share(0.41) == "41%"
    assert names.of_hundred(0.999) == "more than 99 of 100"
    assert names.of_hundred(0.001) == "fewer than 1 of 100"
    assert names.listed(["a"]) == "a"
    assert names.listed(["a", "b", "c"]) == "a, b and c"
    assert names.text("One.", "", "Two.") == "One. Two."


def test_texts_that_are_looked_up_are_handed_to_the_catalogues():
    texts = set(declared())
    assert {"an elderly owner", "the committee's ruling", "had all agreed", "Neighbours signed a covenant."} <= texts
