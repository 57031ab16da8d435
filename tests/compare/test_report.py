"""Reports: what a study can answer and no more, every number from a table, one page that needs nothing else."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import studies

from govsim.compare import Comparison, compare
from govsim.compare.identical import same_points, same_seeds
from govsim.compare.words import interval, listed, minus, number, readable
from govsim.config.check import ConfigError

UNMET = "unmet_case_days_per_1000"
SOME = [UNMET, "cured_share", "trust"]
ALWAYS = {"effects", "incidence", "inequality", "luck"}


CASES = {
    "headline": (lambda: studies.headline(seeds=6), {"factorial", "frontier"}),
    "headline twice": (
        lambda: studies.headline(seeds=3, theories=("performance", "anchoring")),
        {"factorial", "frontier", "regret"},
    ),
    "theories": (
        lambda: studies.bundles(seeds=4, theories=("performance", "anchoring"), scenarios=3),
        {"frontier", "regret"},
    ),
    "doses": (lambda: studies.doses(seeds=6), {"doses", "frontier"}),
    "budgets": (lambda: studies.bundles(seeds=3, budgets=(20.0, 60.0)), {"ranking"}),
    "shocks": (lambda: studies.shocked(seeds=3), {"frontier", "regret", "resilience"}),
    "sobol": (studies.sampled, {"regret", "sensitivity"}),
    "morris": (lambda: studies.sampled("morris"), {"regret", "sensitivity"}),
}


@cache
def made_of(name: str) -> Comparison:
    return compare(CASES[name][0](), SOME)


@pytest.fixture(scope="module")
def headline() -> Comparison:
    return made_of("headline")


# --- which sections


@pytest.mark.parametrize("name", CASES)
def test_sections_are_there_where_the_design_gives_them_something(name: str):
    assert set(made_of(name).sections) == ALWAYS | CASES[name][1]


def test_an_outcome_that_is_better_neither_way_is_described_and_not_ranked():
    made = compare(studies.headline(seeds=3), ["theil_unmet_need_streets"])
    assert not np.isfinite(made.tables["effects"]["difference"]).any()
    assert made.text()
    frame = studies.headline(seeds=3)
    frame.runs["raised_per_1000"] = frame.runs[UNMET]
    assert "frontier" not in compare(frame, ["raised_per_1000"]).sections


# --- words and numbers


def _numbers(text: str, names: Iterable[str]) -> Iterator[tuple[float, int]]:
    """Numbers of a sentence with their decimals; those inside names are none."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"mu\*|S1|ST|day \d+|Theil's T|two levers", " ", text)
    for found in re.findall(r"[+−]?\d[\d,]*(?:\.\d+)?", text):
        plain = found.replace("−", "-").replace(",", "").replace("+", "")
        yield float(plain), len(plain.partition(".")[2])


def _missing(made: Comparison) -> list[str]:
    """Findings with a number that no table of their section holds."""
    runs = made.material.runs
    names = {*runs["policy"], *runs["theory"], *made.material.study.factors, "1,000"}
    found = []
    for section in made.sections.values():
        cells = [value for table in section.tables.values() for value in table.to_numpy().ravel()]
        held = np.array([float(v) for v in cells if isinstance(v, int | float | np.number) and np.isfinite(v)])
        held = np.concatenate([held, 100.0 * held])
        said = {text for text in cells if isinstance(text, str) and len(text) > 30}
        most = max(map(len, section.tables.values()))
        for finding in section.findings:
            if any(text in finding for text in said):
                continue  # the sentence itself is in a table
            for value, decimals in _numbers(finding, names):
                count = decimals == 0 and 0 <= value <= most
                if not count and not (np.abs(held - value) <= 0.51 * 10.0**-decimals).any():
                    found.append(f"{value}: {finding}")
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_number_that_is_said_is_in_a_table(name: str):
    assert _missing(made_of(name)) == []


def test_a_number_from_nowhere_is_found(headline: Comparison):
    section = headline.sections["effects"]
    section.findings.append("Unmet need: lower in all, by −77.7 [−78.8, −76.6].")
    try:
        assert len(_missing(headline)) == 3
    finally:
        section.findings.pop()


