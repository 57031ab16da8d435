"""What a city costs, measured side by side: one command, one dated table of ratios, the machine beside it.

    uv run python benchmarks/run.py                      all parts but `size`
    uv run python benchmarks/run.py sizes processes      some parts
    uv run python benchmarks/run.py --places community street district --repeats 1    a first try, a few minutes
    uv run python benchmarks/run.py size                 the size law at full scale

Parts:
    plain       the city against the plain model (``tests/oracle``): same place, same rules, docked before and after
    sizes       time per resident and week at each place, in one thread and in two
    memory      bytes a resident, bytes that a week moves, and how far from the machine's bandwidth each process is
    processes   time by process, before the reform and under it
    residents   the week of attitudes against the same rule in whole arrays of numpy
    run         a whole run of the largest place from its command to its table: seconds, GB, compiled kernels or none
    commands    `govsim run`, bad input, and `import govsim` against `import mesa`
    size        do the two largest places agree in six outcomes and in the effect of the policy? (off by default)

Each part runs in a process of its own, and writes every row as it is measured: a part that fails loses no other. A
part that is run again on the same day replaces its own rows.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter

import machine
from report import Report

ROOT = Path(__file__).resolve().parents[1]

PARTS = {
    "plain": "against_plain",
    "sizes": "sizes",
    "memory": "memory",
    "processes": "processes",
    "residents": "whole_arrays",
    "run": "whole_run",
    "commands": "commands",
    "size": "size_law",
}
"""Each part and its module, which measures with ``measure(asked, report)``."""
BY_DEFAULT = [part for part in PARTS if part != "size"]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="all but size, unless some are named")
    parser.add_argument("--places", nargs="+", default=["street", "district", "chengdu"], help="smallest first")
    parser.add_argument("--repeats", type=int, default=3, help="how often all that is compared is measured in turn")
    parser.add_argument("--plain-residents", type=int, default=250_000, help="largest place of the plain model")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results", help="folder of the tables")
    asked = parser.parse_args()
    asked.parts = asked.parts or BY_DEFAULT
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))} (there are {', '.join(PARTS)})")
    return asked


def main() -> int:
    """Measure what was asked for; 1 if a part failed."""
    asked = _asked()
    if len(asked.parts) == 1:
        _measure(asked.parts[0], asked)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # which stops the part that is under way, too
    options = [word for word in sys.argv[1:] if word not in asked.parts]
    failed = [part for part in asked.parts if subprocess.run([sys.executable, __file__, part, *options]).returncode]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _measure(part: str, asked: argparse.Namespace) -> None:
    sys.path[:0] = [str(ROOT / "tests" / "laws"), str(ROOT / "tests" / "oracle")]
    Report("machine", asked.out).row("The machine", "as it is", machine.described())
    report = Report(part, asked.out)
    start, load = perf_counter(), os.getloadavg()[0]
    try:
        import_module(PARTS[part]).measure(asked, report)
    finally:
        minutes = (perf_counter() - start) / 60.0
        spent = {"minutes": minutes, "load at its start": load, "load at its end": os.getloadavg()[0]}
        report.row(f"What `{part}` took, and how busy the machine was", part, spent)
        report.lay_out()


if __name__ == "__main__":
    sys.exit(main())
