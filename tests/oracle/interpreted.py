"""``govsim`` with kernels as plain Python, in which one rule can be exchanged for another while it runs.

A fault is installed by giving a function another code object: nothing is compiled or registered anew, and whoever has
imported the function has the fault.
"""

from __future__ import annotations

import ast
import inspect
import math
import operator
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from mutations import BOUNDARY, Change, Function, changes, code_of, functions, with_change
from numba.core.dispatcher import Dispatcher
from scenes import Scene

from govsim.columns import Records
from govsim.config.behaviour import Numbers

__all__ = ["MODULES", "Mutant", "Reach", "Rule", "installed", "interpret", "mutants_of", "rules"]

PACKAGE = Path(inspect.getfile(import_module("govsim"))).parent
MODULES = [
    import_module(f"govsim.{name}")
    for name in (
        *(
            f"{folder}.{path.stem}"
            for folder in ("processes", "policies")
            for path in sorted((PACKAGE / folder).glob("[a-z]*.py"))
        ),
        "institutions.queue",
        "institutions.offices",
        "institutions.committee",
        "config.scenario",
        "rules",
        "cases",
    )
]


class Rule(NamedTuple):
    """A function of ``govsim``, which states a rule."""

    module: ModuleType
    function: Function

    @property
    def path(self) -> str:
        return inspect.getfile(self.module)

    @property
    def file(self) -> str:
        """Its file in the package."""
        return Path(self.path).relative_to(PACKAGE).as_posix()

    @property
    def name(self) -> str:
        """Its module's and its own name: ``processes.culture.Culture.meet``."""
        return f"{self.module.__name__.removeprefix('govsim.')}.{self.function.name}"

    @property
    def target(self) -> FunctionType:
        """The function itself."""
        held: Any = self.module
        for part in self.function.name.split("."):
            held = vars(held)[part]
        function = getattr(held, "fget", None) or getattr(held, "__func__", held)  # of a property, a class method
        assert isinstance(function, FunctionType)
        return function

    def code(self, function: Function | None = None) -> CodeType:
        """The code of the function, or of another one in its place."""
        return _in_double_precision(code_of(function or self.function, self.path))


class Mutant(NamedTuple):
    """A rule with one fault."""

    rule: Rule
    change: Change


def rules() -> list[Rule]:
    """Every function of the modules that state rules."""
    return [Rule(module, function) for module in MODULES for function in functions(inspect.getsource(module))]


# --- plain Python


def interpret(all_rules: Sequence[Rule]) -> None:
    """From now on all kernels run as plain Python, but for those that draw."""
    np.seterr(all="ignore")
    for name, module in list(sys.modules.items()):
        if name.startswith("govsim") and name != "govsim.draws":
            for what, held in list(vars(module).items()):
                if isinstance(held, Dispatcher) and held.py_func.__module__ != "govsim.draws":
                    setattr(module, what, held.py_func)
                elif held is math:  # which fails where a kernel comes to infinity
                    setattr(module, what, SimpleNamespace(**vars(math) | {"exp": np.exp}))
    Numbers.__getitem__ = lambda self, at: (
        self if at == 0 else np.ndarray.__getitem__(self, at)
    )  # a record has no names
    Records.__getattr__ = _field  # pyright: ignore[reportAttributeAccessIssue]
    for rule in all_rules:
        rule.target.__code__ = rule.code()


def _field(records: Records, name: str) -> np.ndarray:
    """A field of a part of some records, which only a kernel has as an attribute."""
    if name not in (records.dtype.names or ()):
        raise AttributeError(f"there is no field {name}")
    return np.asarray(records)[name]


@contextmanager
def installed(mutant: Mutant, reach: Reach) -> Iterator[None]:
    """The fault, for as long as it is asked for."""
    target, rule = mutant.rule.target, mutant.rule
    right = target.__code__
    target.__code__ = rule.code(with_change(rule.function, mutant.change, partial(reach.can_be_equal, rule)))
    try:
        yield
    finally:
        target.__code__ = right


def _in_double_precision(code: CodeType) -> CodeType:
    """The code with numbers that do not lose precision where they meet one of single precision, as in a kernel."""
    return code.replace(co_consts=tuple(_double(constant) for constant in code.co_consts))


def _double(constant: Any) -> Any:
    if isinstance(constant, CodeType):
        return _in_double_precision(constant)
    if isinstance(constant, tuple):
        return tuple(_double(one) for one in constant)
    return np.float64(constant) if type(constant) is float else constant


# --- what scenes reach


class Reach:
    """Which scenes reach which line of a rule, and of which comparisons the two sides can be equal.

    Only there < and <= are two rules: of real numbers that are never equal it makes no difference. So a boundary is
    moved where both sides were equal in some scene, or where both were whole numbers in all.
    """

    def __init__(self, all_rules: Sequence[Rule], played: Sequence[Scene]) -> None:
        self.scenes: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._met: dict[tuple[str, int, int], set[str]] = defaultdict(set)
        monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID
        monitoring.use_tool_id(tool, "reach")
        for rule in all_rules:
            vars(rule.module)["__compare__"] = partial(self._compare, rule.path)
            code = rule.code(rule.function._replace(tree=_Watched().visit(deepcopy(rule.function.tree))))
            rule.target.__code__ = code
            for part in _all_codes(code):
                monitoring.set_local_events(tool, part, monitoring.events.LINE)
        now: set[tuple[str, int]] = set()

        def reached(code: CodeType, line: int) -> object:
            now.add((code.co_filename, line))
            return monitoring.DISABLE

        monitoring.register_callback(tool, monitoring.events.LINE, reached)
        for number, scene in enumerate(played):
            now.clear()
            scene.play()
            for line in now:
                self.scenes[line].append(number)
            monitoring.restart_events()
        monitoring.free_tool_id(tool)
        for rule in all_rules:
            rule.target.__code__ = rule.code()

    def can_be_equal(self, rule: Rule, place: tuple[int, int]) -> bool:
        """Whether the boundary of the comparison at this line and column of a rule means anything."""
        met = self._met.get((rule.path, *place), set())
        return "equal" in met or met == {"whole"}

    def of(self, mutant: Mutant) -> list[int]:
        """The scenes that reach a mutant's fault."""
        return sorted({scene for line in mutant.change.lines for scene in self.scenes[mutant.rule.path, line]})

    def _compare(self, path: str, line: int, column: int, compare: str, left: Any, right: Any) -> Any:
        met = self._met[path, line, column]
        if len(met) < 3:
            if np.any(left == right):
                met.add("equal")
            met.add("whole" if np.all(np.mod(left, 1) == 0) and np.all(np.mod(right, 1) == 0) else "real")
        return getattr(operator, compare)(left, right)


_OPERATORS = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


class _Watched(ast.NodeTransformer):
    """Has comparisons made by ``__compare__``, which looks on."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1 or type(node.ops[0]) not in BOUNDARY:
            return node
        named = [ast.Constant(x) for x in (node.lineno, node.col_offset, _OPERATORS[type(node.ops[0])])]
        call = ast.Call(ast.Name("__compare__", ast.Load()), [*named, node.left, node.comparators[0]], [])
        return ast.copy_location(call, node)


def _all_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_codes(constant)


def mutants_of(rule: Rule, reach: Reach) -> list[Mutant]:
    """Every mutant of a rule."""
    return [Mutant(rule, change) for change in changes(rule.function, partial(reach.can_be_equal, rule))]
