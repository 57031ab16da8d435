"""``govsim run -m``: one run for each combination of values, by Hydra's own sweeper and launchers.

A launcher may send jobs to other processes and machines. A job goes back to the folder in which the sweep was started,
composes its own overrides, writes its numbered folder and hands back what is to be said of it, so that one that fails
stops none of the others.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import chdir, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govsim.cli import show
from govsim.cli.command import FAILED
from govsim.cli.run import fresh
from govsim.config.check import ConfigError, check_out, nearest
from govsim.config.ensemble import ENSEMBLE, MEMBER
from govsim.language import in_language, spoken

if TYPE_CHECKING:
    from govsim.config.compose import Composed

__all__ = ["Done", "job", "sweep"]

_EXTRAS = {"joblib": "joblib", "submitit_local": "submitit", "submitit_slurm": "submitit", "ray": "ray"}
_HERE = "basic"  # Hydra's own launcher: one run after the other, in this process


@dataclass(frozen=True)
class Done:
    """What became of one run: its table, or what went wrong with it."""

    number: int
    overrides: str
    text: str = ""
    trace: str = ""

    def show(self) -> None:
        """Print it."""
        print(f"# {self.number}: {self.overrides}", flush=True)
        if self.trace:
            print(self.trace, end="", file=sys.stderr, flush=True)
        else:
            print(self.text, flush=True)


def sweep(overrides: Sequence[str]) -> int:
    """Run every combination of values and return the exit code."""
    from govsim.config.overrides import expand, normalise, overrides_from_kwargs

    lines = normalise(overrides, sweep=True)
    for line in lines:
        if line.startswith("hydra.sweep."):
            raise ConfigError(f"{line}: cannot be set; out names the folder of a sweep, and its runs are numbered")
        if line.startswith((f"{ENSEMBLE}=", f"{MEMBER}=")):
            raise ConfigError(f"{line}: a sweep takes no members; a study does (govsim study ensemble=NAME)")
        if line.startswith("checkpoint."):
            raise ConfigError(f"{line}: a sweep does not go on where it was stopped; a study does (govsim study)")
    launcher = _launcher(lines)
    jobs = expand(lines)
    outs = _checked(jobs)
    if len(outs) > 1:
        raise ConfigError("out: must be one folder for a whole sweep; each run gets a numbered one below it")
    out = Path(outs.pop() or fresh("sweep"))
    check_out(out)

    lines = [
        *("hydra.output_subdir=null", "hydra/job_logging=none", "hydra/hydra_logging=none"),
        *overrides_from_kwargs(**{"hydra.sweep.dir": out.resolve()}),
        *(line for line in lines if not line.startswith("out=")),
        *_settings(launcher, lines),
    ]
    try:
        done = _launch(lines, launcher)
    finally:
        _tidy(out)
    if launcher != _HERE:
        for one in done:
            one.show()
    failed = [one for one in done if one.trace]
    for one in failed:
        show.say(f"run {one.number} failed ({one.overrides}): {one.trace.splitlines()[-1]}")
    written = len(list(out.glob("*/manifest.json")))
    if written == len(jobs):
        show.say(f"{written} runs written to {out}; govsim compare {out} compares them")
        return 0
    show.say(f"{written} of {len(jobs)} runs written to {out}")
    return FAILED


def _launcher(lines: Sequence[str]) -> str:
    """The launcher that is asked for, if it is there."""
    from hydra.core.config_store import ConfigStore

    asked = [line.partition("=")[2] for line in lines if line.startswith("hydra/launcher=")]
    name = asked[0] if asked else _HERE
    found = {entry.removesuffix(".yaml") for entry in ConfigStore.instance().list("hydra/launcher")}
    if name in found:
        return name
    if name in _EXTRAS:
        raise ConfigError(f"hydra/launcher={name}: is not installed; pip install 'govsim[{_EXTRAS[name]}]'")
    known = {_HERE, *_EXTRAS, *found}
    raise ConfigError(f"hydra/launcher={name}: must be one of {', '.join(sorted(known))}{nearest(name, known)}")


def _checked(jobs: Sequence[Sequence[str]]) -> set[str]:
    """Check every combination and return the folders they ask for. Options are composed once for each choice."""
    from govsim.config.compose import compose, with_values
    from govsim.config.overrides import GROUPS, LOCK, key_of, read, text_of

    outs, chosen = set(), {}
    for lines in jobs:
        with LOCK:
            asked = read(lines)
        options = tuple(text_of(o) for o in asked if o.is_delete() or key_of(o) in GROUPS)
        values = {key_of(o): o.value() for o in asked if text_of(o) not in options}
        try:
            if options not in chosen:
                chosen[options] = compose(options).config
            config = with_values(chosen[options], values)
        except ConfigError:
            config = compose(lines).config  # which says what is wrong, or knows what was asked for
        outs.add(config.out)
    return outs


def _settings(launcher: str, lines: Sequence[str]) -> list[str]:
    """What a launcher needs to be quiet and to share the machine, unless the user says otherwise."""
    given = {key.lstrip("+"): value for key, _, value in (line.partition("=") for line in lines)}
    wanted = {} if launcher == _HERE else {"engine.threads": "1"}
    if launcher == "ray":
        init = "hydra.launcher.ray.init"
        address = given.get(f"{init}.address", "").strip("'\"") or os.environ.get("RAY_ADDRESS", "")
        wanted |= {f"{init}.log_to_driver": "false", f"{init}.logging_level": "ERROR"}
        if address:  # a cluster that is there has memory of its own
            wanted[f"{init}.object_store_memory"] = "null"
        else:
            wanted |= {f"{init}.address": "local", f"{init}.include_dashboard": "false"}
        from govsim.study.engine import before_joining

        before_joining("ray", address)
    return [
        f"++{key}={value}" if key.startswith("hydra") else f"{key}={value}"
        for key, value in wanted.items()
        if key not in given
    ]


def _launch(lines: list[str], launcher: str) -> list[Done]:
    """Have Hydra run all jobs; those that a broken launcher lost are missing."""
    from hydra import version
    from hydra._internal.hydra import Hydra
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException

    from govsim.config.overrides import search_path

    version.setbase("1.3")
    hydra = Hydra.create_main_hydra2("govsim", search_path())
    try:
        here = partial(job, language=spoken())  # which other processes would not know
        batches = hydra.multirun("config", here, lines, with_log_configuration=False)
        return [result.return_value for batch in batches for result in batch]
    except HydraException as error:
        raise ConfigError(str(error).partition("\n")[0]) from None
    except Exception as error:
        if launcher == _HERE:
            raise
        show.say(f"hydra/launcher={launcher}: broke off ({type(error).__name__}: {str(error).partition('\n')[0]})")
        return []
    finally:
        GlobalHydra.instance().clear()
        if launcher == "ray" and "ray" in sys.modules:
            sys.modules["ray"].shutdown()


def job(_: Any, language: str) -> Done:
    """One run of a sweep; a module's function, so that launchers can send it to other processes."""
    with in_language(language):
        return _job()


