"""The week as the source has it: what ``City.step`` calls, in its order, and the mechanisms that it calls."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import govsim.city
import govsim.institutions
import govsim.processes
from govsim.city import City
from govsim.process import Process

__all__ = ["Act", "acts", "institutions", "mechanisms", "process_of", "processes"]


class Act(NamedTuple):
    """One line of the week: who does what, how often."""

    often: str
    who: type
    method: Callable[..., Any]


def acts() -> Iterator[Act]:
    """Every act of the week, in order."""
    yield from _acts(_body(City.step), "once", _made())


def _acts(body: list[ast.stmt], often: str, made: dict[str, type]) -> Iterator[Act]:
    for line in body:
        if isinstance(line, ast.For):
            loop = ast.unparse(line.iter)
            plural = next((name for name in made if loop == f"self.{name}"), None)
            names = made | ({ast.unparse(line.target): made[plural]} if plural else {})
            yield from _acts(line.body, often if plural else "each working day", names)
            continue
        for call in ast.walk(line):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                who = made.get(ast.unparse(call.func.value).removeprefix("self."))
                if who is not None and who.__module__.startswith("govsim."):
                    yield Act(often, who, getattr(who, call.func.attr))


def _body(function: Any) -> list[ast.stmt]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    assert isinstance(tree.body[0], ast.FunctionDef)
    return tree.body[0].body


def _made() -> dict[str, type]:
    """Classes of a city's attributes, by name: what ``City.__init__`` makes, one or a list of them."""
    made: dict[str, type] = {}
    for line in _body(City.__init__):
        if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None:
            target = line.targets[0] if isinstance(line, ast.Assign) else line.target
            value = line.value.elt if isinstance(line.value, ast.ListComp) else line.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                kind = getattr(govsim.city, value.func.id, None)
                if isinstance(kind, type):
                    made[ast.unparse(target).removeprefix("self.")] = kind
    return made


def processes() -> list[type[Process]]:
    """Every mechanism of the package, those of the week in the order in which a city makes them."""
    for package in (govsim.processes, govsim.institutions):
        _modules(package)
    order = list(_made().values())
    found = [kind for kind in _below(Process) if kind.__module__.startswith("govsim.")]
    return sorted(found, key=lambda kind: (order.index(kind) if kind in order else len(order), kind.__module__))


def _below(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def mechanisms() -> list[ModuleType]:
    """Modules of ``govsim.processes``, in the order of the week."""
    there = {module.__name__: module for module in _modules(govsim.processes)}
    named = list(dict.fromkeys(kind.__module__ for kind in processes()))
    return [there.pop(name) for name in named if name in there] + list(there.values())


def institutions() -> list[ModuleType]:
    """Modules of ``govsim.institutions``."""
    return _modules(govsim.institutions)


def process_of(module: ModuleType) -> list[type]:
    """Classes of a module that declare what they write."""
    return [k for k in vars(module).values() if isinstance(k, type) and k.__module__ == module.__name__
            and getattr(k, "writes", ())]  # fmt: skip


def _modules(package: ModuleType) -> list[ModuleType]:
    return [importlib.import_module(m.name) for m in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
