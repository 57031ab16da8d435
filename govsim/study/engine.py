"""How the runs of a study are carried out: tasks, and the processes or the cluster that do them.

A task is some points that share a warm-up, under one seed. Tasks are sent out through joblib, to processes of this
machine (loky) or to a Ray or Dask cluster, and what comes back is consumed as it comes, in any order: a result says
itself which run it is of.
"""

from __future__ import annotations

import gc
import os
import platform
import socket
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched, islice
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from joblib import Parallel, delayed, effective_n_jobs, parallel_config
from joblib.parallel import get_active_backend

from govsim.config.check import ConfigError
from govsim.config.compose import resolved
from govsim.config.schema import Config
from govsim.policies import Instrument
from govsim.study.plan import Plan, assemble
from govsim.study.warmups import Warmups
from govsim.study.world import World

__all__ = ["Result", "Share", "Task", "before_joining", "carry_out", "cluster", "do", "tasks"]

_AT_ONCE = 12  # points of a task at most: enough to share a warm-up, few enough that results come steadily
_LARGE = 100_000  # residents from which memory is worth more than the time to tidy it after each world
_AHEAD = 4  # tasks sent ahead for each process, where a backend cannot hand back results one by one


@dataclass(frozen=True)
class Share:
    """A point as a worker needs it: what it changes in the base configuration of its task."""

    point: int
    instruments: Mapping[str, Instrument]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """Points that share a warm-up, under one seed.

    Attributes:
        base: the configuration that they share.
        seed: the luck of all of them.
        shares: the points.
        series: whether weekly series are wanted.
        warmups: where warm-ups are kept, or None.
    """

    base: Config
    seed: int
    shares: tuple[Share, ...]
    series: bool = True
    warmups: Warmups | None = None


@dataclass(frozen=True)
class Result:
    """What became of one run.

    Attributes:
        point, seed: which run it is.
        run_id: its identity.
        world: its results; None where it failed.
        error, trace, config: what went wrong, in one line and in full, and with which configuration.
        seconds, warmup_seconds: time it took, and time its task took to get to week 0 (0 for all but the first).
        worker: the process that did it.
    """

    point: int
    seed: int
    run_id: str
    world: World | None
    seconds: float
    warmup_seconds: float
    worker: str
    error: str = ""
    trace: str = ""
    config: Mapping[str, Any] | None = None


def tasks(
    plan: Plan, seed: int, numbers: Iterable[int], series: bool = True, warmups: Warmups | None = None
) -> Iterator[Task]:
    """The tasks that run points of a plan under one seed; the points must share a warm-up."""
    for points in batched((plan.points[number] for number in numbers), _AT_ONCE):
        shares = tuple(Share(p.number, p.instruments, p.settings) for p in points)
        yield Task(plan.bases[points[0].base], seed, shares, series, warmups)


def do(task: Task) -> list[Result]:
    """Run the points of a task, one after the other. What goes wrong with one of them stops none of the others."""
    from govsim.study.manifest import run_id
    from govsim.study.world import build, finish, warm_up

    results, state, worker = [], None, f"{platform.node()}:{os.getpid()}"
    for share in task.shares:
        start, warm, identity, config, world, failure = perf_counter(), 0.0, "", None, None, {}
        try:
            config = assemble(task.base, share.instruments, share.settings, task.seed)
            identity = run_id(config)
            city = build(config)
            if state is None:
                state = task.warmups.load(config) if task.warmups else None
                if state is None:
                    state = warm_up(city)
                    if task.warmups:
                        task.warmups.keep(config, state)
                warm = perf_counter() - start
            city.restore(state)
            world = finish(city, task.series)
            if city.places.population > _LARGE:
                del city
                gc.collect()  # a Mesa model and its agents refer to each other
        except Exception as error:
            failure = {
                "error": f"{type(error).__name__}: {error}".partition("\n")[0],
                "trace": traceback.format_exc(),
                "config": config and resolved(config),
            }
        seconds = perf_counter() - start - warm
        results.append(Result(share.point, task.seed, identity, world, seconds, warm, worker, **failure))
    return results


