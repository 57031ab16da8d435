"""What studies cost beside the simulation itself: one command, one table.

    uv run python benchmarks/study.py            all of it, some minutes
    uv run python benchmarks/study.py speed      one part: speed, overhead or memory

*speed*: runs a second at each place. *overhead*: the part of the workers' time that is not simulation, for 1,000 short
runs, from the first to the last moment of the command, start-up included. *memory*: the most that any process held
while 10,000 runs were recorded, and what they take on disk. Simulation is what :mod:`govsim.study.engine` times: build
a city, step it, evaluate its outcomes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

JOBS = os.cpu_count() or 1


def study(out: Path, *overrides: str) -> dict[str, float]:
    """Run a study in a process of its own and return what it took."""
    code = f"from benchmarks.study import measure; measure({str(out)!r}, {overrides!r})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


ROOT = Path(__file__).resolve().parents[1]


def measure(out: str, overrides: tuple[str, ...]) -> None:
    """Run one study here and print figures of it as JSON, whole command and its steady part."""
    start, moments = perf_counter(), []

    def progress(done: int, total: int) -> None:
        moments.append((perf_counter(), done))

    from govsim import load_study
    from govsim.study.conduct import conduct

    conduct([*overrides, f"out={out}", f"jobs={JOBS}", "cache=off"], lambda _: None, progress)
    wall = perf_counter() - start
    timings = load_study(out).timings
    first, last = moments[len(moments) // 10], moments[-1]
    kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures = {
        "runs": len(timings),
        "wall_seconds": wall,
        "simulation_seconds": float(timings["seconds"].sum() + timings["warmup_seconds"].sum()),
        "steady_runs_a_second": (last[1] - first[1]) / (last[0] - first[0]),
        "main_megabytes": kilobytes[0] / 1e3,
        "worker_megabytes": kilobytes[1] / 1e3,
        "disk_megabytes": sum(file.stat().st_size for file in Path(out).rglob("*") if file.is_file()) / 1e6,
    }
    print(json.dumps(figures))


EACH = "levers.each=[committee,fund,grid_staffing,certificates]"  # and the baseline: five points


def speed(folder: Path) -> None:
    """Runs a second, a whole timeline each."""
    for place, replicates in (("community", 60), ("street", 20)):
        got = study(folder / place, EACH, f"place={place}", f"replicates={replicates}")
        print(f"runs a second, {place}, 116 weeks: {got['steady_runs_a_second']:.1f} ({got['runs']} runs)")


def overhead(folder: Path) -> None:
    """Share of the workers' time that is not simulation, 1,000 runs."""
    got = study(folder / "overhead", EACH, "place=community", "replicates=200")
    share = 1.0 - got["simulation_seconds"] / (JOBS * got["wall_seconds"])
    print(
        f"not simulation: {share:.1%} of {JOBS} x {got['wall_seconds']:.0f} s "
        f"({got['runs']} runs at place=community, start-up included)"
    )


def memory(folder: Path) -> None:
    """Peak memory of 10,000 recorded runs, short ones."""
    got = study(folder / "memory", EACH, "place=community", "weeks=26", "warmup=4", "replicates=2000")
    print(
        f"{got['runs']} runs recorded: the main process held {got['main_megabytes']:.0f} MB at most, a worker "
        f"{got['worker_megabytes']:.0f} MB; {got['disk_megabytes']:.0f} MB on disk; {got['wall_seconds']:.0f} s"
    )


PARTS = {"speed": speed, "overhead": overhead, "memory": memory}


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, unless some are named")
    asked = parser.parse_args().parts or list(PARTS)
    print(f"{platform.platform()}, {JOBS} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        for part in asked:
            PARTS[part](Path(folder))


if __name__ == "__main__":
    main()
