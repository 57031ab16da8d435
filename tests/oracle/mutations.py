"""Small faults, generated from the source of a function: what could be wrong with a rule.

A *change* is one of them: a node of the function's syntax tree, and what stands there instead.

    sign        + for -, * for /, // for % and so on, and the other way round; a minus or a ``not`` dropped
    threshold   a comparison reversed, < for <= where two sides can be equal; ``and`` for ``or``, a condition dropped;
                one side of min and max alone; a number moved
    order       first and last exchanged: argmax for argmin, another key to sort by, arguments and branches swapped
    off by one  an integer one higher, a range one shorter
    omission    a step left out
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import NamedTuple

__all__ = ["Change", "Function", "changes", "code_of", "functions", "with_change"]

Place = tuple[int, int]
"""Line and column."""

_TURNED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_REVERSED = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_OTHER_END = {"argmax": "argmin", "argmin": "argmax", "any": "all", "all": "any"}
_LIMITS = ("min", "max", "minimum", "maximum", "clip")
_IN_ANY_ORDER = (*_LIMITS, "zip", "zeros", "full", "empty", "arange", "range", "isinstance", "getattr", "bincount")
_MOVED = 1.1
"""Factor by which a number is moved."""


class Function(NamedTuple):
    """A function or method of a module: its dotted name, its tree, the classes around it, and the module's numbers."""

    name: str
    tree: ast.FunctionDef
    classes: tuple[ast.ClassDef, ...]
    numbers: Mapping[str, float]


class Change(NamedTuple):
    """One fault of a function: its kind, what it does to the source, where, and how to find it again.

    ``around`` is what a name or number stands in.
    """

    kind: str
    before: str
    after: str
    around: str
    lines: range
    node: int
    variant: int

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}" + (f" in {self.around}" if self.around else "")


def functions(source: str) -> Iterator[Function]:
    """All functions of a module and the methods of its classes, in order."""
    tree = ast.parse(source)
    numbers: dict[str, float] = {}
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Constant(int() | float() as value)):
                numbers[name] = value
    yield from _functions(tree, (), numbers)


def _functions(tree: ast.AST, classes: tuple[ast.ClassDef, ...], numbers: Mapping[str, float]) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield Function(".".join([*(c.name for c in classes), node.name]), node, classes, numbers)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, (*classes, node), numbers)


def changes(function: Function, can_be_equal: Callable[[Place], bool]) -> Iterator[Change]:
    """Every fault of a function; ``can_be_equal`` says of a comparison whether its boundary is ever met."""
    statements, nodes = _statements(function.tree), _nodes(function.tree)
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    for index, node in enumerate(nodes):
        around = ast.unparse(parents[node]) if isinstance(node, ast.Constant | ast.Name) and node in parents else ""
        for variant, (kind, other) in enumerate(_variants(node, function.numbers, can_be_equal)):
            after = "(left out)" if isinstance(other, ast.Pass) else ast.unparse(other)
            yield Change(kind, ast.unparse(node), after, around, statements[node], index, variant)


def with_change(function: Function, change: Change, can_be_equal: Callable[[Place], bool]) -> Function:
    """The function with this fault in it."""
    tree = copy.deepcopy(function.tree)
    node = _nodes(tree)[change.node]
    _, other = list(_variants(node, function.numbers, can_be_equal))[change.variant]
    return function._replace(tree=ast.fix_missing_locations(_Replace(node, other).visit(tree)))


def code_of(function: Function, path: str) -> CodeType:
    """The function's compiled code; line numbers are those of its file."""
    body: ast.stmt = copy.copy(function.tree)
    body.decorator_list = []
    for around in reversed(function.classes):
        body = ast.ClassDef(around.name, [], [], [body], [], lineno=1, col_offset=0, type_params=[])
    code = compile(ast.fix_missing_locations(ast.Module([body], [])), path, "exec", dont_inherit=True)
    for name in function.name.split("."):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    return code


class _Replace(ast.NodeTransformer):
    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self.node, self.other = node, ast.copy_location(other, node)

    def visit(self, node: ast.AST) -> ast.AST:
        return self.other if node is self.node else self.generic_visit(node)