def test_what_was_planted_is_said(headline: Comparison):
    factorial = "\n".join(headline.sections["factorial"].findings)
    assert "Hinder each other: committee × fund +" in factorial
    assert re.search(r"No interaction shown: .*committee × grid_staffing [+−]\S+ \[−\S+, \+\S+\]", factorial)
    assert re.search(r"Shapley shares: of −4\d", factorial)
    doses = made_of("doses").sections["doses"].findings
    assert any(re.match(r"fund, Unmet need: (saturates|bends) at ", finding) for finding in doses)
    assert any("in proportion" in finding for finding in doses)


def test_a_null_is_said_as_plainly_as_an_effect():
    made = compare(studies.bundles(seeds=6), SOME)
    said = made.sections["effects"].findings
    assert re.search(
        r"more_of_the_same [+−]\S+ \[−\S+, \+\S+\]", next(f for f in said if f.startswith("No difference"))
    )
    assert "Trust: no difference shown in 6 of 6." in said
    row = next(line for line in made.text().splitlines() if line.lstrip().startswith("more_of_the_same  "))
    assert "○" in row
    assert "No difference shown under any policy: Trust." in made.text()


def test_the_two_theories_disagree_and_the_report_says_so():
    theories = made_of("theories")
    said = "\n".join(theories.sections["regret"].findings)
    assert (
        "Better than fragmented under one theory and worse under another: chengdu_2019 (performance and anchoring)"
        in said
    )
    assert "under anchoring" in theories.sections["effects"].findings[0]
    steady = compare(studies.bundles(seeds=4, theories=("performance", "disconfirmation")), SOME)
    assert "No policy is shown to be better than fragmented under one theory and worse under another." in (
        steady.sections["regret"].findings
    )


@pytest.mark.parametrize("name", CASES)
def test_the_text_fits_and_says_what_it_is(name: str):
    text = made_of(name).text()
    lines = text.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 118
    for expected in (
        studies.STUDY_ID,
        "against fragmented",
        "not prediction",
        "grade D",
        "govsim params",
        "95%",
        "runs:",
    ):
        assert expected in " ".join(text.split())
    assert lines[1].startswith("What does each do")


def test_forty_policies_leave_the_middle_out_and_say_so():
    names = [*studies.NAMES, *(f"policy_{i}" for i in range(34))]
    text = compare(studies.bundles(names, seeds=3)).text()
    assert len(text.splitlines()) <= 60
    assert re.search(r"… \d+ between these, in the report", text)
    assert re.search(r"Unmet need: .*\d+ of 40", text)


# --- what can be said against it


def test_failed_runs_are_counted_and_kept():
    failure = pd.DataFrame({"point": [1, 1], "seed": [8, 9], "run_id": ["a", "b"], "error": ["full disk", "full disk"]})
    made = compare(studies.bundles(seeds=3, failures=lambda: failure), SOME)
    assert "2 runs failed" in made.sections["luck"].findings[-1]
    assert list(made.tables["failures"]["error"]) == ["full disk", "full disk"]
    assert "2 failed" in made.text()
    assert "No run failed." in compare(studies.bundles(seeds=3), SOME).sections["luck"].findings


def test_worlds_that_are_the_same_are_named():
    made = studies.bundles(seeds=4)
    runs, twin = made.runs, "chengdu_2019 without grid_integration"
    outcomes = list(runs.columns[runs.columns.get_loc("seed") + 1 :])  # pyright: ignore
    here, there = (np.flatnonzero(runs["policy"] == name) for name in ("chengdu_2019", twin))
    assert same_points(runs).empty
    assert same_seeds(runs).empty
    runs.loc[there, outcomes] = runs.loc[here, outcomes].to_numpy()
    runs.loc[here[3], outcomes] = runs.loc[here[0], outcomes].to_numpy()
    runs.loc[there[3], outcomes] = runs.loc[here[0], outcomes].to_numpy()
    assert list(same_points(runs)["policies"]) == [f"chengdu_2019 = {twin}"]
    assert list(same_seeds(runs)["seeds"]) == ["1, 4", "1, 4"]
    said = "\n".join(compare(made, SOME).sections["luck"].findings)
    assert f"The same in every outcome and seed: chengdu_2019 = {twin}." in said
    assert "Replicates that are the same in every outcome, so that n says too much: chengdu_2019 (seeds 1, 4)" in said


