"""Designs against what is known of them: orthogonality, resolution, strata, effects that can be computed by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis

from govsim.study.designs import (
    MOST,
    Table,
    aliases,
    factorial,
    fractional,
    latin_hypercube,
    morris,
    one_at_a_time,
    sobol,
)

BOUNDS = {"a": (0.0, 1.0), "b": (-2.0, 2.0), "c": (100.0, 300.0)}


def matrix(table: Table) -> np.ndarray:
    return np.array([list(row.values()) for row in table.rows], dtype=float)


def unit(table: Table) -> np.ndarray:
    """Rows of a sample on the unit cube."""
    low, high = np.array(list(BOUNDS.values())).T
    return (matrix(table) - low) / (high - low)


def letters(number: int) -> dict[str, list[int]]:
    return {f"x{i}": [-1, 1] for i in range(number)}


def shortest_word(signs: np.ndarray) -> int:
    """The resolution of a two-level design, by trying all products: the least number of columns that multiply to ±1."""
    columns = range(signs.shape[1])
    return next(
        order
        for order in range(1, signs.shape[1] + 1)
        if any(abs(signs[:, list(some)].prod(axis=1).sum()) == len(signs) for some in combinations(columns, order))
    )


# --- factorial


def test_a_factorial_has_every_combination_once_the_last_factor_fastest():
    rows = factorial({"a": [0, 1], "b": ["x", "y", "z"], "c": [5]}).rows
    assert len(rows) == 6
    assert len({tuple(row.values()) for row in rows}) == 6
    assert [(row["a"], row["b"]) for row in rows[:4]] == [(0, "x"), (0, "y"), (0, "z"), (1, "x")]


def test_a_two_level_factorial_is_orthogonal_and_balanced():
    signs = matrix(factorial(letters(4)))
    np.testing.assert_array_equal(signs.T @ signs, 16 * np.eye(4))
    np.testing.assert_array_equal(signs.sum(axis=0), 0)


def test_a_factorial_beyond_reason_is_refused():
    with pytest.raises(ValueError, match=f"1,000,000 combinations; must make {MOST:,} at most"):
        factorial({name: range(10) for name in "abcdef"})


# --- fractional factorial

# Fewest runs of regular two-level designs (Box, Hunter & Hunter 2005, table 6.22).
FEWEST = {
    (3, 3): 4, (5, 3): 8, (6, 3): 8, (7, 3): 8, (9, 3): 16, (11, 3): 16,
    (4, 4): 8, (6, 4): 16, (7, 4): 16, (8, 4): 16, (9, 4): 32, (11, 4): 32,
    (5, 5): 16, (6, 5): 32, (7, 5): 64, (8, 5): 64, (9, 5): 128, (10, 5): 128, (11, 5): 128,
    (6, 6): 32, (7, 6): 64, (8, 6): 128,
}  # fmt: skip


@pytest.mark.parametrize(("factors", "resolution"), FEWEST)
def test_a_fraction_is_orthogonal_as_small_as_can_be_and_of_the_resolution_asked_for(factors: int, resolution: int):
    signs = matrix(fractional(letters(factors), resolution))
    assert len(signs) == FEWEST[factors, resolution]
    np.testing.assert_array_equal(signs.T @ signs, len(signs) * np.eye(factors))
    np.testing.assert_array_equal(signs.sum(axis=0), 0)
    assert len(np.unique(signs, axis=0)) == len(signs)
    assert shortest_word(signs) >= resolution


def test_the_first_level_given_is_the_low_one():
    rows = fractional({"a": ["off", "on"], "b": [7, 3], "c": [0.5, 0.1]}, 3).rows
    assert {(row["a"], row["b"], row["c"]) for row in rows} == {
        ("off", 7, 0.1), ("off", 3, 0.5), ("on", 7, 0.5), ("on", 3, 0.1)
    }  # fmt: skip


def test_aliases_are_those_of_the_textbook():
    assert fractional({"a": [0, 1], "b": [0, 1], "c": [0, 1]}, 3).facts == {
        "resolution": 3,
        "aliases": ["a = b:c", "b = a:c", "c = a:b"],
    }
    pairs = fractional({name: [0, 1] for name in "abcd"}, 4).facts["aliases"]
    assert pairs == ["a:b = c:d", "a:c = b:d", "a:d = b:c"]
    assert fractional({name: [0, 1] for name in "abcde"}, 5).facts["aliases"] == []


def test_an_alias_of_the_other_sign_says_so():
    signs = matrix(factorial(letters(2)))
    against = np.column_stack([signs, -signs.prod(axis=1)])
    assert aliases(against, "abc") == ["a = -b:c", "b = -a:c", "c = -a:b"]


@pytest.mark.parametrize(
    ("levels", "resolution", "message"),
    [
        ({"a": [0, 1], "b": [0, 1, 2], "c": [0, 1]}, 3, "b must have exactly two levels, not 3"),
        ({"a": [0, 1], "b": [0], "c": [0, 1]}, 3, "b must have exactly two levels, not 1"),
        ({"a": [0, 1], "b": [0, 1], "c": [0, 1]}, 4, "3 factors at resolution 4 take all 8 combinations"),
    ],
)
def test_a_fraction_that_cannot_be_is_refused(levels, resolution: int, message: str):
    with pytest.raises(ValueError, match=message):
        fractional(levels, resolution)


# --- one at a time


def test_one_at_a_time_starts_from_the_base_and_changes_one_factor_a_row():
    table = one_at_a_time({"a": [1, 2], "b": [9]})
    assert table.rows == ({}, {"a": 1}, {"a": 2}, {"b": 9})
    assert table.facts == {"varied": ["", "a", "a", "b"]}


# --- samplers


@pytest.mark.parametrize(("make", "samples"), [(latin_hypercube, 10), (sobol, 8), (morris, 6)])
def test_a_sample_is_named_by_its_seed_and_stays_inside_its_bounds(make, samples: int):
    table = make(BOUNDS, samples, 1)
    assert table == make(BOUNDS, samples, 1)
    assert table.rows != make(BOUNDS, samples, 2).rows
    assert ((unit(table) >= 0) & (unit(table) <= 1)).all()
    assert table.facts["names"] == ["a", "b", "c"]
    assert table.facts["bounds"] == [[0.0, 1.0], [-2.0, 2.0], [100.0, 300.0]]
    assert all(type(value) is float for row in table.rows for value in row.values())


@pytest.mark.parametrize("samples", [1, 7, 50])
def test_a_latin_hypercube_has_one_sample_in_each_stratum_of_every_factor(samples: int):
    strata = np.floor(unit(latin_hypercube(BOUNDS, samples, 3)) * samples)
    np.testing.assert_array_equal(np.sort(strata, axis=0), np.arange(samples)[:, None] + np.zeros(3))


def test_a_sobol_sample_has_a_block_of_factors_plus_two_for_each_draw():
    rows = matrix(sobol(BOUNDS, 16, 5))
    assert len(rows) == 16 * (3 + 2)
    for block in rows.reshape(16, 5, 3):
        first, *crossed, last = block
        for i, row in enumerate(crossed):  # one column from the second matrix, the rest from the first
            np.testing.assert_array_equal(row, np.where(np.arange(3) == i, last, first))


@pytest.mark.parametrize("samples", [0, 3, 100])
def test_a_sobol_sample_needs_a_power_of_two(samples: int):
    with pytest.raises(ValueError, match=f"samples={samples} must be a power of two, such as"):
        sobol(BOUNDS, samples, 1)


def test_sobol_indices_of_a_linear_function_are_its_shares_of_variance():
    table = sobol(BOUNDS, 512, 1)
    values = unit(table) @ [3.0, 1.0, 0.0]
    problem = {"num_vars": 3, "names": table.facts["names"], "bounds": table.facts["bounds"]}
    found = sobol_analysis.analyze(problem, values, calc_second_order=table.facts["second_order"], seed=1)
    np.testing.assert_allclose(found["S1"], [0.9, 0.1, 0.0], atol=0.02)


def test_a_morris_trajectory_changes_one_factor_a_step_and_every_factor_once():
    rows = unit(morris(BOUNDS, 7, 2))
    assert len(rows) == 7 * (3 + 1)
    for trajectory in rows.reshape(7, 4, 3):
        moved = np.abs(np.diff(trajectory, axis=0)) > 1e-12
        np.testing.assert_array_equal(moved.sum(axis=0), 1)
        np.testing.assert_array_equal(moved.sum(axis=1), 1)


def test_morris_effects_of_a_linear_function_are_its_slopes():
    table = morris(BOUNDS, 7, 2)
    problem = {"num_vars": 3, "names": table.facts["names"], "bounds": table.facts["bounds"]}
    values = unit(table) @ [3.0, -1.0, 0.0]
    found = morris_analysis.analyze(problem, matrix(table), values, num_levels=table.facts["num_levels"], seed=1)
    np.testing.assert_allclose(found["mu"], [3.0, -1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(found["sigma"], 0.0, atol=1e-9)
