"""The catalogue: every text has its words, no word is left over, and nothing that is filled in gets lost."""

from string import Formatter

import pytest
from babel.messages.catalog import Message
from fontTools.ttLib import TTFont
from matplotlib.font_manager import findfont

from govsim.language import LANGUAGES, _, _n, in_language, names_in_words
from govsim.language.font import FILES
from govsim.language.update import file_of, read, updated

OTHERS = [code for code in LANGUAGES if file_of(code).is_file()]
MAKE = "uv run python -m govsim.language.update"


def messages(code: str) -> list[Message]:
    return [message for message in read(code) if message.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """The English text with each form that it has in the other language; of texts that count, the one for many."""
    ours = message.id if isinstance(message.id, str) else message.id[-1]
    theirs = [message.string] if isinstance(message.string, str) else list(message.string)
    return [(ours, other) for other in theirs]


def fields(text: str) -> set[tuple[str, str]]:
    """What is filled into a text, and how it is written there."""
    return {(name, form or "") for _text, name, form, _conversion in Formatter().parse(text) if name is not None}


def test_every_language_but_english_has_a_catalogue():
    assert {*OTHERS, "en"} == set(LANGUAGES)


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_holds_what_the_source_says_and_no_more(code: str):
    assert updated(code).decode() == file_of(code).read_text(encoding="utf-8"), MAKE


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_its_words(code: str):
    assert [message.id for message in messages(code) if not all(theirs for _ours, theirs in pairs(message))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_filled_in_is_the_same(code: str):
    wrong = [ours for message in messages(code) for ours, theirs in pairs(message) if fields(ours) != fields(theirs)]
    assert wrong == []


@pytest.mark.parametrize("weight", FILES)
@pytest.mark.parametrize("code", OTHERS)
def test_the_font_has_every_sign(code: str, weight: int):
    latin = TTFont(findfont("DejaVu Sans")).getBestCmap()
    ours = TTFont(FILES[weight]).getBestCmap()
    said = {sign for message in messages(code) for _ours, text in pairs(message) for sign in text if sign.isprintable()}
    assert {sign for sign in said if ord(sign) not in latin and ord(sign) not in ours} == set()


def test_a_text_is_said_in_the_language_of_its_block():
    with in_language("zh"):
        assert _("Unmet need") == "未满足的诉求"
        assert _n("{n:,} policy against {baseline}", "{n:,} policies against {baseline}", 3, baseline="A").startswith(
            "3 项政策"
        )
        with in_language("en"):
            assert _("Unmet need") == "Unmet need"
        assert _("{n} more", n=4) == "另外 4 项"
    assert _("Unmet need") == "Unmet need"
    with pytest.raises(ValueError, match="no language 'tlh'"), in_language("tlh"):
        pass


def test_what_the_catalogue_lacks_is_said_in_english():
    with in_language("zh"):
        assert _("a text that nobody translated") == "a text that nobody translated"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("committee=44.0+fund=350000.0", "社治委=44.0+专项资金=350000.0"),
        ("chengdu_2019 without grid_integration", "成都2019改革 去掉 网格整合"),
        ("night_market+fund", "night_market+专项资金"),
        ("behaviour.patrol_reach", "behaviour.patrol_reach"),
        ("policy.fund.yuan", "policy.fund.yuan"),
        ("", ""),
    ],
)
def test_names_in_a_label_are_said_and_keys_of_settings_stay(label: str, said: str):
    assert names_in_words(label) == label
    with in_language("zh"):
        assert names_in_words(label) == said