def _nodes(tree: ast.FunctionDef) -> list[ast.AST]:
    """What stands in the body and is no documentation, annotation or index that only says which array is meant."""
    kept: list[ast.AST] = []
    todo: list[ast.AST] = list(reversed(tree.body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        kept.append(node)
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.AnnAssign):
            children.remove(node.annotation)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(("numbers", ".shape")):
            children.remove(node.slice)
        todo += reversed(children)
    return kept


def _statements(tree: ast.FunctionDef) -> dict[ast.AST, range]:
    """For each node the lines of the simple statement, or of the head of the compound one, that it stands in."""
    lines: dict[ast.AST, range] = {}

    def enter(node: ast.AST, here: range) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            here = range(node.lineno, body[0].lineno if body else (node.end_lineno or node.lineno) + 1)
            here = range(here.start, max(here.stop, here.start + 1))
        lines[node] = here
        for child in ast.iter_child_nodes(node):
            enter(child, here)

    for statement in tree.body:
        enter(statement, range(0))
    return lines


# --- what could stand there instead


def _variants(
    node: ast.AST, numbers: Mapping[str, float], can_be_equal: Callable[[Place], bool]
) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp(left, op, right) if type(op) in _TURNED:
            yield "sign", ast.BinOp(left, _TURNED[type(op)](), right)
        case ast.AugAssign(target, op, value):
            if type(op) in _TURNED:
                yield "sign", ast.AugAssign(target, _TURNED[type(op)](), value)
            yield "omission", ast.Pass()
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield "sign", operand
        case ast.Compare(left, [op], right):
            yield "threshold", ast.Compare(left, [_REVERSED[type(op)]()], right)
            if type(op) in BOUNDARY and can_be_equal((node.lineno, node.col_offset)):
                yield "threshold", ast.Compare(left, [BOUNDARY[type(op)]()], right)
        case ast.BoolOp(op, values):
            yield "threshold", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for i in range(len(values)):
                left = [value for j, value in enumerate(values) if j != i]
                yield "threshold", left[0] if len(left) == 1 else ast.BoolOp(op, left)
        case ast.IfExp(test, body, orelse):
            yield "order", ast.IfExp(test, orelse, body)
        case ast.Constant(bool()):
            yield "threshold", ast.Constant(not node.value)
        case ast.Constant(int(value)):
            yield "off by one", ast.Constant(value + 1)
        case ast.Constant(float(value)):
            yield "threshold", ast.Constant(value * _MOVED if value else 1.0)
        case ast.Name(name, ast.Load()) if name in numbers:
            if isinstance(numbers[name], float):
                yield "threshold", ast.BinOp(node, ast.Mult(), ast.Constant(_MOVED))
            else:
                yield "off by one", _plus(node, ast.Add())
        case ast.Call():
            yield from _of_a_call(node)
        case ast.Expr(ast.Call()) | ast.Continue() | ast.Break():
            yield "omission", ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            yield "omission", ast.Pass()


def _of_a_call(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    func, args = call.func, call.args
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if name in _LIMITS and len(args) >= 2:
        yield from (("threshold", arg) for arg in (args[:1] if name == "clip" else args))
    if isinstance(func, ast.Attribute) and name in _OTHER_END:
        yield "order", ast.Call(ast.Attribute(func.value, _OTHER_END[name], ast.Load()), args, call.keywords)
    if name == "argsort":
        yield "order", _backwards(call)
    if name == "lexsort" and isinstance(args[0], ast.Tuple):
        keys = args[0].elts
        yield "order", ast.Call(func, [ast.Tuple([*keys[1:], keys[0]], ast.Load())], [])
        for i in range(len(keys)):
            yield "order", ast.Call(func, [ast.Tuple([k for j, k in enumerate(keys) if j != i], ast.Load())], [])
    if name == "range":
        start, end = (args[0], args[1]) if len(args) > 1 else (ast.Constant(0), args[0])
        yield "off by one", ast.Call(func, [_plus(start, ast.Add()), end, *args[2:]], [])
        yield "off by one", ast.Call(func, [start, _plus(end, ast.Sub()), *args[2:]], [])
    starred = any(isinstance(arg, ast.Starred) for arg in args[-2:])
    if len(args) >= 2 and name not in _IN_ANY_ORDER and not starred and ast.dump(args[-1]) != ast.dump(args[-2]):
        yield "order", ast.Call(func, [*args[:-2], args[-1], args[-2]], call.keywords)


def _plus(number: ast.expr, op: ast.operator) -> ast.expr:
    return ast.BinOp(number, op, ast.Constant(1))


def _backwards(array: ast.expr) -> ast.expr:
    return ast.Subscript(array, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1))), ast.Load())
