"""``govsim check``: its table and its exit codes, on targets that are planted beside or away from what is simulated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from govsim.cli import main
from govsim.config.overrides import options

RUN = ["check", "targets=planted", "place=community", "weeks=3", "warmup=1", "seeds=2", "jobs=1", "cache=off"]


def test_a_fitted_target_in_its_band_is_no_failure_nor_is_a_held_back_one_out_of_it(folder, capsys):
    folder.targets(raised=24.2, trust=0.9)
    assert main([*RUN, "out=kept"]) == 0
    said = capsys.readouterr()
    head, easy, held, _, *_ = said.out.splitlines()
    assert head.split() == ["target", "source", "observed", "simulated", "95%", "band", "in", "band", "role", "reason"]
    assert easy.split()[:3] == ["easy", "nowhere", "6.05"]
    assert easy.endswith("yes      fitted")
    assert held.endswith("no       held back")
    assert "mean of 2 runs" in said.out
    assert "all fitted targets are in their bands" in said.err
    table = pd.read_csv("kept/targets.csv")
    assert table["in_band"].tolist() == [True, False, False]
    assert table["runs"].tolist() == [2, 2, 2]
    assert main([*RUN, "out=kept"]) == 0
    assert "2 of 2 done, nothing to run" in capsys.readouterr().err


def test_a_fitted_target_out_of_its_band_is_told_by_the_exit_code_whatever_the_reason(folder, capsys):
    folder.targets(raised=80)
    assert main(RUN) == 1
    assert "out of band, though fitted: easy" in capsys.readouterr().err
    file = Path("configs/target/planted.yaml")
    file.write_text(file.read_text().replace("held:", "  missed: cases were never counted\nheld:"))
    assert main(RUN) == 1
    assert "cases were never counted" in capsys.readouterr().out
    assert not Path("results").exists()  # nothing is kept that nobody asked for


def test_members_of_an_ensemble_are_run_under_each_seed(folder, capsys):
    folder.targets(raised=24.2)
    folder.write("ensemble/two", "# Two\nkeys: [behaviour.rate_scale]\nmembers:\n- [0.75]\n- [1.25]\n")
    assert main([*RUN, "ensemble=two", "out=kept"]) == 0
    assert "mean of 4 runs" in capsys.readouterr().out
    easy = pd.read_csv("kept/targets.csv").set_index("target").loc["easy"].to_dict()
    assert easy["simulated_high"] > 1.3 * easy["simulated_low"]


def test_targets_ensembles_and_calibrations_are_listed(folder, capsys):
    folder.targets(raised=24)
    folder.write("ensemble/two", "# Two of them\nkeys: [behaviour.skill]\nmembers: [[0.8], [0.9]]\n")
    assert options("ensemble")["two"] == "Two of them"
    for topic, shown in (("ensembles", "Two of them"), ("calibrations", "planted"), ("targets", "held back")):
        assert main(["list", topic]) == 0
        assert shown in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["targets=plantd"], "targets=plantd: no such targets; there are chengdu_2019, planted; nearest: planted"),
        (["seeds=0"], "seeds=0: must be a whole number from 1 to 1,000 (count)"),
        (["ensemble=rogh"], "ensemble=rogh: no such ensemble; there are rough, two"),
        (["weeks=1"], "easy.statistic: needs week 1, and weeks=1 end with week 0"),
        (["place=comunity"], "place=comunity: no such option; nearest: community"),
        (["replicates=3"], "replicates=3: belongs to govsim study, not to govsim check"),
        (["levers.each=all"], "levers.each: no such key"),
        (["seed=1,2"], "seed=1,2: takes one value"),
        (["seed=1", "seed=2"], "seed: is given twice, as seed=1 and seed=2"),
        (["sets=3"], "sets=3: belongs to govsim calibrate, not to govsim check"),
    ],
)
def test_bad_input_is_one_line(folder, capsys, arguments: list[str], message: str):
    folder.targets(raised=24)
    folder.write("ensemble/two", "# Two\nkeys: [behaviour.skill]\nmembers: [[0.8], [0.9]]\n")
    given = {text.partition("=")[0] for text in arguments}
    assert main([*(text for text in RUN if text.partition("=")[0] not in given), *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
