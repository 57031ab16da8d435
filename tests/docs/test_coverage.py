"""The table of the article's mechanisms: none is missing, and each file, key and test that it names is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from generator.coverage import Row, rows

from govsim.config.check import declared
from govsim.config.overrides import files

ROOT = Path(__file__).parents[2]
MECHANISMS = {
    "grid.integration", "grid.duties", "committee.duties", "committee.problem", "tiers.roles", "compound.tripartite",
    "compound.owner_party", "compound.covenant", "alliance", "case.structures", "case.pilot", "case.renovation",
    "case.security_gates", "case.honghu_method", "case.parking", "culture.venues", "compound.station",
    "participation.channels", "enterprise.cobuild", "sinking",
}  # fmt: skip
"""Facts of the article of which the model must hold the mechanism."""


def what_is_missing(row: Row) -> list[str]:
    """Names of a row that stand for nothing."""
    return [
        *(file for file in row.files if not (ROOT / file).is_file()),
        *(key for key in row.keys if not is_key(key)),
        *(test for test in row.tests if not is_test(test)),
    ]


def is_key(key: str) -> bool:
    group, choice, option = key.partition("=")
    return option in files(group) if choice else declared(key) is not None


def is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body)


def test_no_mechanism_is_missing():
    ids = [row.id for row in rows()]
    assert sorted(ids) == sorted(MECHANISMS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_what_it_names_is_there(row):
    assert row.what
    assert row.files
    assert row.keys
    assert row.tests
    assert what_is_missing(row) == []


def test_what_is_not_there_is_noticed():
    row = rows()[0]
    for field, name in (
        ("files", "govsim/policies/nothing.py"),
        ("keys", "policy.committee.chairs"),
        ("keys", "place=atlantis"),
        ("tests", "tests/test_run.py::test_nothing"),
        ("tests", "tests/test_nothing.py::test_run_id_stands_for_the_result"),
    ):
        assert what_is_missing(row._replace(**{field: (name,)})) == [name]