def test_one_replicate_shows_nothing():
    made = compare(studies.bundles(seeds=1), SOME)
    assert "There is a single replicate: no interval and no verdict can be given." in made.sections["luck"].findings
    assert "lower" not in made.sections["effects"].findings[0]


def test_pairing_is_reported(headline: Comparison):
    said = headline.sections["luck"].findings[0]
    low, high = map(float, re.findall(r"([\d.]+) times", said))
    assert 3.0 < low < high  # the planted luck is ten times the runs' own


# --- asked wrongly


def test_what_does_not_exist_is_refused_by_name():
    made = studies.headline(seeds=2)
    with pytest.raises(ConfigError, match=r"trusst: no such outcome; nearest: trust"):
        compare(made, ["trusst"])
    with pytest.raises(ConfigError, match=r"baseline=fragmentd: not in this study.*fragmented"):
        compare(made, baseline="fragmentd")
    empty = studies.study(made.runs.iloc[:0], {})
    with pytest.raises(ConfigError, match="no finished runs"):
        compare(empty)


def test_another_baseline_turns_the_difference_round(headline: Comparison):
    turned = compare(headline.material.study, [UNMET], baseline="fund=350000.0").tables["effects"]
    there = headline.tables["effects"].query("policy == 'fund=350000.0' and outcome == @UNMET")["difference"]
    back = turned.query("policy == 'fragmented'")["difference"]
    assert back.iloc[0] == pytest.approx(-there.iloc[0])


# --- files


