"""The main job: two worlds, their difference, and what is written of them."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import govsim
from govsim import Run, load_run, simulate
from govsim import cases as c
from govsim.calendar import WORKING_DAYS
from govsim.city import City
from govsim.config.check import ConfigError
from govsim.config.compose import compose, with_values
from govsim.measures.outcomes import GROUPS, OUTCOMES
from govsim.measures.record import NEVER, Record
from govsim.recorder import SERIES
from govsim.study.manifest import run_id
from govsim.study.run import TABLES

SMALL = ("place=community", "weeks=20", "warmup=12")


@cache
def small(*overrides: str) -> Run:
    return simulate(*SMALL, "record.cases=true", *overrides)


@pytest.fixture(scope="module")
def run() -> Run:
    return small()


@pytest.fixture(scope="module")
def city() -> City:
    """The policy's world, run to its end."""
    city = City(composed=compose([*SMALL, "baseline=none"]))
    while city.running:
        city.step()
    return city


def part(table: pd.DataFrame, **at: Any) -> pd.DataFrame:
    """Rows with these values, without those columns."""
    rows = np.logical_and.reduce([table[column] == value for column, value in at.items()])
    return table.loc[rows].drop(columns=list(at)).reset_index(drop=True)


def weekly(run: Run, world: str) -> pd.DataFrame:
    return part(run.series, world=world).pivot(index="week", columns="outcome", values="value")


# --- worlds


def test_difference_is_policy_less_baseline(run: Run):
    baseline, policy, difference = (run.summary[name] or {} for name in ("baseline", "policy", "difference"))
    assert list(baseline) == list(policy) == list(difference) == list(OUTCOMES)
    for name, value in difference.items():
        pair = policy[name], baseline[name]
        assert value is None if None in pair else value == pair[0] - pair[1]  # pyright: ignore
    assert difference["unmet_case_days_per_1000"] != 0.0
    assert difference["fund_unspent_share"] is None  # the baseline has no fund


def test_the_same_policy_twice_differs_in_nothing():
    twice = small("policy=fragmented", "baseline=fragmented")
    assert {value for value in (twice.summary["difference"] or {}).values()} <= {0.0, None}
    for name in TABLES:
        one, other = (part(getattr(twice, name), world=world) for world in twice.worlds)
        pd.testing.assert_frame_equal(one, other)


def test_worlds_part_at_week_0(run: Run):
    baseline, policy = weekly(run, "baseline"), weekly(run, "policy")
    assert list(policy.index) == list(range(-12, 20))
    pd.testing.assert_frame_equal(baseline.loc[:-1], policy.loc[:-1])
    assert not baseline.loc[0:].equals(policy.loc[0:])
    start, end = ([part(run.compounds, world=world, week=week) for world in run.worlds] for week in (0, 20))
    assert start[0].equals(start[1])
    assert not end[0].equals(end[1])


def test_a_world_is_the_city_run_alone(run: Run, city: City):
    collected = city.datacollector.get_model_vars_dataframe()
    for name in SERIES:
        np.testing.assert_array_equal(weekly(run, "policy")[name], collected[name])


def test_series_agree_with_outcomes(run: Run):
    policy = run.summary["policy"] or {}
    window = weekly(run, "policy").loc[0:]
    assert window["unmet_case_days_per_1000"].mean() == pytest.approx(policy["unmet_case_days_per_1000"])
    assert window["backlog_per_1000"].iloc[-13:].mean() == pytest.approx(policy["backlog_per_1000"])


def test_hand_offs_tell_the_same_story(city: City):
    record, log, first = Record.of(city), city.handoffs, WORKING_DAYS * 12
    n = int(log.count[0])
    noted = pd.DataFrame({"id": log.id[:n], "day": log.day[:n], "why": log.why[:n]})
    sent = noted.loc[noted["why"].isin([c.DISPATCH, c.PRECEDENT, c.COORDINATION])].drop_duplicates("id")
    assert np.count_nonzero(sent["day"] >= first) == record.series["first_dispatched"].sum()

    last = noted.drop_duplicates("id", keep="last").set_index("id")["why"].isin([c.OVERDUE_PAPER, c.BOTCHED])
    identities = np.concatenate([chunk["id"] for chunk in city.archive.chunks])
    lapsed = np.flatnonzero(record.ends.stage == c.LAPSED)
    on_paper = last.reindex(identities[lapsed], fill_value=False).to_numpy()
    assert on_paper.any()
    np.testing.assert_array_equal(record.ends.on_paper[lapsed], on_paper)


