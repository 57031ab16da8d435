"""What all parts of the page share: what a visitor looks at, in which language, and small pieces to build with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from typing import Any

import reacton.ipyvuetify as v
import solara
from reacton import component

from govsim.app import charts
from govsim.app.opening import opening
from govsim.config.check import ConfigError
from govsim.language import in_language

__all__ = ["LANGUAGE", "State", "chooser", "html", "refusal", "speaking", "toggle"]

LANGUAGE = solara.reactive("en")
"""What this visitor reads (each visitor's own, as everything reactive)."""


def speaking(body: Callable[..., Any]) -> Callable[..., Any]:
    """A component that speaks the visitor's language."""

    @wraps(body)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        with in_language(LANGUAGE.value):
            return body(*args, **kwargs)

    return component(spoken)


def refusal(act: Callable[[], object]) -> str:
    """Do what a visitor asks for; in the visitor's language, why it is refused, or nothing."""
    with in_language(LANGUAGE.value):
        try:
            act()
        except ConfigError as error:
            return str(error)
    return ""


class State:
    """What a visitor looks at and has chosen."""

    def __init__(self) -> None:
        self.shown = solara.reactive("unmet")
        self.view = solara.reactive("both")
        self.chart = solara.reactive("time")
        self.outcome = solara.reactive(charts.OVER_TIME[0])
        self.picked: solara.Reactive[int | None] = solara.reactive(None)
        self.case: solara.Reactive[int] = solara.reactive(-1)
        self.told = solara.reactive("policy")
        self.tab = solara.reactive("levers")
        self.about = solara.reactive(False)
        self.refused = solara.reactive("")
        self.speed = solara.reactive(1)
        self.choices: solara.Reactive[dict[str, Any]] = solara.reactive(dict(opening().choices))


def html(tag: str, words: str, *classes: str) -> Any:
    """Plain words in an element."""
    return solara.HTML(tag=tag, unsafe_innerHTML=escape(words), classes=list(classes))


def toggle(offered: dict[str, str], value: solara.Reactive[str]) -> None:
    """A choice of few, each a button."""
    with solara.Div(classes=["gs-toggle"]):
        for key, words in offered.items():
            solara.Button(
                words, on_click=lambda key=key: value.set(key), text=True,
                classes=["gs-chosen" if key == value.value else ""],
            )  # fmt: skip


def chooser(label: str, offered: dict[Any, str], value: solara.Reactive[Any]) -> None:
    """A choice of many, in a list that drops down."""
    items = [{"text": words, "value": key} for key, words in offered.items()]
    v.Select(
        label=label, items=items, v_model=value.value, on_v_model=value.set, dense=True, hide_details=True,
        outlined=True, class_="gs-chooser", menu_props={"offsetY": True, "maxHeight": 420},
    )  # fmt: skip