class _Links(HTMLParser):
    """What a page asks for from outside, and whether its tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.images = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.images += tag == "img"
        self.ids.add(values.get("id") or "")
        for key in ("src", "href", "srcset", "data", "poster", "action"):
            link = values.get(key)
            inside = link is None or link.startswith("data:image/svg+xml;base64,") or (tag == "a" and link[0] == "#")
            self.outside += [] if inside else [f"{tag} {link}"]
        if tag in ("script", "iframe", "object", "embed", "link"):
            self.outside.append(tag)
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.outside += re.findall(r"url\(|@import|https?:", data)


def _links(page: str) -> _Links:
    links = _Links()
    links.feed(page)
    assert links.open == []
    return links


def test_the_page_needs_nothing_from_outside(headline: Comparison):
    page = headline.html()
    links = _links(page)
    assert links.outside == []
    assert page.count(f"Study {studies.STUDY_ID}, n = 6, 95% intervals") >= 5
    assert links.images == len(headline.figures)
    assert set(headline.sections) <= links.ids
    for expected in (studies.STUDY_ID, "not prediction", "grade D"):
        assert expected in page
    for section in headline.sections.values():
        for finding in section.findings:
            assert finding.replace("'", "&#39;").replace(">", "&gt;") in page


def test_what_a_page_asks_for_is_found():
    page = "<html><style>a { background: url(x.png) }</style><img src='https://x.org/a.png'><script></script></html>"
    assert _links(page).outside == ["url(", "img https://x.org/a.png", "script"]


def test_names_cannot_break_the_page():
    nasty = '<script>alert("x")</script> & |'
    made = compare(studies.bundles([nasty, "chengdu_2019"], seeds=3), [UNMET])
    assert _links(made.html()).outside == []
    assert "&lt;script&gt;" in made.html()
    assert "<script>" not in made._repr_html_()
    row = next(
        line for line in made.markdown().splitlines() if line.startswith("| Unmet need | &") or nasty[:8] in line
    )
    assert row


def test_a_sweep_that_asks_no_question_has_a_page_too():
    made = studies.bundles(seeds=3)
    made.manifest |= {"question": "", "experiment": ""}
    report = compare(made, [UNMET])
    assert "<h1>Comparison of policies</h1>" in report.html()
    assert report.markdown().startswith("# Comparison of policies\n")
    assert report.text().startswith(f"Study {studies.STUDY_ID}\ncompared: 6 policies against fragmented")


def test_a_report_is_written_whole_and_the_same_each_time(headline: Comparison, tmp_path: Path):
    folder = headline.write(tmp_path)
    assert folder == tmp_path / "report"
    assert {p.stem for p in (folder / "tables").iterdir()} == set(headline.tables)
    assert {p.name for p in (folder / "figures").iterdir()} == {
        f"{n}.{k}" for n in headline.figures for k in ("png", "svg")
    }
    for name, table in headline.tables.items():
        read = pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=True)
        assert set(read["study"]) == {studies.STUDY_ID}
        assert list(read.columns) == list(table.columns)
    effects = pd.read_csv(folder / "tables" / "effects.csv")
    np.testing.assert_array_equal(effects["difference"], headline.tables["effects"]["difference"])
    pictures = re.findall(r"\]\((\S+)\)", (folder / "report.md").read_text(encoding="utf-8"))
    assert pictures
    assert all((folder / picture).is_file() for picture in pictures)

    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (folder / "left-over.txt").touch()
    again = Comparison(headline.material)
    again.write(tmp_path)
    assert {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_a_report_that_fails_leaves_the_earlier_one(headline: Comparison, tmp_path: Path, monkeypatch):
    earlier = tmp_path / "report"
    earlier.mkdir()
    (earlier / "report.html").write_text("earlier")

    def full(self: Comparison) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(Comparison, "markdown", full)
    with pytest.raises(OSError, match="no space"):
        headline.write(tmp_path)
    assert (earlier / "report.html").read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_figures_are_drawn_when_they_are_asked_for_and_once():
    made = compare(studies.bundles(seeds=3), [UNMET])
    assert made.figures._drawn == {}  # pyright: ignore[reportAttributeAccessIssue]
    assert "frontier" in made.figures
    assert made.figures["frontier"] is made.figures["frontier"]
    assert list(made.figures._drawn) == ["frontier"]  # pyright: ignore[reportAttributeAccessIssue]


def test_templates_are_part_of_the_package():
    from importlib.resources import files

    found = {path.name for path in files("govsim.compare").joinpath("templates").iterdir()}
    assert found == {"report.html.jinja", "report.md.jinja"}


# --- words


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((-10.62, -11.2, -10.1), "−10.6 [−11.2, −10.1]"),
        ((0.0381, 0.0376, 0.0386), "+0.0381 [+0.0376, +0.0386]"),
        ((1234.0, 1200.0, 1268.0), "+1,234 [+1,200, +1,268]"),
        ((0.0, 0.0, 0.0), "0 [0, 0]"),
        ((3.0, np.nan, np.nan), "+3.00"),
        ((np.nan, np.nan, np.nan), "–"),
        ((0.00002, -0.03, 0.03), "+0.00002 [−0.030, +0.030]"),
        ((25.1, 25.1, 25.1), "+25.1 [+25.1, +25.1]"),
    ],
)
def test_intervals_have_two_digits_of_their_width(values: tuple[float, float, float], text: str):
    assert interval(*values) == text


def test_words():
    assert number(float("inf")) == "∞"
    assert listed("abc") == "a, b and c"
    assert listed("abcdefgh", most=3) == "a, b and 6 more"
    assert minus("a-b: -3 to -0.5, x-1") == "a-b: −3 to −0.5, x-1"


def test_a_table_for_reading_joins_estimates_with_their_intervals_and_drops_what_says_nothing():
    table = pd.DataFrame(
        {
            "study": "x", "outcome": ["trust"] * 2, "theory": "performance", "budget": np.nan, "policy": ["a", "b"],
            "mean": [0.5, 0.6], "difference": [0.01, -0.02], "low": [0.005, -0.03], "high": [0.015, -0.01], "n": [5, 5],
            "p": [0.0, 0.02], "p_holm": [0.0001, 0.04], "identical": [False, True],
        }
    )  # fmt: skip
    shown = readable(table)
    assert list(shown.columns) == ["outcome", "policy", "mean", "difference [95%]", "p (Holm)", "identical"]
    assert list(shown["difference [95%]"]) == ["+0.010 [+0.005, +0.015]", "−0.020 [−0.030, −0.010]"]
    assert list(shown["p (Holm)"]) == ["< 0.001", "0.040"]
    assert list(shown["identical"]) == ["", "yes"]
