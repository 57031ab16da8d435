"""Pages made from declarations: all that is declared has its place in them, and only that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generator import choices, odd, pages, parameters
from generator.markdown import prose, table
from generator.week import acts, mechanisms, process_of, processes

from govsim.config.compose import compose
from govsim.config.overrides import files
from govsim.config.parameters import describe
from govsim.institutions.offices import Offices
from govsim.policies import INSTRUMENTS
from govsim.process import Process

DOCS = Path(pages.__file__).parents[1]


def test_every_mechanism_is_in_the_week():
    assert {act.who for act in acts() if issubclass(act.who, Process)} == set(processes())


def test_mechanisms_stand_in_the_order_of_the_week():
    names = [module.__name__.rpartition(".")[2] for module in mechanisms()]
    assert names[0] == "incidence"
    assert names.index("detection") < names.index("departments") < names.index("experience") < names.index("survey")
    assert {kind for module in mechanisms() for kind in process_of(module)} == set(processes()) - {Offices}


def test_each_submodel_says_what_it_does_and_what_it_leaves_out():
    text, left_out = odd.submodels(), odd.leaves_out()
    for module in mechanisms():
        lines = (module.__doc__ or "").strip().splitlines()
        title, colon, subtitle = lines[0].partition(": ")
        assert colon
        assert subtitle.endswith(".")
        assert f"### {title}\n" in text
        assert all(line.strip() in text for line in lines[1:])
        if "Leaves out" in (module.__doc__ or ""):
            assert re.search(rf"^\| {title} \| .", left_out, re.MULTILINE), f"{title}: 'Leaves out: …' is not found"


def test_every_column_is_in_the_tables():
    text = odd.entities()
    for kind in odd.tables():
        for name, column in kind.declared.items():
            assert f"| `{name}` | {column.unit} | {column.meaning.replace('|', chr(92) + '|')} |" in text


def test_every_parameter_is_in_one_section():
    shown = [entry.key for section in parameters.sections() for entry in section.entries]
    assert len(shown) == len(set(shown))
    config = compose([]).config
    for prefix, schema in (("behaviour.", config.behaviour), ("before.", config.before), ("place.", config.place)):
        assert {prefix + name for name, _, _ in describe(schema)} <= set(shown)


def test_a_default_in_the_tables_is_the_default():
    rows = dict(re.findall(r"^\| `behaviour\.(\w+)` \| ([\d.,-]+) \|", parameters.page("behaviour"), re.MULTILINE))
    numbers = {
        name: value for name, _, value in describe(type(compose([]).config.behaviour)) if not isinstance(value, str)
    }
    assert rows.keys() == numbers.keys()
    assert all(float(rows[name].replace(",", "")) == pytest.approx(value, rel=1e-3) for name, value in numbers.items())


def test_every_instrument_bundle_and_theory_has_its_place():
    text = choices.instruments()
    assert all(f"## `{name}`\n" in text for name in INSTRUMENTS)
    assert all(f"## `{name}`\n" in choices.bundles() for name in files("policy") if name not in INSTRUMENTS)
    assert all(f"## `behaviour={name}`\n" in choices.theories() for name in files("behaviour"))


def test_every_made_page_is_used_and_every_page_used_is_made():
    used = {name for page in DOCS.rglob("*.md") if "_" not in page.relative_to(DOCS).parts[0]
            for name in re.findall(r"_made/(\w+)\.md", page.read_text(encoding="utf-8"))}  # fmt: skip
    assert used == set(pages.PAGES)


def test_writing_leaves_what_is_right_and_takes_away_what_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "PAGES", {"one": lambda: "one\n", "two": lambda: "two\n"})
    (tmp_path / "old.md").write_text("old")
    (tmp_path / "one.md").write_text("one\n")
    before = (tmp_path / "one.md").stat().st_mtime_ns
    pages.write(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one.md": "one\n", "two.md": "two\n"}
    assert (tmp_path / "one.md").stat().st_mtime_ns == before


def test_docstrings_become_markdown():
    class Said:
        """A name: what it does.

        Rule. A formula follows ``here``

            x = a | b

        Source:
            A book, and :mod:`govsim.city`.
        """

    text = prose(Said)
    assert "\n\n    x = a | b\n\n" in text
    assert "**Source.** A book, and `govsim.city`." in text
    assert table(("a",), [("b | c",)]) == "| a |\n|---|\n| b \\| c |\n"
    assert table(("a",), []) == ""
