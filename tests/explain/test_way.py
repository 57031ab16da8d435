"""The picture of a case's way agrees with its story, begins and ends at the resident's window, and can be read."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.dates import num2date
from matplotlib.figure import Figure

from govsim import cases as c
from govsim.explain import Between, Probe
from govsim.explain.case import CaseStory
from govsim.language import LANGUAGES, date_in_words, in_language
from govsim.plot import COLOURS, way
from govsim.plot.ways import stays


@pytest.fixture(scope="module")
def stories(busy: Probe) -> list[CaseStory]:
    """Cases of all sorts, the one with the most steps first."""
    ids = sorted(busy.cases())
    told = [busy.case(case_id) for case_id in ids[:: len(ids) // 400]]
    return sorted(told, key=lambda story: -len(story.steps))


@pytest.fixture(scope="module")
def apart(stories: list[CaseStory]) -> Between:
    """Two long lives, as though they were one case in two worlds."""
    one, other = stories[:2]
    return Between("case", one.id, ("chengdu_2019", "fragmented"), one, other, 0, one.days)


def test_a_case_is_always_with_somebody(stories: list[CaseStory]):
    for story in stories:
        path = stays(story)
        assert path[0][:2] == ("window", story.raised)
        for stay, then in pairwise(path):
            assert stay.since <= stay.until <= then.since
        ended = story.stage in ("cured", "lapsed")
        assert path[-1].until == (story.closed if ended else story.now)
        if ended or story.stage in ("latent", "closed on paper"):
            assert path[-1].holder == "window"
        elif story.waits_at:
            assert path[-1].holder in (story.waits_at.tier, story.waits_at.department)
        else:
            assert path[-1].holder in (story.stage, "district", *(story.needs if story.stage == "branch" else ()))


def test_rows_are_those_who_had_it_and_the_line_comes_back_to_the_window(stories: list[CaseStory]):
    for story in stories[:60:6]:
        ax = way(story)
        rows = [label.get_text().split("\n")[0].lower() for label in ax.get_yticklabels()]
        offices = {step.office for step in story.steps if step.office}
        assert len(rows) >= len(offices) + 1
        assert rows[0] == "resident's window"
        assert sum("(its task)" in label.get_text() for label in ax.get_yticklabels()) <= len(story.needs)
        ends = [np.asarray(line.get_xydata())[-1].tolist() for line in ax.lines]
        last, height = max(ends, key=lambda point: (point[0], -point[1]))
        end = story.days.date(stays(story)[-1].until)
        assert num2date(last).date() == end
        assert (height == 0) == (stays(story)[-1].holder == "window")


def test_each_step_has_its_mark_on_its_day(stories: list[CaseStory]):
    story = stories[0]
    ax = way(story)
    marked = [num2date(line.get_xdata()[0]).date() for line in ax.lines if line.get_marker() != "None"]  # pyright: ignore
    days = [story.days.date(step.day) for step in story.steps]
    assert set(marked) <= {*days, story.days.date(story.closed or story.now)}
    done = (c.ON_SPOT, c.IN_COMPOUND, c.AT_STATION, c.BY_COMMUNITY, c.BY_MEDIATION, c.CURED_THERE, c.BY_STREET)
    assert len(marked) >= sum(step.why not in done for step in story.steps)


def test_two_worlds_have_their_colours(apart: Between, stories: list[CaseStory]):
    for world, other in (("policy", "baseline"), ("baseline", "policy")):
        ax = way(apart, world=world)
        assert {to_hex(line.get_color()).upper() for line in ax.lines if line.get_marker() == "None"} == {
            COLOURS[world], COLOURS[other]
        }  # fmt: skip
        names = [text.get_text() for text in ax.legend_.get_texts()]  # pyright: ignore
        assert names[:2] == ["the world of chengdu_2019", "the world of fragmented"]
        assert to_hex(ax.legend_.legend_handles[0].get_color()).upper() == COLOURS[world]  # pyright: ignore
    alone = Between("case", apart.which, ("one", "other"), None, stories[1], 0, apart.days)
    assert {to_hex(line.get_color()).upper() for line in way(alone).lines} == {COLOURS["baseline"]}


def test_a_long_time_at_the_window_does_not_press_the_way_together(apart: Between, stories: list[CaseStory]):
    story = next(story for story in stories if len(story.steps) > 3)
    late = replace(story, raised=story.steps[0].day - 400)
    for drawn in (late, replace(apart, here=late, there=late)):
        ax = way(drawn)
        left, right = (num2date(end).date() for end in ax.get_xlim())
        found, end = (story.days.date(day) for day in (story.steps[0].day, stays(story)[-1].until))
        assert left < found
        assert end < right
        assert found - left < max(timedelta(21), (right - left) / 2)
        assert [text.get_text() for text in ax.texts] == [f"◂ since {date_in_words(story.days.date(late.raised))}"]
    assert not way(replace(story, raised=story.steps[0].day - 5)).texts


def test_it_draws_where_it_is_told_and_only_cases(stories: list[CaseStory], busy: Probe):
    ax = Figure().add_subplot()
    assert way(stories[0], ax) is ax
    with pytest.raises(TypeError, match="not a CompoundStory"):
        way(busy.compound(0))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps_and_no_sign_is_missing(
    apart: Between, stories: list[CaseStory], language: str, tmp_path: Path
):
    papers = [story for story in stories if story.stage == "closed on paper"][:2]
    for story in (apart, replace(apart, here=papers[0], there=papers[1]), *stories[:3], stories[-1]):
        with in_language(language):
            ax = way(story)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ax.figure.savefig(tmp_path / "way.png")  # pyright: ignore
        labels = [label.get_window_extent() for label in ax.get_yticklabels()]
        boxes = [*labels, ax.title.get_window_extent(), ax._left_title.get_window_extent(), ax.bbox]  # pyright: ignore
        boxes += [
            ax.xaxis.get_offset_text().get_window_extent(),
            *(t.get_window_extent() for t in ax.get_xticklabels()[1:-1]),
        ]
        boxes.append(ax.legend_.get_window_extent())  # pyright: ignore
        for box in boxes:
            assert np.all(box.min >= 0)
            assert np.all(box.max <= ax.figure.bbox.max)  # pyright: ignore
        for one, other in combinations((box for box in boxes if box.width), 2):
            assert (
                min(one.x1, other.x1) - max(one.x0, other.x0) < 2 or min(one.y1, other.y1) - max(one.y0, other.y0) < 2
            )
