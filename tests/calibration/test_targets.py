"""Targets: what the shipped file holds, what a file may hold, and the numbers that targets are compared with."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import yaml

from govsim.calibration.statistic import Statistic
from govsim.calibration.targets import KINDS, MOST_MISSED, check_targets, load_targets
from govsim.calibration.verdicts import failed, frame, verdicts
from govsim.config.check import ConfigError
from govsim.config.overrides import files

CHENGDU = {target.name: target for target in load_targets("chengdu_2019")}


# --- the shipped file


def test_every_row_of_the_sources_is_a_target_and_the_illustration_is_none():
    assert set(CHENGDU) == {
        "party.compound_orgs", "party.declared_members", "platform.users", "platform.uses", "grid.security_events",
        "grid.safety_events", "hotline.reply_2018", "hotline.reply_2019", "survey.approve", "survey.change",
    }  # fmt: skip
    data = yaml.safe_load(files("target")["chengdu_2019"].read_text(encoding="utf-8"))
    assert "visit" not in str(data)  # case.visits: one hard case, never fitted


def test_each_kind_holds_one_row_back_and_that_is_a_third_of_all():
    held = Counter(target.kind for target in CHENGDU.values() if not target.fitted)
    assert held == dict.fromkeys(KINDS, 1)
    assert round(len(CHENGDU) / 3) == sum(held.values())
    assert {t.kind for t in CHENGDU.values() if t.fitted} == set(KINDS)


@pytest.mark.parametrize(
    ("name", "observed", "low", "high"),
    [
        ("party.compound_orgs", 0.2164, 0.1664, 0.2664),
        ("party.declared_members", 3.774, 2.830, 4.717),
        ("platform.users", 0.1618, 0.1213, 0.2022),
        ("platform.uses", 4245.0, 3184.0, 5307.0),
        ("grid.security_events", 0.01405, 0.01054, 0.01756),
        ("grid.safety_events", 1.0518, 0.7888, 1.3147),
        ("hotline.reply_2018", 5.31, 3.98, 6.64),
        ("survey.approve", 0.958, 0.908, 1.008),
    ],
)
def test_values_are_scaled_and_banded(name: str, observed: float, low: float, high: float):
    assert CHENGDU[name].limits == pytest.approx((observed, low, high), rel=1e-3)


def test_windows_are_those_of_the_reports():
    for name in ("grid.security_events", "grid.safety_events"):
        statistic, weeks = CHENGDU[name].statistic, CHENGDU[name].per["weeks"]
        assert (statistic.first, statistic.end) == (69, None)  # of 116: from the week of 1 January 2019
        assert 116 - statistic.first == weeks == 47
    march = CHENGDU["hotline.reply_2018"].statistic
    assert (march.first, march.end) == (26, 30)


# --- what a file may hold

GOOD: dict[str, Any] = {
    "what": "cases",
    "source": "nowhere",
    "kind": "flow",
    "reported": 28,
    "per": {"weeks": 4},
    "band": "count",
    "statistic": {"mean": "raised", "from": "2017-09-11"},
    "fitted": True,
}


def put(folder, *changes: dict[str, Any]) -> None:
    folder.write("target/mine", yaml.safe_dump({f"t{i}": GOOD | change for i, change in enumerate(changes)}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "flows"}, "t0.kind=flows: must be one of uptake, flow, opinion; nearest: flow"),
        ({"band": "counts"}, "t0.band=counts: must be one of count, share; nearest: count"),
        ({"fitted": "maybe"}, "t0.fitted=maybe: must be true, or false for a target that is held back"),
        ({"reported": "many"}, "t0.reported=many: must be a number"),
        ({"reported": True}, "t0.reported=True: must be a number"),
        ({"per": {"weeks": 0}}, "t0.per={'weeks': 0}: must be numbers above 0 by name"),
        ({"mised": "x"}, "t0.mised: no such key of a target; it has what, source"),
        ({"mised": "x"}, "nearest: missed"),
        ({"what": 3}, "t0.what=3: must be a text"),
        ({"statistic": "raised"}, "t0.statistic: must be one of outcome, last, mean, total, ratio"),
        ({"statistic": {"men": "raised"}}, "t0.statistic: must be one of outcome, last, mean, total, ratio, as in"),
        ({"statistic": {"men": "raised"}}, "nearest: mean"),
        ({"statistic": {"mean": ["raised", "cured"]}}, "t0.statistic.mean=['raised', 'cured']: must be one name"),
        ({"statistic": {"ratio": "raised"}}, "t0.statistic.ratio=raised: must be two names"),
        ({"statistic": {"mean": "raised", "from": "soon"}}, "t0.statistic.from=soon: must be a date like 2019-01-01"),
        ({"statistic": {"mean": "raised", "from": "2016-01-01"}}, "t0.statistic.from=2016-01-01: must be in week 0"),
        ({"statistic": {"mean": "raised", "until": "2017-09-05"}}, "t0.statistic.until=2017-09-05: must be a week or"),
        (
            {"statistic": {"outcome": "trust", "from": "2018-01-01"}},
            "t0.statistic.from: an outcome has a window of its",
        ),
        ({"fitted": False}, "mine: must hold at least one target that is fitted"),
    ],
)
def test_a_wrong_target_is_refused_in_one_line(folder, change: dict[str, Any], message: str):
    put(folder, change)
    with pytest.raises(ConfigError) as caught:
        load_targets("mine")
    assert message in str(caught.value)


def test_a_missing_key_and_a_missing_file_are_named(folder):
    folder.write("target/mine", yaml.safe_dump({"t": {k: v for k, v in GOOD.items() if k != "band"}}))
    with pytest.raises(ConfigError, match=r"^t\.band: is missing$"):
        load_targets("mine")
    with pytest.raises(ConfigError, match=r"targets=chengdu_2018: no such targets; .*; nearest: chengdu_2019"):
        load_targets("chengdu_2018")


def test_at_most_three_targets_may_be_missed(folder):
    put(folder, *[{"missed": "the model has no winter"}] * MOST_MISSED, {})
    assert [t.rules_out for t in load_targets("mine")] == [False] * 3 + [True]
    put(folder, *[{"missed": "the model has no winter"}] * (MOST_MISSED + 1))
    with pytest.raises(ConfigError, match="mine: 3 targets may be missed at most, not t0, t1, t2, t3"):
        load_targets("mine")


@pytest.mark.parametrize(
    ("statistic", "message"),
    [
        ({"mean": "raisd"}, r"t0\.statistic\.mean=raisd: no such weekly series; nearest: raised"),
        ({"outcome": "trst"}, r"t0\.statistic\.outcome=trst: no such outcome; nearest: trust"),
        ({"ratio": ["cured", "raisd"]}, r"t0\.statistic\.ratio=raisd: no such weekly series; nearest: raised"),
        ({"mean": "raised", "from": "2019-01-01"}, r"t0\.statistic: needs week 69, and weeks=40 end with week 39"),
        ({"last": "trust", "until": "2018-07-01"}, r"t0\.statistic: needs week 41, and weeks=40 end with week 39"),
    ],
)
def test_what_this_version_or_a_run_does_not_have_is_refused(folder, statistic: dict[str, Any], message: str):
    put(folder, {"statistic": statistic})
    with pytest.raises(ConfigError, match=message):
        check_targets(load_targets("mine"), weeks=40)


# --- what targets are compared with


def study() -> Any:
    """Two sets under two seeds, four weeks."""
    index = [(s, seed, week) for s in (0, 1) for seed in (1, 2) for week in range(4)]
    series = pd.DataFrame(index, columns=pd.Index(["scenario", "seed", "week"]))
    series["cases"] = (series["week"] + 10 * series["scenario"] + 100 * (series["seed"] - 1)).astype(np.float32)
    series["days"] = 2.0 * series["cases"]
    series["survey"] = series["week"].where(series["week"] >= 2)
    runs = pd.DataFrame({"scenario": [1, 0, 0, 1], "seed": [1, 2, 1, 2], "trust": [0.3, 0.2, 0.1, 0.4]})
    return SimpleNamespace(series=series, runs=runs)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"outcome": "trust"}, [0.1, 0.2, 0.3, 0.4]),
        ({"mean": "cases"}, [1.5, 101.5, 11.5, 111.5]),
        ({"mean": "cases", "from": "2017-09-11", "until": "2017-09-25"}, [1.5, 101.5, 11.5, 111.5]),
        ({"total": "cases", "from": "2017-09-18"}, [5, 205, 25, 225]),
        ({"last": "cases"}, [3, 103, 13, 113]),
        ({"last": "cases", "until": "2017-09-18"}, [1, 101, 11, 111]),
        ({"ratio": ["days", "cases"]}, [2, 2, 2, 2]),
        ({"ratio": ["days", "cases"], "until": "2017-09-11"}, [np.nan, 2, 2, 2]),
        ({"mean": "survey"}, [np.nan] * 4),
        ({"mean": "survey", "from": "2017-09-18"}, [2.5] * 4),
        ({"last": "survey", "until": "2017-09-11"}, [np.nan] * 4),
    ],
)
def test_statistics_of_runs(given: dict[str, Any], values: list[float]):
    found = Statistic.read("t", given).of(cast(Any, study()))
    assert found.index.tolist() == [(0, 1), (0, 2), (1, 1), (1, 2)]
    np.testing.assert_allclose(found.to_numpy(), values)


def test_verdicts(folder):
    put(folder, {}, {"fitted": False}, {"missed": "why"}, {})
    targets = load_targets("mine")  # 7, from 5.25 to 8.75
    runs = pd.DataFrame({"t0": [5.0, 9.0, 7.0, 7.0], "t1": [20.0] * 4, "t2": [5.0] * 4, "t3": [np.nan] * 4})
    found = verdicts(targets, runs)
    assert [v.inside for v in found] == [True, False, False, False]
    assert failed(found) == ["t2", "t3"]  # a reason excuses nothing; a held-back one is no failure; undefined is out
    first = found[0]
    assert (first.mean, first.runs) == (7.0, 4)
    assert (first.low, first.high) == pytest.approx(np.quantile([5.0, 9.0, 7.0, 7.0], (0.025, 0.975)))
    table = frame(found)
    assert table["in_band"].tolist() == [True, False, False, False]
    assert table["missed"].tolist() == ["", "", "why", ""]
