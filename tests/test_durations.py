"""What comes first of a cure, a closing on paper and a lapse: against hand-made cases and a second way to count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_outcomes import cases, record

from govsim import cases as c
from govsim.city import City
from govsim.measures.durations import LIMIT, days_to_cure, first_ends
from govsim.measures.record import NEVER, Ends, Record

LATENT, PAPER, CURED, LAPSED = c.LATENT, c.PAPER, c.CURED, c.LAPSED
CAUSES = {CURED: "cured", PAPER: "on_paper", LAPSED: "lapsed"}


def watched(*rows: tuple[Any, ...], weeks: int = 52) -> Record:
    """A world with cases from (day raised, stage at the end, day of cure or lapse, day first closed on paper)."""
    papers = np.array([NEVER if row[3] is None else row[3] for row in rows], dtype=np.int16)
    return record(weeks=weeks, ends=replace(cases(*(row[:3] for row in rows)), first_paper=papers))


def by_redistribution(days: list[int], how: list[int]) -> dict[int, np.ndarray]:
    """Efron's way to the same curves: who is lost from sight leaves a weight to those who are seen for longer."""
    weight = np.full(len(days), 1.0 / len(days))
    for i in sorted(range(len(days)), key=lambda i: days[i]):
        longer = [j for j in range(len(days)) if days[j] > days[i]]
        if how[i] not in CAUSES and longer:
            weight[longer] += weight[i] / len(longer)
            weight[i] = 0.0
    ended = np.arange(LIMIT + 1)[:, None] >= np.array(days)
    return {cause: (ended * (weight * (np.array(how) == cause))).sum(axis=1) for cause in CAUSES}


# --- by hand


def test_all_ended_is_the_share_so_far():
    shares = first_ends(
        watched((0, CURED, 4, None), (10, CURED, 12, None), (0, LAPSED, 9, None), (20, PAPER, None, 22))
    )
    assert list(shares) == ["cured", "on_paper", "lapsed"]
    assert all(len(share) == LIMIT + 1 for share in shares.values())
    np.testing.assert_allclose(shares["cured"][:6], [0, 0, 1 / 4, 1 / 4, 2 / 4, 2 / 4])
    np.testing.assert_allclose(shares["on_paper"][:3], [0, 0, 1 / 4])
    np.testing.assert_allclose(shares["lapsed"][[8, 9, LIMIT]], [0, 1 / 4, 1 / 4])


def test_what_is_closed_on_paper_first_stays_on_paper():
    """Cured, lapsed or open later: it counts from the day of its first closing on paper, and only there."""
    rows = [(0, CURED, 30, 5), (0, LAPSED, 40, 5), (0, PAPER, None, 5), (0, c.STREET, None, 5), (0, CURED, 3, None)]
    shares = first_ends(watched(*rows))
    np.testing.assert_allclose(shares["on_paper"][[4, 5, LIMIT]], [0, 4 / 5, 4 / 5])
    np.testing.assert_allclose(shares["cured"][[2, 3, LIMIT]], [0, 1 / 5, 1 / 5])
    assert (shares["lapsed"] == 0).all()
    assert days_to_cure(watched(*rows)).cured[30] > 1 / 5


def test_open_cases_are_censored_at_the_end():
    # ten days. Day 0: one of four cured. Day 1: one of three at risk lapses, one is lost from sight. Day 2: the last
    # is closed on paper.
    rows = [(0, CURED, 0, None), (0, LAPSED, 1, None), (8, LATENT, None, None), (0, PAPER, None, 2)]
    shares = first_ends(watched(*rows, weeks=2))
    np.testing.assert_allclose(shares["cured"], 1 / 4)
    np.testing.assert_allclose(shares["lapsed"][:3], [0, 3 / 4 * 1 / 3, 3 / 4 * 1 / 3])
    np.testing.assert_allclose(shares["on_paper"][:3], [0, 0, 3 / 4 * 2 / 3])
    np.testing.assert_allclose(shares["on_paper"][3:], 1 / 2)  # all have ended


def test_days_that_nobody_could_see_are_undefined():
    shares = first_ends(watched((0, CURED, 2, None), (4, LATENT, None, None), weeks=2))
    for share in shares.values():
        assert np.isfinite(share[:6]).all()
        assert np.isnan(share[6:]).all()
    assert all(np.isnan(share).all() for share in first_ends(record()).values())


