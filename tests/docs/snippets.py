"""Commands and code of the README, the documents and the experiments: found, made small, and run or understood.

A page is done in the order in which a reader would: its blocks share a folder, and its Python shares its names. *Run*
is the command itself with a small place, few weeks and few seeds. *Understood* is all that comes before the first
week: arguments are read, the configuration is composed, a study is planned.
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

from govsim.calibration.spec import read_calibration
from govsim.cli import COMMANDS, main
from govsim.config.compose import compose
from govsim.config.overrides import expand, normalise
from govsim.study.plan import make_plan
from govsim.study.spec import read_spec

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("README.md")),
    *(path for path in sorted(ROOT.glob("docs/**/*.md")) if "_" not in path.relative_to(ROOT / "docs").parts[0]),
    *sorted(ROOT.glob("experiments/*/README.md")),
]

SMALL_PLACES = ("community", "honghu", "xiajiancao")
SMALL_WORLD = {"warmup": "4", "weeks": "20"}
SMALL_STUDY = {"replicates": "2", "jobs": "1", "cache": "off", "samples": "2", "members": "2"}
SMALL_EACH = {"levers.each": "[fund,committee]"}
SMALL_UNTIL = {"until.first": "2", "until.most": "2", "until.round": "1"}

NOT_RUN = {
    "pip install .": "asks a registry of packages",
    "uv run pytest": "is what runs this",
    "uv run --group docs sphinx-build -q -W -b html docs docs/_build": ".ci/run takes this line from the README",
    "sbatch study.sh": "needs Slurm",
    "tail -f headline.log": "waits for a job of Slurm",
    "uv run python -m govsim.language.update": "writes into the source; tests/language asks if it is whole",
    "uv run --with jieba python docs/generator/font.py NotoSansSC_400Regular.ttf NotoSansSC_700Bold.ttf": (
        "asks a registry for a package, and for files that only its reader has"
    ),
}
"""Lines that are neither run nor understood here, and why."""

UNDERSTOOD = {
    r"(uv run )?govsim watch": "serves until it is stopped; tests/app opens it in a browser",
    r"(uv run )?govsim calibrate": "runs hundreds of worlds; tests/calibration does so with planted targets",
    r"(uv run )?govsim check .*ensemble=": "runs a whole ensemble; tests/calibration does so with planted ones",
    r"(uv run )?govsim explain .*--case": "asks for a case of the whole run; tests/explain tells of cases",
    r"uv run pytest .": "a test within a test; its files must be there",
    r"uv run python experiments/": "the whole of an experiment takes minutes; it must plan its first study",
    r"uv run python benchmarks/": "measures for minutes; it must be there",
    r"uv run python tests/oracle/mutants.py": "takes minutes; test_mutants.py runs a part; it must be there",
    r"uv run jupytext ": "writes beside the notebook; it must be there",
}
"""Beginnings of lines that are understood and not run, and why."""

EXCERPTS = {
    "docs/how-to/mechanism.md": "from govsim.process import Process",
    "docs/how-to/languages.md": "policy, budget = 'fund', 22",
}
"""Pages whose Python is a part of a file, and what stands above it there."""

NEEDS_A_CLUSTER = "docs/how-to/clusters.md"
"""A page whose commands are understood and not run: tests/test_launchers.py runs the engines and launchers."""


SUFFIXES = {"python": "py", "yaml": "yaml"}


class Block(NamedTuple):
    """A fenced block of a page.

    Attributes:
        page: relative to the root of the clone.
        line: where it begins.
        language: ``bash``, ``python``, ``yaml``, or empty.
        text: what is in it.
        file: the file of its language that the paragraph before it names last, or empty.
    """

    page: str
    line: int
    language: str
    text: str
    file: str


def blocks(path: Path) -> Iterator[Block]:
    """Every fenced block of a page but directives of the documentation's builder."""
    before = ""
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        if token.type == "inline":
            before = token.content
        if token.type == "fence" and not token.info.startswith("{"):
            named = re.findall(rf"`([\w/.-]+\.{SUFFIXES.get(token.info, '-')})`", before)
            start = token.map[0] + 1 if token.map else 0
            yield Block(path.relative_to(ROOT).as_posix(), start, token.info, token.content, (named or [""])[-1])


def mentions(path: Path) -> Iterator[str]:
    """Every command that a page names within a sentence and that is no pattern (NAME, …)."""
    tokens = MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8"))
    for code in (part for token in tokens for part in token.children or () if part.type == "code_inline"):
        text = " ".join(code.content.split())
        if re.match(r"(uv run|govsim) \S", text) and not re.search(r"…|[A-Z]{2,}", text):
            yield text


def commands(text: str) -> list[str]:
    """The lines of a shell block, joined where they are continued, without comments."""
    lines = text.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip() and not line.lstrip().startswith("#")]


class Understood(Exception):
    """Everything before the first week was done."""


def understood_study(arguments: Sequence[str], *_: object) -> None:
    """In place of running a study: plan it, but for experiments as they stand (tests/test_plan.py does)."""
    spec, _settings, name = read_spec(arguments)
    if not name or spec != read_spec([f"experiment={name}"])[0]:
        make_plan(spec)
    raise Understood