def _job() -> Done:
    from hydra.core.hydra_config import HydraConfig

    from govsim.config.compose import compose
    from govsim.config.overrides import overrides_from_kwargs
    from govsim.study.run import run_worlds

    hydra = HydraConfig.get()
    task, out = list(hydra.overrides.task), Path(hydra.runtime.output_dir)
    here = hydra.runtime.choices["hydra/launcher"] == _HERE
    with chdir(hydra.runtime.cwd):
        composed = compose([*task, *overrides_from_kwargs(out=out)])
        try:
            with show.tasks("weeks") if here else nullcontext() as progress:
                result = run_worlds(composed, progress)
            result.write(out)
            done = Done(hydra.job.num, " ".join(task), text=result.text())
        except Exception as error:
            done = Done(hydra.job.num, " ".join(task), trace=traceback.format_exc())
            _note(out, composed, error, done.trace)
    if here:
        done.show()
    return done


def _note(out: Path, composed: Composed, error: Exception, trace: str) -> None:
    """Leave in a run's folder what went wrong with it."""
    from govsim.study.manifest import describe
    from govsim.study.sweep import FAILURE

    what = describe(composed, datetime.now(UTC), 0.0)
    what |= {"error": f"{type(error).__name__}: {error}".partition("\n")[0], "traceback": trace}
    with suppress(OSError):
        (out / FAILURE).write_text(json.dumps(what, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _tidy(out: Path) -> None:
    """Take away what is neither a run nor the log of one."""
    (out / "multirun.yaml").unlink(missing_ok=True)  # Hydra's note of its own settings
    for folder in (*sorted(filter(Path.is_dir, out.rglob("*")), reverse=True), out):
        with suppress(OSError):  # not empty
            folder.rmdir()