def test_cases_of_the_warm_up_are_not_of_the_cohort():
    shares = first_ends(watched((-3, PAPER, None, 1), (-1, CURED, 2, None), (0, LAPSED, 2, None)))
    assert (shares["on_paper"] == 0).all()
    assert shares["lapsed"][2] == 1.0


def test_a_case_that_ends_after_the_limit_has_not_ended():
    shares = first_ends(watched((0, CURED, LIMIT, None), (0, CURED, LIMIT + 1, None)))
    assert shares["cured"][-1] == 1 / 2


# --- against the second way


@given(
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 80), st.sampled_from([CURED, LAPSED, PAPER, LATENT])),
        min_size=1,
        max_size=40,
    )
)
def test_both_ways_to_count_agree(rows):
    """Whatever is censored when, in the window of 100 days; and the curves are shares of one whole."""
    made, days, how = [], [], []
    for raised, wait, stage in rows:
        day = min(raised + wait, 99)
        paper = day if stage == PAPER else None
        made.append((raised, stage, day if stage in (CURED, LAPSED) else None, paper))
        days.append((99 if stage == LATENT else day) - raised)
        how.append(stage)
    shares = first_ends(watched(*made, weeks=20))
    expected = by_redistribution(days, how)
    seen = max(days) + 1
    whole = np.sum([*shares.values()], axis=0)
    for cause, name in CAUSES.items():
        np.testing.assert_allclose(shares[name][:seen], expected[cause][:seen], atol=1e-12)
        assert (np.diff(shares[name][:seen]) >= 0).all()
    assert (whole[:seen] <= 1 + 1e-12).all()
    assert np.isnan(whole[seen:]).all() or np.allclose(whole[seen:], 1.0)


# --- the day of the first closing on paper, as the model keeps it


@pytest.fixture(scope="module")
def pressed() -> City:
    """A place whose branches close much on paper, and hear of it again soon."""
    city = City(
        **{
            "place": "community", "policy": "fragmented", "warmup": 12, "weeks": 40, "before.target_pressure": 0.6,
            "behaviour.return_share": 1.0, "behaviour.return_days": 5.0, "behaviour.overdue_days": 5.0,
        }
    )  # fmt: skip
    city.run_model()
    return city


def test_the_first_closing_on_paper_is_kept(pressed):
    """For every case the day is that of the first such note on its trail, whatever came of it."""
    noted: dict[int, int] = {}
    trail = pressed.handoffs.state()
    for case_id, day, why in zip(trail["id"], trail["day"], trail["why"], strict=True):
        if why in (c.OVERDUE_PAPER, c.BOTCHED):
            noted.setdefault(int(case_id), int(day))
    table, archive = pressed.cases, pressed.archive.table()
    there = (table.stage >= c.LATENT) & (table.stage <= c.PAPER)
    identity = np.concatenate([archive["id"], table.id[there]])
    first = np.concatenate([archive["first_paper"], table.first_paper[there]])
    assert {int(i): int(day) for i, day in zip(identity, first, strict=True) if day >= 0} == noted
    again = (archive["episode"] > 0) & (archive["stage"] == CURED)
    assert (archive["closed"][again] > archive["first_paper"][again]).all()
    assert again.sum() > 20


def test_a_whole_world(pressed):
    world = Record.of(pressed)
    shares = first_ends(world)
    assert all((np.diff(share) >= 0).all() for share in shares.values())
    assert (np.sum([*shares.values()], axis=0) <= 1 + 1e-12).all()
    assert shares["on_paper"][-1] > 0.1
    assert shares["cured"][-1] < days_to_cure(world).cured[LIMIT]  # some are cured after they were closed on paper


def test_cases_that_were_all_watched_are_simply_counted(pressed):
    world = Record.of(pressed)
    early = world.raised & (world.ends.raised < world.end - LIMIT)
    some = Ends(**{field: values[early] for field, values in vars(world.ends).items()})
    shares = first_ends(replace(world, ends=some))
    paper, closed = ((day != NEVER) & (day - some.raised <= LIMIT) for day in (some.first_paper, some.closed))
    assert shares["on_paper"][-1] == pytest.approx(paper.mean())
    for name, stage in (("cured", CURED), ("lapsed", LAPSED)):
        assert shares[name][-1] == pytest.approx((closed & (some.first_paper == NEVER) & (some.stage == stage)).mean())
