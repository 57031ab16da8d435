"""``govsim calibrate``: from targets to an ensemble, in a place and time small enough to run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from govsim.calibration import matching
from govsim.calibration.calibrate import calibrate
from govsim.calibration.matching import Matched
from govsim.cli import main
from govsim.config.ensemble import members
from govsim.study.load import load_study

ENSEMBLE = Path("configs/ensemble/planted.yaml")


@pytest.fixture(autouse=True)
def _few_candidates(monkeypatch):
    monkeypatch.setattr(matching, "_CANDIDATES", 500)
    monkeypatch.setattr(matching, "_CHILDREN", 500)


def calibrated(*arguments: str) -> int:
    return main(["calibrate", "calibration=planted", "jobs=1", *arguments])


def test_members_are_what_was_run_and_met_the_fitted_targets(folder, capsys):
    folder.targets(raised=24.2)
    assert calibrated("out=first") == 0
    said = capsys.readouterr()
    assert "govsim check ensemble=planted" in said.err
    assert "easy" in said.out
    assert "held" not in said.out
    text = ENSEMBLE.read_text(encoding="utf-8")
    made = yaml.safe_load(text)["made"]
    assert made["command"] == "govsim calibrate calibration=planted"  # how it was carried out is no part of it
    assert [wave["sets"] for wave in made["waves"]] == [6, 6]
    waves = [load_study(path) for path in sorted(Path("first").glob("wave-*")) if path.is_dir()]
    assert len(waves) == 2
    runs = pd.concat([study.runs for study in waves])
    met = runs.groupby(["behaviour.rate_scale", "behaviour.skill"])["raised_per_1000"].size()
    assert set(met) == {2}  # seeds of each set
    series = pd.concat([study.series.assign(wave=i) for i, study in enumerate(waves)])
    week_1 = series[series["week"] == 1].groupby(["wave", "scenario"])["raised_per_1000"].mean()
    kept = week_1.between(6.05 * 0.75, 6.05 * 1.25)
    found = members("planted")
    assert 0 < len(found) == kept.sum() == sum(wave["kept"] for wave in made["waves"])
    keys = {tuple(member.values()) for member in found}
    assert keys < set(met.index)
    assert text.startswith(f"# {len(found)} parameter sets that the fitted targets of planted do not rule out\n")


def test_targets_that_are_held_back_are_never_looked_at(folder):
    def result(trust: float, **put: str) -> Matched:
        folder.targets(24.2, trust, **put)
        return calibrate(["calibration=planted", "jobs=1"], lambda _: None).matched

    one, text = result(0.4), ENSEMBLE.read_text()
    other = result(0.9)
    assert ENSEMBLE.read_text() == text
    pd.testing.assert_frame_equal(one.sets, other.sets)
    assert list(one.means) == ["easy"]
    assert one.kept.any()
    assert not result(0.4, sure="true").kept.any()  # a row that is out of reach counts where it is fitted


def test_it_goes_on_where_it_was_and_a_new_target_keeps_the_first_wave(folder, capsys):
    folder.targets(raised=24.2)
    assert calibrated() == 0
    first = ENSEMBLE.read_text()
    capsys.readouterr()
    ENSEMBLE.unlink()
    assert calibrated() == 0
    assert ENSEMBLE.read_text() == first
    assert capsys.readouterr().err.count("12 of 12 done, nothing to run") == 2
    folder.targets(raised=21)
    calibrated()
    assert capsys.readouterr().err.count("12 of 12 done, nothing to run") == 1


def test_where_nothing_fits_no_ensemble_is_written(folder, capsys):
    folder.targets(raised=800)
    assert calibrated("waves=1") == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].startswith("govsim: no set is inside every band, and no ensemble was written")
    assert said.out.splitlines()[1].endswith("0%")
    assert not ENSEMBLE.exists()


def test_a_target_that_is_missed_rules_nothing_out(folder):
    folder.targets(raised=24.2, sure="true")
    assert calibrated("waves=1") == 1
    file = Path("configs/target/planted.yaml")
    file.write_text(f"{file.read_text()}  missed: nobody can be so sure\n")
    assert calibrated("waves=1") == 0


def test_an_ensemble_holds_so_many_members_at_most(folder):
    folder.targets(raised=24.2)
    assert calibrated("waves=1", "members=2", "name=short") == 0
    everyone = calibrate(["calibration=planted", "jobs=1", "waves=1"], lambda _: None).matched
    found = members("short")
    assert len(found) == 2 < everyone.kept.sum()
    kept = {tuple(row) for row in everyone.sets[everyone.kept].to_numpy().tolist()}
    assert {tuple(member.values()) for member in found} < kept
    assert np.isfinite(everyone.means.to_numpy()).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["calibration=plantd"], "calibration=plantd: no such calibration; there are rough, planted; nearest: planted"),
        (["targets=x"], "targets=x: no such targets; there are chengdu_2019, planted"),
        (["sets=1"], "sets=1: must be a whole number from 2 to 10,000 (count)"),
        (["seeds=1"], "seeds=1: must be a whole number from 2"),
        (["name=a/b"], "name=a/b: must be a name for a file"),
        (["parameters.behaviour.skil=range"], "behaviour.skil: no such key; nearest: behaviour.skill"),
        (["parameters.behaviour.skill=[1]"], "parameters.behaviour.skill=[1]: must be [low, high], or range"),
        (["parameters.behaviour.skill=[0.8,2]"], "parameters.behaviour.skill=2: must be a number from 0.75 to 0.99"),
        (["parameters.weeks=[2,4]"], "parameters.weeks: must be a number that may take any value of a range"),
        (["parameters.policy.fund.yuan=range"], "policy.fund.yuan is no uncertainty; vary it under levers"),
        (["wekks=3"], "wekks: no such key; nearest: weeks"),
        (["weeks=1"], "easy.statistic: needs week 1, and weeks=1 end with week 0"),
        (["ensemble=x"], "ensemble=x: belongs to govsim"),
        (["waves=2", "waves=3"], "waves: is given twice, as waves=2 and waves=3"),
    ],
)
def test_bad_input_is_one_line(folder, capsys, arguments: list[str], message: str):
    folder.targets(raised=24)
    given = ["calibration=planted"] if not arguments[0].startswith("calibration") else []
    assert main(["calibrate", *given, "jobs=1", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert not Path("results").exists()


def test_a_wrong_key_of_a_file_is_named(folder, capsys):
    folder.targets(raised=24)
    file = Path("configs/calibration/planted.yaml")
    file.write_text(file.read_text().replace("sets:", "set:"))
    assert calibrated() == 2
    assert "set: no such key of a calibration; it has targets, policy" in capsys.readouterr().err


def test_the_shipped_calibration_can_be_read():
    from govsim.calibration.calibrate import _bounds, _read

    asked, name, _, settings = _read([])
    weeks, bounds = _bounds(asked)
    assert (name, weeks, settings) == ("rough", 116, ["cache=off"])
    assert 12 <= len(bounds) <= 20
    assert all(key.partition(".")[0] in ("behaviour", "before") for key in bounds)
