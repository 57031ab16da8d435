"""What a run will need of memory, against what it takes; and a place that is too large is refused before it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from govsim import ConfigError, simulate
from govsim.cli import main
from govsim.config.compose import compose
from govsim.study import memory
from govsim.study.memory import free, needed, size

SHORT = ("warmup=13", "weeks=26")
PLACES = ("community", "street", "district")
TOLERANCE, NOISE = 0.35, 30e6
"""How far what a place takes beyond a community may be from what was declared, and bytes that say nothing."""


@pytest.mark.skipif(sys.platform != "linux", reason="what a process gives back to the system differs")
def test_what_larger_places_take_is_what_was_declared():
    simulate("place=community", *SHORT)  # compiles the kernels, if nobody has
    runs = [[f"place={place}", *SHORT] for place in PLACES]
    taken, declared = [peak(*run) for run in runs], [needed(compose(run).config) for run in runs]
    assert declared[2] - declared[0] > 4 * NOISE
    for here, there in zip(taken[1:], declared[1:], strict=True):
        beyond, expected = here - taken[0], there - declared[0]
        assert abs(beyond - expected) < TOLERANCE * expected + NOISE, (taken, declared)


def peak(*run: str) -> int:
    """Most bytes that a process held which did nothing but this run."""
    code = "import sys, govsim; print(govsim.simulate(*sys.argv[1:]).manifest['peak_memory_bytes'])"
    command = [sys.executable, "-c", code, *run]
    return int(subprocess.run(command, check=True, capture_output=True, timeout=240).stdout)


def test_more_of_anything_needs_more():
    district = compose(["place=district"])
    for more in ("weeks=200", "warmup=104", "record.cases=true", "behaviour.rate_scale=1.5"):
        assert needed(compose(["place=district", more]).config) > needed(district.config), more
    for less in ("baseline=none", "record.handoffs=off", "place=street"):
        overrides = [less] if less.startswith("place=") else ["place=district", less]
        assert needed(compose(overrides).config) < needed(district.config), less
    assert 3e9 < needed(compose(["place=chengdu"]).config) < 5e9  # a world without a baseline took 2.8 GB


# --- the command


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine with 3.2 GB to give, on which nothing may run."""
    monkeypatch.setattr(memory, "free", lambda: 3.2e9)
    monkeypatch.setattr("govsim.study.run.run_worlds", lambda *_: pytest.fail("ran"))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_a_place_that_does_not_fit_is_refused(room, tmp_path: Path, capsys):
    huge = ("place=chengdu", "place.residents=30000000")
    assert main(["run", *huge, "checkpoint.every=13"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "govsim: place.residents=30,000,000: needs about 4.7 GB of memory, and 3.2 GB are free; "
        "take fewer residents or weeks\n"
    )
    with pytest.raises(ConfigError, match=r"^place\.residents=30,000,000: needs about 4\.7 GB"):
        simulate(*huge)
    assert not list(tmp_path.iterdir())


def test_what_would_fit_is_named(room):
    with pytest.raises(ConfigError, match=r"3\.2 GB are free; baseline=none would fit, or fewer residents or weeks$"):
        simulate("place=chengdu")


def test_a_large_place_says_what_it_needs_and_a_small_one_nothing(room, capsys):
    class Started(Exception):
        pass

    def start(*_: object) -> None:
        raise Started

    room.setattr("govsim.study.run.run_worlds", start)
    for place, said in {"district": "govsim: needs about 760 MB of memory\n", "street": ""}.items():
        with pytest.raises(Started):
            main(["run", f"place={place}"])
        assert capsys.readouterr().err == said


def test_nothing_is_refused_where_the_machine_does_not_say(room):
    room.setattr(memory, "free", lambda: None)
    assert memory.check(compose(["place=chengdu"]).config) > 3e9


def test_sizes_are_written_as_people_do():
    assert [size(x) for x in (2.4e8, 9.994e8, 1.42e9, 9.94e9, 9.96e9, 2.14e10)] == [
        "240 MB", "1.0 GB", "1.4 GB", "9.9 GB", "10 GB", "21 GB",
    ]  # fmt: skip


# --- the machine


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


MEMINFO = "MemTotal: 16000000 kB\nMemFree: 1000000 kB\nMemAvailable: 8000000 kB\n"


def test_this_machine_says_what_is_free():
    room = free()
    assert room is None or room > 1e6


def test_what_is_available_is_free(tmp_path: Path):
    assert free(machine(tmp_path, {"proc/meminfo": MEMINFO})) == 8_192e6


def test_a_control_group_may_have_less(tmp_path: Path):
    files = {
        "proc/meminfo": MEMINFO,
        "proc/self/cgroup": "0::/slurm/job\n",
        "sys/fs/cgroup/slurm/memory.max": "3000000000\n",
        "sys/fs/cgroup/slurm/memory.current": "900000000\n",
        "sys/fs/cgroup/slurm/memory.stat": "anon 500000000\ninactive_file 400000000\n",
        "sys/fs/cgroup/slurm/job/memory.max": "max\n",
        "sys/fs/cgroup/slurm/job/memory.current": "900000000\n",
        "sys/fs/cgroup/slurm/job/memory.stat": "inactive_file 400000000\n",
    }
    assert free(machine(tmp_path, files)) == 2.5e9


def test_a_control_group_of_the_first_version_too(tmp_path: Path):
    files = {
        "proc/meminfo": MEMINFO,
        "proc/self/cgroup": "9:name=systemd:/\n4:memory:/not/mounted/here\n0::/\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": "600000000\n",
        "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 100000000\n",
    }
    assert free(machine(tmp_path, files)) == 1.5e9


def test_a_machine_without_proc_has_what_it_has(tmp_path: Path, monkeypatch):
    room = free(tmp_path)
    assert room is None or room > 1e6
    monkeypatch.setattr(memory.os, "sysconf_names", {}, raising=False)
    assert free(tmp_path) is None
