"""The nearest valid word."""

from __future__ import annotations

import pytest

from supplyrisk.foundation.nearest import did_you_mean, nearest_word


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("galium", "gallium"), ("GALLIUM", "gallium"), ("cobalt_mien", "cobalt_mine"), ("germanum", "germanium")],
)
def test_a_slip_finds_the_word_that_was_meant(word: str, nearest: str) -> None:
    assert nearest_word(word, ["gallium", "germanium", "cobalt_mine"]) == nearest


def test_of_words_equally_near_the_one_that_begins_as_it_does_was_meant() -> None:
    assert nearest_word("GIM", ["IMN", "GIN", "MIG"]) == "GIN"


def test_the_nearest_word_keeps_its_own_spelling() -> None:
    assert nearest_word("eu-27", ["EU27", "NLD"]) == "EU27"


def test_a_word_like_none_has_no_nearest() -> None:
    assert nearest_word("xyz", ["gallium", "cobalt_mine"]) is None


def test_the_nearest_word_does_not_depend_on_the_order_of_the_allowed_words() -> None:
    words = ["cobalt_mine", "cobalt_line", "cobalt_wine"]
    assert {nearest_word("cobalt_xine", order) for order in (words, words[::-1], {*words})} == {
        nearest_word("cobalt_xine", words)
    }


def test_the_remedy_names_the_nearest_word() -> None:
    assert did_you_mean("galium", ["gallium", "cobalt_mine"]) == "Did you mean 'gallium'?"


def test_the_remedy_lists_the_words_in_order_when_none_is_near() -> None:
    assert did_you_mean("xyz", ["nl", "en", "en"]) == "Known: en, nl."


def test_a_long_list_is_cut_after_twelve_words_and_says_so() -> None:
    words = [f"word{number:02}" for number in range(13)]
    assert did_you_mean("?", words) == f"Known: {', '.join(words[:12])}, …."
    assert did_you_mean("?", words[:12]) == f"Known: {', '.join(words[:12])}."


def test_an_empty_list_is_said_to_be_empty() -> None:
    assert did_you_mean("x", []) == "There is nothing to choose from."