def carry_out(tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """Results of all tasks as they come, by the engine that :func:`cluster` made current.

    Raises:
        ConfigError: a process was killed from outside, most likely for want of memory.
    """
    tasks = iter(tasks)
    backend: Any = get_active_backend()[0]
    if backend.supports_return_generator:
        streamed = Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(do)(task) for task in tasks)
        try:
            for results in streamed or ():
                yield from results or ()
        except BrokenProcessPool:
            raise ConfigError(
                f"jobs={jobs}: a worker was killed, as a system does that runs out of memory; what is done is kept, "
                "and the same command goes on from there, perhaps with fewer jobs"
            ) from None
    else:  # Ray's: some at a time, so that neither tasks nor results pile up
        some = _AHEAD * effective_n_jobs(jobs)
        while ahead := list(islice(tasks, some)):
            for results in Parallel(n_jobs=jobs)(delayed(do)(task) for task in ahead) or ():
                yield from results or ()


@contextmanager
def cluster(engine: str, jobs: int, address: str = "") -> Iterator[None]:
    """Make an engine the current one: processes of this machine, or a cluster that is started or joined.

    Args:
        engine: ``loky``, ``ray`` or ``dask``.
        jobs: processes (-1: one a core); of a cluster that was joined, all there are.
        address: of a Ray or Dask cluster to join; empty: one of this machine's own is started, and ended after.

    Raises:
        ConfigError: the engine is not installed, or nobody answers at the address.
    """
    if address and engine == "loky":
        raise ConfigError("address: must go with engine=ray or engine=dask; loky is this machine alone")
    # a study that is broken off goes on later, and a worker that has grown is replaced: no news to a user
    for usual in (r"\d+ tasks which were still being processed", "A worker stopped while some jobs were given"):
        warnings.filterwarnings("ignore", usual, module="joblib")
    if engine != "loky":
        before_joining(engine, address)
    with _ENGINES[engine](jobs, address):
        yield


@contextmanager
def _loky(jobs: int, address: str) -> Iterator[None]:
    with parallel_config("loky", inner_max_num_threads=1):
        yield


@contextmanager
def _ray(jobs: int, address: str) -> Iterator[None]:
    ray = _module("ray", "ray")
    joblib_backend = _module("ray.util.joblib", "ray")
    quiet = {"include_dashboard": False} if not address else {}
    cores = {} if address or jobs < 1 else {"num_cpus": jobs}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **quiet, **cores)
    except Exception as error:
        raise _unreachable("Ray", address, error) from None
    try:
        most = int(ray.cluster_resources().get("CPU", 0))
        if jobs > most:
            raise ConfigError(f"jobs={jobs}: must be {most} at most, the cores of this Ray cluster; or leave it out")
        joblib_backend.register_ray()
        with parallel_config("ray"):
            yield
    finally:
        ray.shutdown()


@contextmanager
def _dask(jobs: int, address: str) -> Iterator[None]:
    distributed = _module("distributed", "dask")
    own = None
    try:
        if not address:
            workers = (os.cpu_count() or 1) if jobs < 1 else jobs
            own = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
            )
        client = distributed.Client(own or address, timeout=20)
    except Exception as error:
        if own is not None:
            own.close()
        raise _unreachable("Dask", address, error) from None
    try:
        with parallel_config("dask", client=client):
            yield
    finally:
        client.close()
        if own is not None:
            own.close()


_ENGINES = {"loky": _loky, "ray": _ray, "dask": _dask}


def _module(name: str, extra: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise ConfigError(f"engine={extra}: is not installed; pip install 'govsim[{extra}]'") from None


def before_joining(engine: str, address: str = "") -> None:
    """What must come before Ray or Dask is started or joined: see that somebody answers, and keep Ray from copying.

    Without it either library waits for minutes at an address where nobody is.

    Raises:
        ConfigError: nobody answers at the address.
    """
    if engine == "ray":
        # under `uv run` Ray would copy the working folder and make an environment of its own for each worker
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    place = urlsplit(address if "//" in address else f"//{address}")
    try:
        if place.hostname and place.port:
            socket.create_connection((place.hostname, place.port), timeout=5.0).close()
    except (OSError, ValueError) as error:
        raise _unreachable(engine.capitalize(), address, error) from None


def _unreachable(what: str, address: str, error: Exception) -> ConfigError:
    where = f"address={address}: no {what} cluster answers there" if address else f"engine: {what} could not start here"
    return ConfigError(f"{where} ({str(error).partition('\n')[0] or type(error).__name__})")