def understood_page(port: int) -> None:
    """In place of opening a port for the page."""
    raise Understood


def small(arguments: Sequence[str], study: bool = False) -> list[str]:
    """The arguments of a run or a study with a small place, few weeks and few seeds."""
    asked = {text.partition("=")[0]: text for text in arguments}
    place = asked.get("place", "").partition("=")[2]
    values = SMALL_WORLD | {"place": place if place in SMALL_PLACES else "community"}
    if study:
        values |= SMALL_STUDY
        if asked.get("replicates") == "replicates=until":
            values |= SMALL_UNTIL | {"replicates": "until"}
        if "levers.each=all" in arguments or "experiment=each" in arguments:
            values |= SMALL_EACH
    return [*(asked | {key: f"{key}={value}" for key, value in values.items()}).values()]


def small_sweep(arguments: Sequence[str]) -> list[str]:
    """The arguments of a sweep, with a small world and one seed."""
    return ["-m", *("seed=1" if text.startswith("seed=") else text for text in small(arguments[1:]))]


def words(line: str) -> list[str]:
    """What a shell makes of a line."""
    return shlex.split(os.path.expandvars(line))


def run(line: str) -> None:
    """Run a line of a shell block, small."""
    argv = words(line)
    argv = argv[2:] if argv[:2] == ["uv", "run"] else argv
    assert argv[0] == "govsim", f"{line}: no test knows how to run this; give the reason in NOT_RUN or UNDERSTOOD"
    name, arguments, allowed = argv[1], argv[2:], (0,)
    if name == "run":
        arguments = small_sweep(arguments) if arguments[:1] == ["-m"] else small(arguments)
    elif name == "study":
        arguments = small(arguments, study=True)
    elif name == "check":
        # targets are dated, so all weeks are needed; of a single small world any may be out of its band
        arguments, allowed = ["place=community", "seeds=1", "jobs=1", "cache=off"], (0, 1)
    elif name == "reproduce":
        arguments = [*arguments, "jobs=1"]
    code = main([name, *arguments])
    assert code in allowed, f"{line}: exit code {code}"


def understand(line: str, folder: Path) -> None:
    """Do all that a line does before the first week."""
    argv = words(line)
    argv = argv[2:] if argv[:2] == ["uv", "run"] else argv
    if argv[0] == "govsim":
        return _understand_command(argv[1], argv[2:])
    files = [word for word in argv[1:] if re.search(r"\.(py|md)$", word)]
    assert files, f"{line}: no test understands this"
    assert all((folder / file).is_file() or (ROOT / file).is_file() for file in files), line
    if argv[:1] == ["python"] and argv[1].startswith("experiments/"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", argv[1:])
            patch.syspath_prepend(str((ROOT / argv[1]).parent))
            patch.setattr("govsim.study.conduct.conduct", understood_study)
            with pytest.raises(Understood):
                runpy.run_path(str(ROOT / argv[1]), run_name="__main__")
    return None


def _understand_command(name: str, arguments: list[str]) -> None:
    assert name in COMMANDS
    if arguments in ([], ["-m"]):  # a command is spoken of
        return
    if name == "run" and arguments[0] == "-m":
        assert len(expand(normalise(arguments[1:], sweep=True))) > 1
    elif name == "run":
        compose(arguments)
    elif name in ("study", "check", "watch"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("govsim.study.conduct.conduct", understood_study)
            patch.setattr("govsim.app.serve.free_port", understood_page)
            with pytest.raises(Understood):
                main([name, *arguments])
    elif name == "calibrate":
        read_calibration(arguments)
    elif name in ("list", "params", "diff"):
        assert main([name, *arguments]) == 0
    else:  # a folder that a reader has, or files that would be written
        COMMANDS[name].parser.parse_intermixed_args(arguments)


def follow(block: Block, names: dict[str, object], folder: Path) -> None:
    """Do what a block says, in this folder."""
    if block.language == "python":
        exec(compile(block.text, f"{block.page}:{block.line}", "exec"), names)
    elif block.language == "yaml":
        _write_option(block, folder)
    elif block.language == "bash" and block.text.startswith("#!"):
        subprocess.run(["bash", "-n"], input=block.text, text=True, check=True)
        for line in commands(block.text):
            if line.startswith("govsim "):
                understand(line.replace("$SLURM_CPUS_PER_TASK", "2"), folder)
    elif block.language == "bash":
        for line in commands(block.text):
            if line in NOT_RUN:
                continue
            if block.page == NEEDS_A_CLUSTER or any(re.match(pattern, line) for pattern in UNDERSTOOD):
                understand(line, folder)
            else:
                run(line)
    else:  # a layout: a path and what it is
        assert not block.language, f"{block.page}:{block.line}: no test knows {block.language}"
        for line in block.text.splitlines():
            assert (ROOT / line.split()[0]).exists(), line


def _write_option(block: Block, folder: Path) -> None:
    """Write the file that a YAML block shows, and compose it."""
    group, name = Path(block.file).parts[1], Path(block.file).stem
    path = folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    if group == "experiment":
        make_plan(read_spec([f"experiment={name}"])[0])
    else:
        compose([f"{group}={name}"])