def test_the_books_of_cases_balance(city: City):
    record = Record.of(city)
    assert record.hurt.sum() == pytest.approx(record.series["unmet"].sum())
    np.testing.assert_allclose(np.bincount(record.ends.settlement, record.hurt, len(record.unmet)), record.unmet)
    flows, ends = record.series, record.ends
    there, ended = ends.closed == NEVER, ends.closed >= 0
    at_start = (ends.raised < 0) & (there | ended)
    assert record.raised.sum() == flows["raised"].sum()
    assert ended.sum() == flows["cured"].sum() + flows["lapsed"].sum()
    assert at_start.sum() + record.raised.sum() == ended.sum() + there.sum()


def test_cases_of_both_worlds_share_identities(run: Run):
    assert run.cases is not None
    baseline, policy = (part(run.cases, world=world) for world in run.worlds)
    for cases in (baseline, policy):
        assert (np.diff(cases["id"]) > 0).all()
        over = cases["stage"].isin(["closed on paper", "cured", "lapsed"])
        np.testing.assert_array_equal(cases["closed"].notna(), over)
        np.testing.assert_array_equal(cases["found"].isna(), cases["found_by"] == "nobody")
        for day in ("found", "closed"):
            assert (cases[day] - cases["raised"]).dropna().to_numpy().min() >= 0
    both = baseline.merge(policy, on="id", suffixes=("", "_in_policy"))
    np.testing.assert_array_equal(both["resident"], both["resident_in_policy"])
    before = both.query("raised < 0")
    np.testing.assert_array_equal(before["raised"], before["raised_in_policy"])
    assert len(before) == len(baseline.query("raised < 0")) == len(policy.query("raised < 0"))


def test_time_to_cure_ends_where_nobody_is_watched(run: Run):
    for curve in (part(run.time_to_cure, world=world) for world in run.worlds):
        np.testing.assert_array_equal(curve["day"], np.arange(len(curve)))
        assert np.all(curve["at_risk"] > 0)
        assert np.all(curve["cured"] + curve["lapsed"] <= 1.0)


def test_no_baseline():
    alone = small("baseline=none")
    assert alone.summary["baseline"] is None
    assert alone.summary["difference"] is None
    assert alone.worlds == ("policy",)
    assert alone.summary["policy"] == small().summary["policy"]
    assert "difference" not in alone.text()


@pytest.mark.parametrize(("baseline", "total"), [("fragmented", 5), ("none", 3)])
def test_progress_counts_the_weeks_of_all_worlds(baseline: str, total: int):
    calls: list[tuple[int, int]] = []
    tiny = ("place=community", "weeks=2", "warmup=1", f"baseline={baseline}")
    simulate(*tiny, progress=lambda *call: calls.append(call))
    assert calls == [(done, total) for done in range(1, total + 1)]


# --- the table


def shown(run: Run) -> set[str]:
    """Outcomes of the table: all, but of arrangements and costs those that some world has."""

    def there(name: str) -> bool:
        return OUTCOMES[name].group not in ("reach", "cost") or any((run.summary[w] or {})[name] for w in run.worlds)

    return {name for name in OUTCOMES if there(name)}


def test_text_shows_every_outcome_and_what_to_bear_in_mind(run: Run):
    text = run.text()
    assert all(OUTCOMES[name].label in text for name in shown(run))
    left_out = OUTCOMES.keys() - shown(run)
    assert left_out
    assert all(not (run.summary[world] or {})[name] for name in left_out for world in run.worlds)
    assert all(OUTCOMES[name].group in ("reach", "cost") for name in left_out)
    assert "chengdu_2019 (policy) against fragmented (baseline)" in text
    assert "baseline=more_of_the_same" in text
    assert "one seed is one draw of luck" in text
    assert max(map(len, text.splitlines())) < 200
    for line in text.splitlines():
        assert line == line.rstrip()


def test_no_rival_is_named_where_spending_is_the_same():
    text = small("policy=fragmented", "baseline=fragmented").text()
    assert "more_of_the_same" not in text
    assert "one seed is one draw of luck" in text


def test_the_rival_itself_is_not_sent_for_a_rival():
    assert "more_of_the_same already" in small("baseline=more_of_the_same").text()


def test_notebooks_show_the_same_table(run: Run):
    html = run._repr_html_()
    assert html.count("<tr>") == 1 + len(GROUPS) + len(shown(run))
    assert "chengdu_2019" in html


# --- files


