from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from reviewer.errors import UserMustAct
from reviewer.layers import load
from reviewer.settings import Settings


def loaded(
    file: str = "",
    *,
    name: str = ".reviewer.toml",
    environment: dict[str, str] | None = None,
    **flags: Any,
) -> Settings:
    return load(file_name=name, file_text=file, environment=environment or {}, flags=flags)


def test_without_any_layer_the_defaults_hold() -> None:
    assert loaded() == Settings()


def test_a_flag_wins_over_the_environment_and_that_over_the_file() -> None:
    file = 'model = "file"\neffort = "low"\nfail_on = "low"'
    environment = {"REVIEWER_EFFORT": "high", "REVIEWER_FAIL_ON": "high"}

    settings = loaded(file, environment=environment, fail_on="critical")

    assert (settings.model, settings.effort, settings.fail_on) == ("file", "high", "critical")


def test_a_flag_that_was_not_given_changes_nothing() -> None:
    assert loaded('model = "file"', model=None).model == "file"


def test_an_empty_variable_is_unset_because_github_gives_unset_secrets_so() -> None:
    assert loaded(environment={"REVIEWER_MODEL": ""}) == Settings()


def test_the_folder_of_the_cache_is_no_setting_and_no_file_may_name_it() -> None:
    assert loaded(environment={"REVIEWER_CACHE_DIR": "/folder"}) == Settings()
    with pytest.raises(UserMustAct, match="no such setting"):
        loaded('cache_dir = "/folder"')


@pytest.mark.parametrize("text", ["*.lock,docs/", "*.lock\ndocs/\n", " *.lock , docs/ "])
def test_a_list_in_the_environment_is_split_by_line_or_comma(text: str) -> None:
    assert loaded(environment={"REVIEWER_EXCLUDE": text}).exclude == ("*.lock", "docs/")


def test_labels_are_a_list_too_and_none_at_all_can_be_set() -> None:
    assert loaded(environment={"REVIEWER_SKIP_LABELS": "wip, no review"}).skip_labels == (
        "wip",
        "no review",
    )
    assert loaded("skip_labels = []").skip_labels == ()


@pytest.mark.parametrize("value", ["0", "-1", "none"])
def test_a_limit_of_lines_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(UserMustAct, match="max_changed_lines"):
        loaded(environment={"REVIEWER_MAX_CHANGED_LINES": value})


def test_a_table_in_pyproject_is_read() -> None:
    file = '[project]\nname = "x"\n[tool.reviewer]\nmax_inline = 3'

    assert loaded(file, name="pyproject.toml").max_inline == 3


def test_a_pyproject_without_our_table_is_no_settings_at_all() -> None:
    assert loaded('[project]\nname = "x"', name="pyproject.toml") == Settings()


def test_every_mistake_is_said_at_once_with_the_place_it_comes_from() -> None:
    with pytest.raises(UserMustAct) as caught:
        loaded("max_inlin = 3", environment={"REVIEWER_FAIL_ON": "hihg"}, max_inline=31)

    text = str(caught.value)
    assert "max_inlin (.reviewer.toml): no such setting; did you mean max_inline?" in text
    assert "fail_on (environment)" in text
    assert "max_inline (command line)" in text


def test_a_list_of_one_wrong_value_is_not_called_empty_too() -> None:
    with pytest.raises(UserMustAct) as wrong:
        loaded('lenses = ["speed"]')
    with pytest.raises(UserMustAct) as empty:
        loaded("lenses = []")

    assert "at least" not in str(wrong.value)
    assert "lenses (.reviewer.toml): Input should have one value at least" in str(empty.value)


def test_a_file_that_is_no_toml_is_refused_by_name_and_line() -> None:
    with pytest.raises(UserMustAct, match=r"\.reviewer\.toml is not valid TOML: .*line 2"):
        loaded("\nmax_inline = = 3")


@pytest.mark.parametrize("name", ["api_key", "base_url", "token", "anthropic_api_key"])
def test_a_file_can_neither_hold_a_key_nor_say_where_it_is_sent(name: str) -> None:
    with pytest.raises(UserMustAct, match="no such setting"):
        loaded(f'{name} = "x"')


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
def test_a_cap_that_is_no_cap_is_refused(value: str) -> None:
    with pytest.raises(UserMustAct, match="max_usd_per_review"):
        loaded(f"max_usd_per_review = {value}")


@pytest.mark.parametrize("file", ["[tool]\nreviewer = 3", "[tool]\nreviewer = []"])
def test_a_table_of_ours_that_is_no_table_is_refused(file: str) -> None:
    with pytest.raises(UserMustAct, match="is no table"):
        loaded(file, name="pyproject.toml")


def test_a_pyproject_of_another_shape_is_no_matter_of_ours() -> None:
    assert loaded("tool = 3", name="pyproject.toml") == Settings()


def test_a_misspelt_variable_is_a_mistake_because_it_may_have_been_the_cap() -> None:
    with pytest.raises(UserMustAct, match="did you mean max_usd_per_review"):
        loaded(environment={"REVIEWER_MAX_USD": "1"})


