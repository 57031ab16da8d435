"""``govsim new-policy``: the three files of a new instrument, an example that works at once."""

from __future__ import annotations

import argparse
import keyword
import re
from pathlib import Path

from govsim.cli.command import Command, Parser, joined
from govsim.config.check import ConfigError
from govsim.policies import INSTRUMENTS

__all__ = ["NEW_POLICY"]

FILES = {
    "policy.py.jinja": "govsim/policies/{}.py",
    "policy.yaml.jinja": "configs/policy/{}.yaml",
    "test.py.jinja": "tests/policies/test_{}.py",
}
"""Templates, and the file of a checkout that each makes."""

_RESERVED = ("base", "label", "policy")  # a module that is there, and words of a study


def _new_policy(asked: argparse.Namespace) -> int:
    name, root = asked.name, _checkout()
    _check(name, root)
    written = []
    for template, path in FILES.items():
        file = root / path.format(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_render(template, name), encoding="utf-8")
        written.append(file.relative_to(root).as_posix())
    policy, options, test = written
    print(f"""\
wrote {policy}    what it does: rules that it writes, its dose, what it costs
      {options}    its option: policy={name}
      {test}    what must hold of it

It is an example that works. Try it, then make it yours:
  uv run govsim run policy={name} place=community
  uv run pytest -n 0 {test} tests/policies/test_instruments.py
  govsim list rules          what an instrument may write
  govsim list outcomes       what its dose may move first (check)
  govsim params behaviour    what closes its way into the world (channel)""")
    return 0


def _checkout() -> Path:
    """The checkout that the working folder is in."""
    for root in (Path.cwd(), *Path.cwd().parents):
        if all((root / Path(path).parent).is_dir() for path in FILES.values()):
            return root
    raise ConfigError(
        f"new-policy: {Path.cwd()} is in no checkout of govsim (one with "
        f"{joined([Path(path).parent.as_posix() for path in FILES.values()])}); clone it and go there"
    )


def _check(name: str, root: Path) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise ConfigError(f"new-policy {name}: must be lower case words joined by _, as in night_patrols")
    if name in _RESERVED:
        raise ConfigError(f"new-policy {name}: must not be one of {', '.join(_RESERVED)}")
    from govsim.config.overrides import options

    if name in INSTRUMENTS or name in options("policy"):
        raise ConfigError(f"new-policy {name}: is taken; govsim list policies names those there are")
    for path in FILES.values():
        if (root / path.format(name)).exists():
            raise ConfigError(f"new-policy {name}: {path.format(name)} is there already")


def _render(template: str, name: str) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("govsim.cli"), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    words = name.split("_")
    return templates.get_template(template).render(
        name=name, kind="".join(word.capitalize() for word in words), title=" ".join(words).capitalize()
    )


def _parser() -> Parser:
    parser = Parser("new-policy")
    parser.add_argument("name")
    return parser


def _help() -> str:
    return f"""\
usage: govsim new-policy NAME

{NEW_POLICY.summary}

In a checkout of govsim it writes {joined([path.format("NAME") for path in FILES.values()])}: an example that runs and
whose test passes, to be changed into what you mean. Nothing has to be registered anywhere.

  govsim new-policy night_patrols"""


NEW_POLICY = Command("write the files of a new policy instrument", _parser(), _help, _new_policy)
