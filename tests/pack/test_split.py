"""Packs of files that belong together: what always holds, and what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reviewer.pack.split import TOO_LARGE, areas, cohesion, split

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)
COSTS = st.dictionaries(
    NAMES.map(lambda name: f"{name}.py"), st.integers(min_value=0, max_value=100), max_size=25
)
BUDGETS = st.integers(min_value=1, max_value=150)


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, int], dict[tuple[str, str], float]]:
    """Draw files with what they cost, and how much they use each other."""
    costs = draw(COSTS)
    if not costs:
        return costs, {}
    names = st.sampled_from(sorted(costs))
    shares = st.sampled_from((0.25, 0.5, 1.0, 3.0))
    return costs, draw(st.dictionaries(st.tuples(names, names), shares, max_size=30))


@given(trees(), BUDGETS)
def test_every_file_is_in_one_pack_and_each_pack_fits_or_is_one_file_with_the_reason(
    tree: tuple[dict[str, int], dict[tuple[str, str], float]], budget: int
) -> None:
    costs, uses = tree
    parts = split(costs, uses, budget_tokens=budget)

    assert sorted(path for part in parts for path in part.files) == sorted(costs)
    for part in parts:
        assert part.files
        assert part.tokens == sum(costs[path] for path in part.files)
        if part.tokens > budget:
            assert (len(part.files), part.why) == (1, TOO_LARGE)
        else:
            assert part.why == ""


@given(trees(), BUDGETS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_and_uses_arrive_makes_no_difference(
    tree: tuple[dict[str, int], dict[tuple[str, str], float]], budget: int, random: Random
) -> None:
    costs, uses = tree
    shuffled = [list(costs.items()), list(uses.items())]
    for each in shuffled:
        random.shuffle(each)

    again = split(dict(shuffled[0]), dict(shuffled[1]), budget_tokens=budget)

    assert again == split(costs, uses, budget_tokens=budget)


@given(COSTS, st.data())
def test_the_areas_of_a_pack_name_all_of_its_files_and_none_of_the_others(
    costs: dict[str, int], data: st.DataObject
) -> None:
    mine = [path for path in sorted(costs) if data.draw(st.booleans())]
    others = [path for path in sorted(costs) if path not in mine]
    named = areas(mine, others)

    assert [path for path in sorted(costs) if _is_named(path, named)] == mine


def _is_named(path: str, named: Sequence[str]) -> bool:
    return any(path == each or (each.endswith("/") and path.startswith(each)) for each in named)


def test_files_that_use_each_other_go_together_across_folders() -> None:
    costs = {"api/a.py": 40, "api/b.py": 40, "core/a.py": 40, "core/b.py": 40}
    uses = {("api/a.py", "core/a.py"): 5.0, ("api/b.py", "core/b.py"): 5.0}

    parts = split(costs, uses, budget_tokens=80)

    assert [part.files for part in parts] == [
        ("api/a.py", "core/a.py"),
        ("api/b.py", "core/b.py"),
    ]
    assert cohesion(parts, uses) == 1.0


def test_a_small_folder_stays_whole_even_where_its_files_do_not_use_each_other() -> None:
    costs = {"tools/a.py": 4, "tools/b.py": 4, "big/a.py": 60, "big/b.py": 60}
    uses = {("big/a.py", "tools/a.py"): 1.0, ("big/b.py", "tools/b.py"): 1.0}

    parts = split(costs, uses, budget_tokens=80)

    assert ("big/a.py", "tools/a.py", "tools/b.py") in [part.files for part in parts]


def test_a_path_as_deep_as_a_hostile_tree_can_make_it_is_split_like_any_other() -> None:
    deep = "/".join("d" * 2_000)

    parts = split({f"{deep}/a": 3, f"{deep}/b": 3}, {}, budget_tokens=4)

    assert len(parts) == 2