@pytest.mark.parametrize("name", ["REVIEWER_TEAM", "REVIEWER_TOKEN", "REVIEWER_", "CODE_REVIEWER"])
def test_a_variable_that_resembles_no_setting_is_somebody_elses(name: str) -> None:
    assert loaded(environment={name: "x"}) == Settings()


def test_a_wrong_value_is_shown_cut_and_the_right_type_named() -> None:
    with pytest.raises(UserMustAct) as caught:
        loaded(f'fail_on = "{"x" * 500}"\ninclude = "*.md"')

    text = str(caught.value)
    assert "include (.reviewer.toml): Input should be a list; it is '*.md'" in text
    assert "xxx..." in text
    assert len(text) < 400


@pytest.mark.parametrize("name", ["snapshot_hour", "max_usd_per_review", "window_tokens"])
def test_yes_is_no_number(name: str) -> None:
    with pytest.raises(UserMustAct, match=rf"{name} \(.*\): Input should be a number; it is True"):
        loaded(f"{name} = true")


def test_yes_is_no_price() -> None:
    with pytest.raises(UserMustAct, match=r"input_usd"):
        loaded('prices = [{model = "x", input_usd = true, output_usd = 1}]')


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e300"])
def test_a_rate_of_reviews_that_nobody_has_is_refused(value: str) -> None:
    with pytest.raises(UserMustAct, match="reviews_per_hour"):
        loaded(f"reviews_per_hour = {value}")


def test_every_setting_has_a_description() -> None:
    assert all(each.metadata["description"] for each in fields(Settings))


def test_a_rule_is_a_table_with_instructions_and_perhaps_paths() -> None:
    file = '[[rules]]\ninstructions = "a"\n[[rules]]\ninstructions = "b"\npaths = ["*.sql"]\n'

    assert [(rule.instructions, rule.paths) for rule in loaded(file).rules] == [
        ("a", ()),
        ("b", ("*.sql",)),
    ]


def test_every_mistake_in_the_rules_is_said_at_once_with_the_rule_and_the_key() -> None:
    file = """
max_inlin = 3
[[rules]]
instructions = ""
paths = "*.sql"
[[rules]]
paths = [3]
path = ["x"]
"""
    with pytest.raises(UserMustAct) as caught:
        loaded(file, name=".reviewer.toml")

    no_such_key = "no such key; the keys of a table [[rules]] are `instructions`, `paths`"
    too_short = "String should have at least 1 character"
    assert str(caught.value).splitlines()[1:] == [
        f"  [[rules]] 1, instructions (.reviewer.toml): {too_short}; it is ''",
        "  [[rules]] 1, paths (.reviewer.toml): Input should be a list; it is '*.sql'",
        "  [[rules]] 2, instructions (.reviewer.toml): it must be there",
        "  [[rules]] 2, paths (.reviewer.toml): Input should be a valid string; it is 3",
        f"  [[rules]] 2, path (.reviewer.toml): {no_such_key}",
        "  max_inlin (.reviewer.toml): no such setting; did you mean max_inline?",
    ]


def test_rules_that_are_no_tables_are_refused() -> None:
    with pytest.raises(UserMustAct, match=r"\[\[rules\]\] 1 .*Input should be a table; it is 3"):
        loaded("rules = [3]")
    with pytest.raises(UserMustAct, match=r"rules \(environment\): Input should be a list"):
        loaded(environment={"REVIEWER_RULES": "be kind"})


def test_rules_may_stand_in_pyproject_too() -> None:
    file = '[[tool.reviewer.rules]]\ninstructions = "a"\n'

    assert [rule.instructions for rule in loaded(file, name="pyproject.toml").rules] == ["a"]


@pytest.mark.parametrize("open_", ["[", "{a="])
def test_brackets_in_brackets_are_refused_as_any_other_mistake(open_: str) -> None:
    with pytest.raises(UserMustAct, match=r"\.reviewer\.toml is not valid TOML"):
        loaded("x = " + open_ * 10_000)


@pytest.mark.parametrize("part", ["a", '"a"', "'a' ", "a\t"])
def test_a_key_of_thousands_of_parts_is_refused_before_it_is_parsed(part: str) -> None:
    text = f"{'.'.join([part] * 50_000)} = 1\n"

    with pytest.raises(UserMustAct, match="a key of more than 100 parts"):
        load(file_name=".reviewer.toml", file_text=text, environment={}, flags={})


def test_prices_are_tables_with_bounds() -> None:
    file = """
[[prices]]
model = "house-model"
input_usd = 2
output_usd = -1
cache = 3
"""
    with pytest.raises(UserMustAct) as error:
        loaded(file)

    assert "[[prices]] 1, output_usd (.reviewer.toml): Input should be greater" in str(error.value)
    assert "the keys of a table [[prices]] are `model`, `input_usd`" in str(error.value)


def test_what_a_price_does_not_say_of_the_cache_follows_from_the_input() -> None:
    (price,) = loaded('[[prices]]\nmodel = "m"\ninput_usd = 2\noutput_usd = 8\n').prices

    assert (price.write_5m_usd, price.write_1h_usd, price.read_usd) == (2.5, 4, 0.2)
