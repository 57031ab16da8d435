"""The comparison of a study's policies, as text, as a page, and as a folder of tables and figures.

comparison = govsim.compare.compare(govsim.load_study("results/headline"))
print(comparison.text())
comparison.tables["effects"]
comparison.figures["frontier"].savefig("frontier.png")
comparison.write("results/headline")
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd

from govsim.compare.pairs import baseline_of, check_outcomes
from govsim.compare.plain import plain_text
from govsim.compare.sections import SECTIONS, Material, Picture, Section
from govsim.compare.words import PERCENT, counted, listed, readable
from govsim.config.check import ConfigError
from govsim.language import _, _n, in_language, names_in_words, spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from govsim.study.load import Study

__all__ = ["DEFAULT_OUTCOMES", "Comparison", "compare"]

DEFAULT_OUTCOMES = (
    "unmet_case_days_per_1000",
    "cured_share",
    "satisfaction",
    "trust",
    "theil_unmet_need",
    "cost_per_resident",
    "social_hours_per_resident",
)
"""What is compared unless asked otherwise; figures and sentences are about the first."""

FOLDER = "report"
_PAGE_ROWS, _MARKDOWN_ROWS = 400, 80
"""Rows up to which a table stands in the page, and in the Markdown; longer ones are in their CSV."""


def compare(study: Study, outcomes: Sequence[str] | None = None, baseline: str | None = None) -> Comparison:
    """Compare the policies of a study.

    Args:
        study: as :func:`govsim.load_study` reads it.
        outcomes: names of outcomes, the most important first; those of :data:`DEFAULT_OUTCOMES` that the study has.
        baseline: label of the policy against which; the study's own if None.

    Raises:
        ConfigError: the study has no runs, an outcome or a policy does not exist, or nothing can be paired.
    """
    if study.runs.empty:
        raise ConfigError(f"{study.folder}: this study has no finished runs to compare")
    if outcomes is None:
        outcomes = [name for name in DEFAULT_OUTCOMES if name in study.runs and len(study.runs[name].dropna())]
    check_outcomes(study.runs, outcomes)
    baseline_of(study.runs, baseline)
    return Comparison(Material(study, list(outcomes), baseline))


class Comparison:
    """What a study says about its policies.

    Attributes:
        study_id: of the study; every table and figure names it.
        material: the study, and what is asked of it.
        language: code of the language in which it was made, and in which all of it speaks.
        sections: parts of the report, each by its name.
        tables: data frames by name, the study's id in their first column; conventions in :mod:`govsim.compare`.
        figures: matplotlib figures by name, drawn when they are first asked for.
    """

    def __init__(self, material: Material) -> None:
        self.study_id = material.study.study_id
        self.material = material
        self.language = spoken()
        made = {name: make(material) for name, make in SECTIONS.items()}
        self.sections: dict[str, Section] = {name: section for name, section in made.items() if section is not None}
        self.figures: Mapping[str, Figure] = _Figures(self._pictures, self.study_id, self.language)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, and ``study``: what was run."""
        found = {"study": pd.DataFrame(self.facts.items(), columns=pd.Index(["what", "value"]))}
        for section in self.sections.values():
            found |= section.tables
        for name, table in found.items():
            found[name] = table.reset_index(drop=True)
            found[name].insert(0, "study", self.study_id)
        return found

    @cached_property
    def _svgs(self) -> dict[str, bytes]:
        return {name: _image(figure, "svg", self.study_id) for name, figure in self.figures.items()}

    @property
    def _pictures(self) -> dict[str, Picture]:
        return {name: picture for section in self.sections.values() for name, picture in section.pictures.items()}

    @cached_property
    def facts(self) -> dict[str, str]:
        """What was run, in words."""
        with in_language(self.language):
            return self._facts()

    def _facts(self) -> dict[str, str]:
        study, runs = self.material.study, self.material.runs
        policies = len(set(runs["policy"])) - 1
        base = next(iter(study.manifest["bases"].values()), {})
        budgets = sorted(set(runs["budget"].dropna()))
        per_point = runs.groupby("point")["seed"].nunique()
        facts = {
            "study": study.study_id,
            "experiment": study.manifest["experiment"],
            "question": _(study.manifest["question"]),
            "command": study.manifest["command"],
            "place": _("{n:,} residents, {weeks} weeks", n=base["place"]["residents"], weeks=base["weeks"])
            if base
            else "",
            "compared": _n(
                "{n:,} policy against {baseline}",
                "{n:,} policies against {baseline}",
                policies,
                baseline=self.material.against,
            ),
            "theories": listed(map(names_in_words, dict.fromkeys(runs["theory"]))),
            "scenarios": f"{runs['scenario'].nunique():,}",
            "budgets": _(
                "{budgets} yuan per resident and year", budgets=listed([f"{budget:,.6g}" for budget in budgets])
            )
            if budgets
            else "",
            "seeds": _("{n} for each policy, theory and scenario", n=counted(per_point)),
            "runs": f"{len(runs):,}" + (_(", {n:,} failed", n=len(study.failures)) if len(study.failures) else ""),
            "intervals": PERCENT,
            "code": study.manifest["source_hash"],
        }
        return {name: value for name, value in facts.items() if value and (name, value) != ("scenarios", "1")}

    def text(self) -> str:
        """What the command prints: some 60 lines of plain text."""
        with in_language(self.language):
            return plain_text(self.facts, self.material, self.sections, _notes())

    def html(self) -> str:
        """One page that needs no other file."""
        images = {name: _data(svg) for name, svg in self._svgs.items()}
        return self._render("report.html.jinja", images=images, most=_PAGE_ROWS)

    def markdown(self) -> str:
        """The same in Markdown, with the figures beside it."""
        return self._render(
            "report.md.jinja", images={name: f"figures/{name}.png" for name in self.figures}, most=_MARKDOWN_ROWS
        )

    def write(self, folder: str | Path) -> Path:
        """Write ``report/`` into the folder: ``report.html``, ``report.md``, tables as CSV, figures as PNG and SVG.

        The report appears as a whole, in place of an earlier one; if anything fails the earlier one stays.

        Returns:
            The folder that was written.
        """
        target = Path(folder) / FOLDER
        with TemporaryDirectory(prefix=f".{FOLDER}-", dir=folder) as hidden:
            new, old = Path(hidden) / "new", Path(hidden) / "old"
            for part in ("tables", "figures"):
                (new / part).mkdir(parents=True)
            for name, table in self.tables.items():
                table.to_csv(new / "tables" / f"{name}.csv", index=False, lineterminator="\n")
            for name, figure in self.figures.items():
                (new / "figures" / f"{name}.png").write_bytes(_image(figure, "png", self.study_id))
                (new / "figures" / f"{name}.svg").write_bytes(self._svgs[name])
            (new / "report.html").write_text(self.html(), encoding="utf-8")
            (new / "report.md").write_text(self.markdown(), encoding="utf-8")
            if target.exists():
                target.rename(old)
            new.rename(target)
        return target

    def _render(self, template: str, **more: Any) -> str:
        tables = {name: table for section in self.sections.values() for name, table in section.tables.items()}
        with in_language(self.language):
            return (
                _templates()
                .get_template(template)
                .render(
                    facts=self.facts,
                    sections=self.sections,
                    shown={name: readable(table) for name, table in tables.items()},
                    captions={name: self._caption(name, table) for name, table in tables.items()},
                    notes=_notes(),
                    language=self.language,
                    _=_,
                    **more,
                )
            )

    def _caption(self, name: str, table: pd.DataFrame) -> str:
        """What a table for reading must say of itself."""
        n = _(", n = {n}", n=counted(table["n"])) if "n" in table.columns and len(table) else ""
        facts = {"study": self.study_id, "n": n, "percent": PERCENT, "file": f"tables/{name}.csv"}
        return _("Study {study}{n}, {percent} intervals; {file}", **facts)

    def _repr_html_(self) -> str:
        with in_language(self.language):
            effects = readable(self.sections["effects"].tables["effects"]).to_html(index=False, border=0)
            purpose = _notes()[0]
        said = "".join(f"<li>{escape(line)}</li>" for line in self.sections["effects"].findings)
        return f"<p>{escape(repr(self))}</p><ul>{said}</ul>{effects}<p>{escape(purpose)}</p>"

    def __repr__(self) -> str:
        return f"<Comparison of study {self.study_id}: {self.facts['compared']}; {', '.join(self.sections)}>"


class _Figures(Mapping[str, "Figure"]):
    """Figures by name; each is drawn once, when it is first asked for."""

    def __init__(self, pictures: Mapping[str, Picture], study_id: str, language: str) -> None:
        self._pictures, self._study_id, self._language = pictures, study_id, language
        self._drawn: dict[str, Figure] = {}

    def __getitem__(self, name: str) -> Figure:
        if name not in self._drawn:
            with in_language(self._language):
                self._drawn[name] = self._pictures[name].draw(self._study_id)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)


def _notes() -> list[str]:
    """What it is for, and what it rests on."""
    return [
        _(
            "For exploration and explanation, not prediction: these are findings in the model, in which a policy can "
            "do nothing or harm."
        ),
        _(
            "What households and offices do is assumed (grade D), and every effect rests on it; govsim params shows "
            "each value with its range, grade and source."
        ),
    ]


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("govsim.compare"),
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _image(figure: Figure, kind: str, study_id: str) -> bytes:
    """A figure as a file, the same bytes each time."""
    stream = io.BytesIO()
    about: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": study_id}):
        figure.savefig(stream, format=kind, metadata=about, dpi=2 * figure.dpi if kind == "png" else "figure")
    return stream.getvalue()


def _data(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
