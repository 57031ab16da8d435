"""What is shown in Chinese is Chinese, is the same as in English, and stands in columns."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import studies
from matplotlib.text import Text
from rich.cells import cell_len

from govsim import Run, plot, simulate
from govsim.cli import main
from govsim.compare import Comparison, compare
from govsim.language import LANGUAGES, date_in_words, in_language
from govsim.language.cells import width, wrapped

UNMET = "unmet_case_days_per_1000"
ENGLISH = re.compile(r"(?<![\w./=`])[A-Za-z]{2,}(?![\w/.=(`])")
NO_WORDS = re.compile(r"\w+\.\w+(\.\w+)*|\b[0-9a-f]{12,}\b|\w+=\w+|\$[^$]*\$")
"""Keys of settings, files, ids, formulas."""
KEPT = {
    "Holm", "Sobol", "Morris", "Shapley", "Theil", "logit", "dz", "mu", "sigma", "ST", "CSV", "govsim", "params",
    "study", "retry", "failed", "min", "flood", "strike",
}  # fmt: skip
"""Names of methods, commands, and the shocks that these studies call as they like."""


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("place=community", "place.residents=15000", "weeks=30", "warmup=20")


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Comparison]]:
    """Some studies, compared in each language."""
    made = {
        "theories": lambda: studies.headline(seeds=3, theories=("performance", "anchoring")),
        "doses": lambda: studies.doses(seeds=4),
        "budgets": lambda: studies.bundles(seeds=3, budgets=(20.0, 60.0)),
        "shocks": lambda: studies.shocked(seeds=3),
        "sampled": studies.sampled,
    }
    found: dict[str, dict[str, Comparison]] = {}
    for name, make in made.items():
        for code in LANGUAGES:
            with in_language(code):
                found.setdefault(name, {})[code] = compare(make(), [UNMET, "trust", "cost_per_resident"])
    return found


STUDIES = ("theories", "doses", "budgets", "shocks", "sampled")


def english(text: str) -> set[str]:
    """English words of a text; keys of settings, files and ids are none."""
    return set(ENGLISH.findall(NO_WORDS.sub(" ", text))) - KEPT


def drawn(figure: Any) -> Iterator[str]:
    yield from (text.get_text() for text in figure.findobj(Text))


def test_english_words_are_found():
    assert english("未满足的诉求 unmet need [−1.2, 3.4]") == {"unmet", "need"}
    assert english("社治委=44.0 behaviour.patrol_reach baseline=more_of_the_same tables/effects.csv Holm") == set()


# --- runs


def test_the_table_of_a_run_says_the_same_and_nothing_in_english(run: Run):
    english_text = run.text()
    with in_language("zh"):
        text, page = run.text(), run._repr_html_()
    assert english(text) == set()
    assert english(re.sub(r"<[^>]*>", " ", page)) == set()

    def numbers(table: str) -> list[list[str]]:
        rows = [line for line in table.split("\n") if line.startswith("  ")]
        return [re.split(r"\s{2,}", line)[-3:] for line in rows[1:]]

    assert numbers(text) == numbers(english_text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_columns_end_where_they_should_in_a_terminal(run: Run, code: str):
    with in_language(code):
        rows = [line for line in run.text().split("\n") if line.startswith("  ")]
    assert len({cell_len(line) for line in rows}) == 1


def test_pictures_of_a_run_are_chinese(run: Run):
    with in_language("zh"):
        figure = plot.overview(run)
        axes = [plot.compound_map(run, "difference", value=value) for value in plot.MAPS]
    for text in [*drawn(figure), *(text for ax in axes for text in drawn(ax.figure))]:
        assert english(text) == set(), text


# --- comparisons


@pytest.mark.parametrize("name", STUDIES)
def test_reports_are_chinese(told: dict[str, dict[str, Comparison]], name: str):
    made = told[name]["zh"]
    body = re.sub(r"!\[[^\]]*\]\([^)]*\)|\| (命令|问题|实验|代码) \|.*", " ", made.markdown())
    assert english(body) == set()
    assert english(re.sub(r"研究 \w+.*", "", made.text().split("\n\n", 1)[1])) == set()
    assert 'lang="zh"' in made.html()


@pytest.mark.parametrize("name", STUDIES)
def test_figures_are_chinese(told: dict[str, dict[str, Comparison]], name: str):
    for key, figure in told[name]["zh"].figures.items():
        for text in drawn(figure):
            assert english(text) == set(), key


@pytest.mark.parametrize("name", STUDIES)
def test_tables_are_the_same_in_every_language(told: dict[str, dict[str, Comparison]], name: str):
    ours, theirs = (told[name][code].tables for code in ("en", "zh"))
    assert list(ours) == list(theirs)
    for table in set(ours) - {"study"}:
        kept = [column for column in ours[table] if column != "sentence"]
        pd.testing.assert_frame_equal(ours[table][kept], theirs[table][kept])


@pytest.mark.parametrize("name", STUDIES)
def test_findings_hold_the_same_numbers(told: dict[str, dict[str, Comparison]], name: str):
    def numbers(made: Comparison) -> list[list[str]]:
        said = (line for section in made.sections.values() for line in section.findings)
        return [sorted(re.findall(r"[+−]\d[\d,.]*\d|\d+\.\d+", line)) for line in said]

    assert numbers(told[name]["en"]) == numbers(told[name]["zh"])


def test_a_comparison_speaks_the_language_it_was_made_in():
    with in_language("zh"):
        made = compare(studies.headline(seeds=3), [UNMET, "trust"])
    assert "与条块分割之差" in made.text()
    assert "空心" in "".join(drawn(made.figures["effects"]))
    assert made.facts["compared"] == "7 项政策，与条块分割相比"


# --- the command line


def test_a_run_is_the_same_run_in_any_language(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    setting = ["run", "place=community", "weeks=4", "warmup=4"]
    assert main([*setting, "out=en"]) == 0
    ours = capsys.readouterr().out
    assert main([*setting, "out=zh", "language=zh"]) == 0
    theirs = capsys.readouterr().out
    assert "headline" in ours.lower()
    assert "主要结果" in theirs
    assert (tmp_path / "en/summary.json").read_bytes() == (tmp_path / "zh/summary.json").read_bytes()
    ids = [pd.read_json(tmp_path / f"{code}/manifest.json", typ="series")["run_id"] for code in ("en", "zh")]
    assert ids[0] == ids[1]


def test_a_sweep_tells_its_runs_in_the_language_too(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "-m", "seed=1,2", "place=community", "weeks=2", "warmup=2", "out=sweep", "language=zh"]) == 0
    assert capsys.readouterr().out.count("主要结果") == 2


def test_a_language_that_is_not_there_is_refused(capsys):
    assert main(["list", "policies", "language=zg"]) == 2
    assert capsys.readouterr().err == (
        "govsim: language=zg: no such language; must be one of en (English), zh (中文)\n"
    )


# --- dates and lines


def test_dates_are_written_as_people_do():
    day = pd.Timestamp("2017-09-04").date()
    assert date_in_words(day) == "4 Sep 2017"
    with in_language("zh"):
        assert date_in_words(day) == "2017年9月4日"


def test_no_line_is_too_wide_nor_begins_with_what_closes():
    text = "在“未满足的诉求”上，差异为 −10.6 [−11.2, −10.1]（社治委=44.0+专项资金=350000），见报告。" * 4
    lines = wrapped(text, 32)
    assert max(map(width, lines)) <= 32
    assert np.mean([width(line) for line in lines]) > 24
    assert not any(line[0] in "，。）”、=+" for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
