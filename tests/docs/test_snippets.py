"""Every command and every block of code that a reader can copy from the README, the documents and the experiments."""

from __future__ import annotations

import gc
import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import snippets
from hydra.core.config_store import ConfigStore
from matplotlib.figure import Figure
from snippets import EXCERPTS, NOT_RUN, PAGES, ROOT, UNDERSTOOD, blocks, commands, follow, mentions, small, understand

import govsim
from govsim.cli import main
from govsim.compare.sections import Picture
from govsim.config.check import ConfigError
from govsim.config.compose import compose
from govsim.policies import INSTRUMENTS, Instrument

WITH_BLOCKS = [path for path in PAGES if any(blocks(path))]
WITH_MENTIONS = [path for path in PAGES if any(mentions(path))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like a clone to work in, where everything is small and nothing is drawn."""
    for part in ("govsim/policies", "configs/policy", "tests/policies"):
        (tmp_path / part).mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "policies" / "test_instruments.py", tmp_path / "tests" / "policies")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "reference").symlink_to(ROOT / "results" / "reference")
    monkeypatch.chdir(tmp_path)
    whole_run, whole_study = govsim.simulate, govsim.run_study
    monkeypatch.setattr(govsim, "simulate", lambda *texts, **_: whole_run(*small(texts)))
    monkeypatch.setattr(govsim, "run_study", lambda *texts, **_: whole_study(*small(texts, study=True)))
    monkeypatch.setattr("govsim.plot.overview", lambda run: Figure())
    monkeypatch.setattr(Picture, "draw", lambda *_: Figure())
    known = set(INSTRUMENTS)
    gc.freeze()  # a run collects garbage, which takes long beside all that tests have loaded
    yield tmp_path
    gc.unfreeze()
    for name in set(INSTRUMENTS) - known:
        del INSTRUMENTS[name], sys.modules[f"govsim.policies.{name}"]


def discover(folder: Path) -> None:
    """Find instruments that were written to a folder, as Python does when it starts in a clone."""
    for path in folder.glob("govsim/policies/*.py"):
        if path.stem not in INSTRUMENTS:
            spec = importlib.util.spec_from_file_location(f"govsim.policies.{path.stem}", path)
            assert spec is not None
            assert spec.loader is not None
            module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            (found,) = (
                item for item in vars(module).values()
                if isinstance(item, type) and issubclass(item, Instrument) and item is not Instrument
            )  # fmt: skip
            compose([])  # which registers those that there were
            INSTRUMENTS[path.stem] = found
            ConfigStore.instance().store(path.stem, found, group="instrument")


@pytest.mark.parametrize("path", WITH_BLOCKS, ids=name_of)
def test_every_block_of_a_page_does_what_it_says(path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch):
    was = snippets.run
    names: dict[str, object] = {"__name__": "page"}
    exec(EXCERPTS.get(name_of(path), ""), names)

    def run(line: str) -> None:
        was(line)
        discover(clone)

    monkeypatch.setattr(snippets, "run", run)
    for block in blocks(path):
        if block.language == "python" and block.file:
            shown_is_written(block.text, clone / block.file)
        else:
            follow(block, names, clone)


def shown_is_written(text: str, file: Path) -> None:
    """A part of a file that a page shows is in the file, but for how its lines are broken."""
    assert "".join(text.split()).replace(",}", "}") in "".join(file.read_text().split()).replace(",}", "}")


@pytest.mark.parametrize("path", WITH_MENTIONS, ids=name_of)
def test_every_command_in_a_sentence_is_understood(path: Path, clone: Path):
    for line in dict.fromkeys(mentions(path)):
        if line not in NOT_RUN:
            understand(line, clone)


def test_what_is_left_out_is_on_some_page():
    lines = [
        line for path in PAGES for block in blocks(path) if block.language == "bash" for line in commands(block.text)
    ]
    lines += [line for path in PAGES for line in mentions(path)]
    assert set(NOT_RUN) <= set(lines)
    assert all(any(re.match(pattern, line) for line in lines) for pattern in UNDERSTOOD)


def test_what_a_reader_could_not_copy_is_noticed(clone: Path, tmp_path: Path):
    for line in ("govsim run policy=fundd", "govsim study experiment=headlines", "govsim params fnud"):
        with pytest.raises((AssertionError, ConfigError, pytest.fail.Exception)):
            understand(line, clone)
        assert main(line.split()[1:]) == 2
    with pytest.raises(AssertionError, match="no test knows how to run this"):
        snippets.run("rm -rf results")
    with pytest.raises(AssertionError):
        understand("uv run python experiments/nothing.py", clone)
