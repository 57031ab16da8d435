"""Warm-ups on disk: found again, checked, capped, and shared without harm."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from govsim.config.compose import compose, with_values
from govsim.study.warmups import Warmups

CONFIG = compose(["place=community", "baseline=none"]).config


def state(seed: int, size: int = 1_000):
    return {"week": 0, "values": np.random.default_rng(seed).random(size)}


@pytest.fixture
def warmups(tmp_path):
    return Warmups(tmp_path)


def test_a_state_is_found_again(warmups):
    assert warmups.load(CONFIG) is None
    warmups.keep(CONFIG, state(1))
    assert np.array_equal(warmups.load(CONFIG)["values"], state(1)["values"])


@pytest.mark.parametrize(
    ("key", "value", "shared"),
    [
        ("policy.fund.yuan", 1.0, True),
        ("weeks", 7, True),
        ("out", "x", True),
        ("engine.threads", 3, True),
        ("seed", 2, False),
        ("warmup", 7, False),
        ("behaviour.patrol_reach", 0.3, False),
        ("place.residents", 6_000, False),
    ],
)
def test_what_a_warm_up_cannot_know_does_not_part_it(warmups, key, value, shared):
    warmups.keep(CONFIG, state(1))
    assert (warmups.load(with_values(CONFIG, {key: value})) is not None) == shared


def test_a_damaged_one_is_as_good_as_none(warmups):
    warmups.keep(CONFIG, state(1))
    (path,) = warmups.folder.iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert warmups.load(CONFIG) is None
    assert not path.exists()


def test_the_least_recently_used_goes_first(tmp_path):
    warmups = Warmups(tmp_path, cap=3.5 * 8_000)
    configs = [with_values(CONFIG, {"seed": seed}) for seed in range(4)]
    for age, config in zip((40, 30, 20), configs, strict=False):
        warmups.keep(config, state(1))
        path = warmups._path(config)
        then = path.stat().st_mtime - age
        os.utime(path, (then, then))
    assert warmups.load(configs[0]) is not None  # used again: no longer the oldest
    warmups.keep(configs[3], state(1))
    assert [warmups.load(config) is not None for config in configs] == [True, False, True, True]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < warmups.cap


def test_no_room_for_it_is_no_harm(tmp_path):
    (tmp_path / "file").write_text("")
    warmups = Warmups(tmp_path / "file" / "below")
    warmups.keep(CONFIG, state(1))
    assert warmups.load(CONFIG) is None


def test_many_at_once_read_whole_states(tmp_path):
    def work(i: int) -> bool:
        warmups = Warmups(tmp_path, cap=2e6)
        config = with_values(CONFIG, {"seed": i % 5})
        warmups.keep(config, state(i % 5, 50_000))
        found = warmups.load(config)
        return found is None or np.array_equal(found["values"], state(i % 5, 50_000)["values"])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(60)))
    assert not list(tmp_path.glob(".*"))
