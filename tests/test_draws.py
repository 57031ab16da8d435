"""Chance: the hash is uniform and independent across seeds, decisions, identities and attempts.

Everything here is deterministic: the thresholds say how unlikely the one sample drawn may be. Each test
is also shown to catch a hash that is not good enough.
"""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from govsim import draws
from govsim.cases import identity
from govsim.jit import kernel
from govsim.source import PACKAGE

N = 2**20
UNLIKELY = 1e-4

DECISION = draws.name("test.draws")
OTHERS = [draws.name(f"test.draws.{i}") for i in range(1024)]
Hash = Callable[..., np.ndarray]


@kernel
def _hash(seeds, decisions, identities, attempts):
    out = np.empty(seeds.shape[0], dtype=np.uint64)
    for i in range(seeds.shape[0]):
        out[i] = draws.bits(seeds[i], decisions[i], identities[i], attempts[i])
    return out


def hashed(seed: Any = 1, decision: Any = DECISION, identity: Any = 12345, attempt: Any = 0) -> np.ndarray:
    """The hash of parts that broadcast, as the model computes it."""
    parts = np.broadcast_arrays(
        np.asarray(seed).astype(np.uint64),
        np.asarray(decision).astype(np.uint64),
        np.asarray(identity).astype(np.uint64),
        np.asarray(attempt).astype(np.uint64),
    )
    shape = parts[0].shape
    return _hash(*(np.ascontiguousarray(p).reshape(-1) for p in parts)).reshape(shape)


def added_up(seed: Any = 1, decision: Any = DECISION, identity: Any = 12345, attempt: Any = 0) -> Any:
    """A poor hash: one multiplication of the sum of the parts."""
    with np.errstate(over="ignore"):
        parts = (np.asarray(p).astype(np.uint64) for p in (seed, decision, identity, attempt))
        return (sum(parts, np.uint64(0))) * np.uint64(0x9E3779B97F4A7C15)


def mixed_once(seed: Any = 1, decision: Any = DECISION, identity: Any = 12345, attempt: Any = 0) -> Any:
    """A better, still poor hash: the parts are xored before one good mix, so that they cancel out."""
    s, d, i, a = (np.asarray(p).astype(np.uint64) for p in (seed, decision, identity, attempt))
    return hashed(seed=0, decision=d, identity=s ^ i ^ a, attempt=0)