def test_a_written_run_reads_back_the_same(run: Run, tmp_path: Path):
    out = run.write(tmp_path / "a" / "run")
    files = {path.name for path in out.iterdir()}
    assert files == {f"{name}.parquet" for name in TABLES} | {"summary.json", "manifest.json", "overview.png"}
    back = load_run(out)
    assert back.summary == run.summary
    assert back.manifest == json.loads(json.dumps(run.manifest))
    assert back.config == run.config
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(run, name))
    assert back.text() == run.text()


def test_cases_are_written_only_where_asked(run: Run, tmp_path: Path):
    out = replace(run, cases=None).write(tmp_path / "run")
    assert not (out / "cases.parquet").exists()
    assert load_run(out).cases is None


def test_files_of_the_same_result_are_the_same_bytes(run: Run, tmp_path: Path):
    again = simulate(*SMALL, "record.cases=true", "engine.threads=1", "engine.block_order=7")
    one, other = run.write(tmp_path / "one"), again.write(tmp_path / "other")
    for name in (*(f"{name}.parquet" for name in TABLES), "summary.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert run.manifest["run_id"] == again.manifest["run_id"]


def test_an_interrupted_run_leaves_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupt(_: Run):
        raise KeyboardInterrupt

    monkeypatch.setattr("govsim.plot.overview", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.write(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_is_not_read_as_a_finished_one(run: Run, tmp_path: Path):
    out = run.write(tmp_path / "run")
    partial = out.rename(tmp_path / ".run.partial-1")
    (partial / "manifest.json").unlink()  # it is written last
    with pytest.raises(ConfigError, match="no finished run"):
        load_run(partial)
    with pytest.raises(ConfigError, match="no finished run"):
        load_run(tmp_path / "run")


def test_an_occupied_folder_is_refused_before_the_work(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "mine.txt").write_text("mine")
    monkeypatch.setattr("govsim.study.run.run_worlds", lambda *_: pytest.fail("ran"))
    with pytest.raises(ConfigError, match="occupied"):
        simulate(*SMALL, f"out={tmp_path}")
    with pytest.raises(ConfigError, match="occupied"):
        run.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(tmp_path: Path):
    simulate("place=community", "weeks=1", "warmup=0", "baseline=none", f"out={tmp_path}")
    assert load_run(tmp_path).summary["baseline"] is None


def test_a_run_of_an_older_version_can_still_be_looked_at(run: Run, tmp_path: Path):
    settings = run.settings | {"behaviour": {}}
    out = replace(run, manifest=run.manifest | {"config": settings}).write(tmp_path / "run")
    assert load_run(out).text() == run.text()
    with pytest.raises(ConfigError, match="missing"):
        _ = load_run(out).config


def test_another_format_is_refused(run: Run, tmp_path: Path):
    out = replace(run, manifest=run.manifest | {"schema_version": 99}).write(tmp_path / "run")
    with pytest.raises(ConfigError, match="format 99"):
        load_run(out)


def test_manifest_says_how_it_was_made(run: Run):
    manifest = run.manifest
    assert manifest["seed"] == 1
    assert manifest["choices"]["policy"] == "chengdu_2019"
    assert set(manifest["versions"]) == {"python", "govsim", "numpy", "numba", "mesa"}
    assert manifest["peak_memory_bytes"] is None or manifest["peak_memory_bytes"] > 1e7
    assert manifest["duration_seconds"] > 0
    json.dumps(manifest, allow_nan=False)


def test_run_id_stands_for_the_result():
    config = compose(SMALL).config
    same = {"out": "elsewhere", "engine.threads": 1, "record.cases": True, "checkpoint.every": 13}
    assert run_id(with_values(config, same)) == run_id(config)
    for changed in ({"seed": 2}, {"policy.fund.yuan": 1.0}, {"behaviour.skill": 0.9}, {"weeks": 21}):
        assert run_id(with_values(config, changed)) != run_id(config)
    assert run_id(compose([*SMALL, "baseline=none"]).config) != run_id(config)
    fund_first, fund_last = (
        compose([*SMALL, f"policy=[{names}]"]).config for names in ("fund,committee", "committee,fund")
    )
    assert run_id(fund_first) == run_id(fund_last)


# --- the package


def test_importing_is_cheap():
    heavy = "{'mesa', 'numba', 'pandas', 'matplotlib', 'hydra', 'omegaconf'} & set(sys.modules)"
    code = f"import sys, govsim; dir(govsim); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_public_names():
    names = {"City", "ConfigError", "Run", "Study", "__version__", "load_run", "load_study", "run_study", "simulate"}
    names |= {"compare", "explain", "plot"}
    assert set(dir(govsim)) == names
    for name in dir(govsim):
        assert getattr(govsim, name) is not None
    assert govsim.City is City
    assert issubclass(govsim.ConfigError, ValueError)
