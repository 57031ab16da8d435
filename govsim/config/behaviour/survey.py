"""Survey: what is asked each quarter, and how people answer."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param


@dataclass
class Survey:
    """What is asked each quarter, and how people answer."""

    sample: float = param(2_000, "people", "respondents invited each quarter", range=(200, 20_000))
    response_base: float = param(0.25, "1", "response of those wholly dissatisfied", range=(0.1, 0.6))
    response_satisfied: float = param(0.35, "1", "what full satisfaction adds to response", range=(0, 0.6))
    courtesy: float = param(0.05, "1", "by how much answers are kinder than feelings", range=(0, 0.15))
    approve_at: float = param(0.48, "1", "stated satisfaction from which a respondent approves", range=(0.40, 0.60))
    change_at: float = param(
        0.02, "1", "improvement over expectation from which a respondent sees a change", range=(0, 0.08)
    )
    response_complained: float = param(
        0.10, "1", "what having complained in the last year adds to response", range=(-0.2, 0.3)
    )
    complaint_tone: float = param(
        0.03, "1", "by how much complainants answer less kindly than others who feel alike", range=(-0.05, 0.12)
    )