# The ways in which the model walks through one part while the others stay.
_COUNT = np.arange(N, dtype=np.int64)
WALKS: dict[str, dict] = {
    "residents, one by one": {"identity": _COUNT},
    "cases of one place and day": {"identity": identity.py_func(7, 3, 130, _COUNT)},
    "one kind of case, day by day": {"identity": identity.py_func(7, 3, _COUNT % 2**14, _COUNT // 2**14)},
    "settlements": {"identity": identity.py_func(_COUNT, 0, 0, 0)},
    "generations": {"identity": _COUNT * 64 + 1},
    "high bits only": {"identity": _COUNT << 44},
    "attempts and days": {"attempt": _COUNT},
    "seeds": {"seed": _COUNT},
    "residents on other days": {"identity": _COUNT // 1024, "attempt": _COUNT % 1024},
    "residents under other seeds": {"identity": _COUNT // 1024, "seed": _COUNT % 1024},
    "decisions": {"identity": _COUNT // 1024, "decision": np.array(OTHERS)[_COUNT % 1024]},
}
walks = pytest.mark.parametrize("walk", WALKS)


def believable(p: float) -> bool:
    """Neither too far from chance nor suspiciously close to what is expected."""
    return UNLIKELY < p < 1 - UNLIKELY


def fair(counts: np.ndarray) -> float:
    """p-value of equal chances."""
    return float(stats.chisquare(counts.reshape(-1)).pvalue)


# --- the laws of a good hash; each raises AssertionError


def is_uniform(bits: np.ndarray) -> None:
    """High and low ten bits fill all cells alike, and the float follows the uniform distribution."""
    assert believable(fair(np.bincount((bits >> np.uint64(54)).astype(np.int64), minlength=1024)))
    assert believable(fair(np.bincount((bits & np.uint64(1023)).astype(np.int64), minlength=1024)))
    u = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    assert 0.0 <= u.min() <= u.max() < 1.0
    assert believable(float(stats.kstest(u, "uniform").pvalue))


def neighbours_are_independent(bits: np.ndarray, lag: int = 1) -> None:
    """A value and the one ``lag`` later fill the cells of a square alike, by high, middle and low bits."""
    for shift in (58, 29, 0):
        cell = ((bits >> np.uint64(shift)) & np.uint64(63)).astype(np.int64)
        # pairs that do not overlap: cells are then independent counts
        starts = (np.arange(len(cell) - lag) // lag) % 2 == 0
        first, second = cell[:-lag][starts], cell[lag:][starts]
        assert believable(fair(np.bincount(first * 64 + second, minlength=4096)))


def streams_are_uncorrelated(streams: np.ndarray) -> None:
    """No pair of rows (streams, n) correlates, and all pairs together vary as chance would have it."""
    n = streams.shape[1]
    z = np.corrcoef(streams)[np.triu_indices(len(streams), 1)] * math.sqrt(n)
    assert np.abs(z).max() < 5
    assert believable(float(stats.chi2.sf((z**2).sum(), len(z))))


def one_bit_changes_half_of_all(hash_: Hash, part: str) -> None:
    """Flipping any bit of a part flips each bit of the hash with probability one half."""
    n = 4096
    start = hashed(seed=99, identity=np.arange(n))  # arbitrary arguments
    flipped = np.zeros((64, 64))
    for i in range(64):
        change = hash_(**{part: start}) ^ hash_(**{part: start ^ (np.uint64(1) << np.uint64(i))})
        for j in range(64):
            flipped[i, j] = ((change >> np.uint64(j)) & np.uint64(1)).sum()
    z = (flipped - n / 2) / math.sqrt(n / 4)
    assert np.abs(z).max() < 5.5
    assert believable(float(stats.chi2.sf((z**2).sum(), z.size)))


def uniforms_of(bits: np.ndarray) -> np.ndarray:
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def streams(hash_: Hash, part: str, n: int = 2**16) -> np.ndarray:
    """24 streams over the same identities that differ in one part: neighbours, powers of two, far ones."""
    values = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 64, 256, 1024, 2**14, 2**20, 2**30, 99, 100, 101, 7919])
    steps = np.array(OTHERS[: len(values)]) if part == "decision" else values
    return np.stack([uniforms_of(hash_(identity=np.arange(n), **{part: step})) for step in steps])


# --- the hash


@walks
def test_uniform(walk):
    is_uniform(hashed(**WALKS[walk]))


@walks
@pytest.mark.parametrize("lag", [1, 2, 64, 1024])
def test_neighbours_are_independent(walk, lag):
    neighbours_are_independent(hashed(**WALKS[walk]), lag)


@pytest.mark.parametrize("part", ["seed", "decision", "attempt"])
def test_streams_are_uncorrelated(part):
    streams_are_uncorrelated(streams(hashed, part))


@pytest.mark.parametrize("part", ["seed", "decision", "attempt"])
def test_the_same_residents_meet_other_luck_under_another(part):
    """The same identity under two seeds, decisions or attempts: the pair fills the square alike."""
    for first, second in pairwise(streams(hashed, part, 2**18)):
        cells = (first * 64).astype(np.int64) * 64 + (second * 64).astype(np.int64)
        assert believable(fair(np.bincount(cells, minlength=4096)))


def test_parts_do_not_stand_in_for_each_other():
    """Two parts moved at once do not cancel out: identity 5 at attempt 3 is not identity 3 at attempt 5."""
    n = 512
    grid = {"identity": np.arange(n)[:, None], "attempt": np.arange(n)[None, :]}
    for pair in (
        grid,
        {"identity": grid["identity"], "seed": grid["attempt"]},
        {"seed": grid["identity"], "attempt": grid["attempt"]},
    ):
        both = hashed(**pair)
        assert len(np.unique(both)) == n * n
        assert abs(np.corrcoef(uniforms_of(both).ravel(), uniforms_of(both.T).ravel())[0, 1]) < 5 / n


@pytest.mark.parametrize("part", ["seed", "decision", "identity", "attempt"])
def test_one_bit_changes_half_of_all(part):
    one_bit_changes_half_of_all(hashed, part)


def test_collisions_are_as_rare_as_chance_has_it():
    """2**18 values on 2**32 days of birth: about eight meet."""
    for walk in WALKS.values():
        short = hashed(**walk)[: 2**18] >> np.uint64(32)
        met = len(short) - len(np.unique(short))
        assert min(stats.poisson.sf(met - 1, 8), stats.poisson.cdf(met, 8)) > UNLIKELY


def test_it_is_splitmix_over_the_four_parts():
    """The documented formula in plain integers."""

    def mix(z: int) -> int:
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    for seed, case, attempt in [(0, 0, 0), (1, 2, 3), (2**31, 2**62 + 12345, 2**14), (7, 2**63 - 1, 0)]:
        z = mix((seed * 0x9E3779B97F4A7C15 + int(DECISION)) % 2**64)
        z = mix(z ^ (case * 0x9E3779B97F4A7C15 % 2**64))
        z = mix((z + (attempt + 1) * 0xD1342543DE82EF95) % 2**64)
        assert int(draws.bits(seed, DECISION, case, attempt)) == z
        assert draws.uniform(seed, DECISION, case, attempt) == (z >> 11) * 2.0**-53


@pytest.mark.parametrize(
    ("law", "hash_"),
    [
        (lambda h: is_uniform(h(identity=_COUNT << 44)), added_up),
        (lambda h: neighbours_are_independent(h(identity=_COUNT)), added_up),
        (lambda h: streams_are_uncorrelated(streams(h, "seed")), added_up),
        (lambda h: streams_are_uncorrelated(streams(h, "attempt")), added_up),
        (lambda h: one_bit_changes_half_of_all(h, "identity"), added_up),
        (
            lambda h: neighbours_are_independent(h(identity=_COUNT // 1024, attempt=_COUNT % 1024), 1024),
            mixed_once,
        ),
    ],
)
def test_a_poor_hash_is_caught(law, hash_):
    law(hashed)
    with pytest.raises(AssertionError):
        law(hash_)


def test_too_even_is_caught():
    with pytest.raises(AssertionError):
        is_uniform(_COUNT.astype(np.uint64) << np.uint64(44))


# --- distributions


@kernel
def _counts(seed, identities, mean):
    out = np.empty(identities.shape[0], dtype=np.int64)
    for i in range(identities.shape[0]):
        out[i] = draws.poisson(seed, DECISION, identities[i], 0, mean)
    return out


@kernel
def _normals(seed, identities):
    out = np.empty(identities.shape[0])
    for i in range(identities.shape[0]):
        out[i] = draws.normal(seed, DECISION, identities[i], 0)
    return out


@kernel
def _exponentials_up_to(most, seed, identities):
    out = np.empty(identities.shape[0])
    for i in range(identities.shape[0]):
        out[i] = draws.exponential_up_to(most, seed, DECISION, identities[i], 0)
    return out


def has_moments(x: np.ndarray, mean: float, variance: float, fourth: float) -> None:
    """Mean and variance within four standard errors; ``fourth`` is the central moment."""
    n = len(x)
    assert abs(x.mean() - mean) < 4 * math.sqrt(variance / n)
    assert abs(((x - mean) ** 2).mean() - variance) < 4 * math.sqrt((fourth - variance**2) / n)


@pytest.mark.parametrize("mean", [0.02, 0.4, 3.0, 21.0, 300.0])
def test_poisson(mean):
    n = N // 4
    counts = _counts(5, np.arange(n), mean)
    has_moments(counts, mean, mean, mean * (1 + 3 * mean))
    expected = stats.poisson.pmf(np.arange(counts.max() + 1), mean) * n
    usual = expected > 5
    observed = np.bincount(counts)
    cells = np.append(observed[usual], observed[~usual].sum())
    share = np.append(expected[usual], n - expected[usual].sum())
    assert believable(float(stats.chisquare(cells, share * (n / share.sum())).pvalue))


def test_poisson_of_nothing_is_nothing():
    assert (_counts(5, np.arange(1000), 0.0) == 0).all()


def test_exponential():
    x = draws.exponentials(5, DECISION, _COUNT, 0)
    assert x.min() >= 0.0
    assert np.isfinite(x).all()
    has_moments(x, 1.0, 1.0, 9.0)
    assert believable(float(stats.kstest(x, "expon").pvalue))


def test_normal():
    x = _normals(5, _COUNT)
    assert np.isfinite(x).all()
    has_moments(x, 0.0, 1.0, 3.0)
    assert abs((x**3).mean()) < 4 * math.sqrt(15 / N)
    assert abs((x**4).mean() - 3.0) < 4 * math.sqrt(96 / N)
    assert believable(float(stats.kstest(x, "norm").pvalue))
    # its two halves come from one hash: sign and size are independent of each other
    size = np.argsort(np.argsort(np.abs(x))) * 8 // N
    table = np.zeros((8, 2))
    np.add.at(table, (size, (x > 0).astype(int)), 1)
    assert believable(fair(table))


def test_a_wrong_distribution_is_caught():
    with pytest.raises(AssertionError):
        has_moments(draws.exponentials(5, DECISION, _COUNT, 0) * 1.006, 1.0, 1.0, 9.0)


def test_an_exponential_up_to_some_value_is_the_same_draw():
    x = draws.exponentials(5, DECISION, _COUNT, 0)
    for most in (0.0, 1e-6, 0.03, 0.7, 5.0):
        up_to = _exponentials_up_to(most, 5, _COUNT)
        assert (up_to[x <= most] == x[x <= most]).all()
        assert (up_to[x > most] > most).all()
    assert np.isinf(_exponentials_up_to(0.03, 5, _COUNT)).mean() > 0.96


@pytest.mark.parametrize("level", [0.0, 1e-6, 0.03, 0.7, 5.0, np.inf])
def test_a_level_reaches_the_threshold_that_is_drawn(level):
    ids = _COUNT[:2_000]
    reached = [draws.reached(level, 5, DECISION, i, 0) for i in ids]
    assert reached == (draws.exponentials(5, DECISION, ids, 0) <= level).tolist()


def test_one_draw_or_many_are_the_same():
    ids = identity.py_func(np.arange(500), 3, 77, 2)
    for one, many in ((draws.uniform, draws.uniforms), (draws.exponential, draws.exponentials)):
        assert [one(3, DECISION, i, 4) for i in ids] == list(many(3, DECISION, ids, 4))
        assert [one.py_func(3, DECISION, i, 4) for i in ids[:5]] == list(many(3, DECISION, ids[:5], 4))
    assert [draws.normal(3, DECISION, i, 0) for i in ids] == list(_normals(3, ids))
    assert [draws.poisson(3, DECISION, i, 0, 2.5) for i in ids] == list(_counts(3, ids, 2.5))
    for integer in (np.int32, np.int64, np.uint64):  # the type of an index is not part of its luck
        assert draws.uniform(3, DECISION, integer(9), integer(1)) == draws.uniform(3, DECISION, 9, 1)


# --- names, and nobody draws otherwise


def test_a_name_is_taken_once():
    draws.name("test.taken")
    with pytest.raises(ValueError, match=r"test\.taken"):
        draws.name("test.taken")


def _trees() -> dict[str, ast.Module]:
    return {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text("utf-8")) for p in PACKAGE.rglob("*.py")}


def names_in(tree: ast.Module) -> list[str | None]:
    """Decisions that a module names; None for one that is not named by a literal at the top of the module."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("draws.name", "govsim.draws.name")
    ]
    top = [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value in calls]
    return [
        call.args[0].value
        if call in top and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
        else None
        for call in calls
    ]


def test_names_are_unique():
    names = [name for tree in _trees().values() for name in names_in(tree)]
    assert None not in names, "name decisions by a literal, as a constant of the module"
    assert len(names) == len(set(names))
    numbers = {hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names}
    assert len(numbers) == len(names)
    assert len(set(draws.NAMES.values())) == len(draws.NAMES)


def test_a_name_made_up_on_the_way_is_caught():
    assert names_in(ast.parse('A = draws.name("a.b")')) == ["a.b"]
    assert names_in(ast.parse('A = draws.name(f"a.{x}")')) == [None]
    assert names_in(ast.parse('def f():\n    return draws.name("a")')) == [None]


GENERATORS = {
    "random",
    "default_rng",
    "RandomState",
    "Generator",
    "SeedSequence",
    "secrets",
    "urandom",
    "uuid4",
}
SHUFFLES = {"shuffle", "shuffle_do", "permutation", "rvs", "choice", "choices", "sample"}


def generators_in(tree: ast.Module) -> list[str]:
    """What a module imports, names or calls that draws from a generator.

    ``rng=`` and ``random=`` may be passed on, to Mesa's classes that ask for one.
    """
    found = []
    handed_on = {
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("rng", "random")
    }
    for node in ast.walk(tree):
        if node in handed_on:
            continue
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if GENERATORS & set(a.name.split("."))]
        elif isinstance(node, ast.ImportFrom):
            module = set((node.module or "").split("."))
            found += [a.name for a in node.names if GENERATORS & (module | {a.name})]
        elif isinstance(node, ast.Name) and node.id in GENERATORS:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and (
            node.attr in GENERATORS or ast.unparse(node.value).split(".")[-1] == "rng"
        ):
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHUFFLES:
            found.append(ast.unparse(node.func))
    return found


OUTSIDE = {"study/designs.py", "compare/resampling.py", "calibration/matching.py", "calibration/calibrate.py"}
"""What chooses points before any world begins, and what resamples results when all are over: chance, but no luck."""


def test_nobody_draws_from_a_generator():
    found = {name: generators_in(tree) for name, tree in _trees().items()}
    assert {name for name, some in found.items() if some} == OUTSIDE


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import numpy.random as r",
        "from numpy import random",
        "from numpy.random import default_rng",
        "from random import shuffle",
        "x = np.random.rand(3)",
        "x = np.random.default_rng(1)",
        "x = self.random.random()",
        "x = self.rng.integers(3)",
        "x = model.rng.normal()",
        "agents.shuffle_do('step')",
        "x = stats.norm.rvs(size=3)",
        "x = frame.sample(3)",
        "x = os.urandom(8)",
    ],
)
def test_a_generator_is_caught(source):
    assert generators_in(ast.parse(source))


def test_passing_a_seed_on_is_no_draw():
    assert generators_in(ast.parse("super().__init__(rng=rng)\nsample = p.sample")) == []
