"""Reasons of decisions in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from govsim import cases as c
from govsim.explain.case import Step
from govsim.explain.reasons import Decision, Routing, Settling, Visit
from govsim.explain.words.names import any_of, branch, capital, listed, of_hundred, share, text, weeks
from govsim.language import _

__all__ = ["accepted", "compound", "refused", "sent", "visit"]


def sent(step: Step, needs: Sequence[str]) -> str:
    """Whether a street was right about a department, and why.

    Args:
        step: the step in which it sent the case on.
        needs: the departments that the case needs.
    """
    reason = step.reason
    if not isinstance(reason, Routing):
        return ""
    if step.why == c.PRECEDENT:
        if reason.right:
            return _("This time that was right.")
        if step.to in needs:
            return _("That was not wrong, though this case needs another one first.")
        return _("This case was an exception, and that was wrong.")
    if not reason.right:
        if step.to in needs:
            return _("That was not wrong, though it needs another one first.")
        return _(
            "That was wrong: the street guesses wrong in {chance} of such cases.", chance=share(reason.wrong)
        )  # fmt: skip
    if reason.decisive == ("list",):
        return _("That was right; without the published list of responsibilities it would have guessed wrong.")
    if reason.decisive == ("known",):
        return _("That was right; without what grid workers know of the place it would have guessed wrong.")
    if reason.decisive:
        return _(
            "That was right; without the published list of responsibilities, or without what grid workers know of the "
            "place, it would have guessed wrong."
        )
    return _("That was right.")


FOR = {
    "precedent": "the committee's ruling",
    "expected": "the expectation that refusals are ruled on",
    "backed": "the leading group's backing",
    "list": "the published list of responsibilities",
    "street": "the street's assignment",
    "district": "the district's assignment",
}
"""What speaks for accepting a case."""


def accepted(step: Step) -> str:
    """Why a branch accepted a case."""
    reason = step.reason
    if not isinstance(reason, Decision):
        return ""
    usual = _("Such a branch accepts {chance} such cases.", chance=of_hundred(reason.chance))
    if not reason.own:
        usual = text(_("It was not its task, though it looked enough like it."), usual)
    if not reason.decisive:
        return usual
    first, *others = reason.decisive
    if first == "together":
        every = listed([_(FOR[name]) for name in others])
        return _("Without {all} together it would have passed it on.", all=every)
    if first == "precedent" and step.precedent:
        return _(
            "The ruling on {heard}'s refusals, {age} old, settled this: without it the branch would have passed it on.",
            heard=branch(step.precedent.heard), age=weeks(step.precedent.age),
        )  # fmt: skip
    return _("{what} settled this: without it the branch would have passed it on.", what=capital(_(FOR[first])))


MISSING = {"precedent": "ruling", "list": "list of responsibilities", "order": "order from above"}
"""What could have settled a doubt and was not there."""


def refused(step: Step, before: Sequence[Step], needs: Sequence[str]) -> str:
    """Why a branch passed a case on; what was said of an earlier step is not said again at length."""
    reason = step.reason
    if not isinstance(reason, Decision):
        return ""
    if not reason.own:
        if step.office and step.office.department in needs:
            return _("Rightly: it had nothing left to do in it.")
        return _("Rightly: it was not its task.")
    if not reason.decisive:
        usual = of_hundred(1.0 - reason.chance)
        return _("The task was its own all the same. Such a branch passes on {chance} such cases.", chance=usual)
    first = reason.decisive[0]
    if any(_like(step, other) for other in before):
        return _("The task was its own all the same, and the reason was the same as before.")
    if first == "load":
        return _(
            "The task was its own all the same, but too much waited there already: {weeks} weeks of its work.",
            weeks=f"{reason.waiting:.1f}",
        )
    if first == "work":
        return _(
            "The task was its own all the same, but it would have meant {hours} hours of work.",
            hours=f"{reason.hours:.0f}",
        )
    absent = [_(MISSING[name]) for name in reason.absent]
    if not absent:
        return _(
            "The task was its own all the same, but did not clearly look like it, in spite of ruling, list and order."
        )
    return _(
        "The task was its own all the same, but did not clearly look like it, and no {missing} said so.",
        missing=any_of(absent),
    )


def _like(step: Step, other: Step) -> bool:
    """Whether a branch refused for the reason for which it, or in a case that is unclear any other, did before."""
    one, before = step.reason, other.reason
    if not (isinstance(one, Decision) and isinstance(before, Decision)) or before.accepts or not before.own:
        return False
    same = one.decisive[:1] == before.decisive[:1]
    return same and (one.decisive[:1] == ("unclear",) or step.office == other.office)


PARTS = {
    "information": "had all known of it",
    "consent": "had all agreed",
    "execution": "had there been hands and means enough",
}
"""What a compound lacked."""


def compound(step: Step) -> str:
    """What a compound made of a case, and why."""
    if step.why == c.AT_STATION:
        return _("The staff of the compound's service station settled it.")
    reason = step.reason
    if step.why == c.IN_COMPOUND:
        settled = _("The compound settled it by itself.")
        if not isinstance(reason, Settling):
            return settled
        return text(settled, _("A compound like this settles {chance} of such cases.", chance=share(reason.chance)))
    first = _("The compound did not settle it, and it went to the community.")
    if not isinstance(reason, Settling):
        return first
    if not reason.possible:
        return text(first, _("No compound could have: the best settle {most} of such cases.", most=share(reason.most)))
    if reason.decisive:
        return text(first, _("It would have, {if_only}.", if_only=_(PARTS[reason.decisive[0]])))
    parts = {name: round(part, 2) for name, part in reason.parts.items()}
    return text(
        first,
        _(
            "It lacked too much for that: information {information}, consent {consent}, means to act {execution} "
            "(each of 1).",
            **parts,
        ),
    )


GOES = {
    "neighbour": "an old neighbour",
    "member": "a Party member of the compound",
    "grid worker": "a grid worker",
    "staff": "community staff",
}

YES = {
    "visits": "the visits before",
    "tie": "the visitor's tie to the household",
    "shown": "what pilots and renovated compounds nearby show",
    "neighbours": "the neighbours who had given in",
    "example": "the example of Party members",
    "member": "the duty of a member's home",
    "paid": "the compensation",
    "pressure": "the pressure",
}
"""What speaks for giving in."""


def visit(step: Step) -> str:
    """Who went to the household, and what came of it."""
    reason = step.reason
    gave_in = step.why == c.GAVE_IN
    if not isinstance(reason, Visit):
        return (
            _("Visitors went, and the household gave in.") if gave_in else _("Visitors went, and the door stayed shut.")
        )
    fields = {"number": reason.number, "who": _(GOES[reason.messenger])}
    if gave_in:
        first = _("Visit {number}, by {who}: the household gave in, and the problem was truly solved.", **fields)
    else:
        first = _("Visit {number}, by {who}: the household refused.", **fields)
    chance = _("At such a visit {chance} give in.", chance=of_hundred(reason.chance))
    decisive = ""
    if gave_in and reason.decisive:
        decisive = _("Without {what} it would not have.", what=_(YES[reason.decisive[0]]))
    elif "soured" in reason.decisive:
        decisive = _("Had no earlier visit hardened it, it would have given in.")
    elif "trust" in reason.decisive:
        decisive = _("With full trust it would have given in.")
    hardened = _("The visit hardened it.") if reason.hardened else ""
    return text(first, decisive or chance, hardened)
