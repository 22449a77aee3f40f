from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publish.made import packed
from publish.mapped import BUDGET_TOKENS, changed_file, listed, prepared
from publish.parsed import Page

from reviewer.flow import FileClass, Level, Neighbour, PackedFile, RelatedFile
from reviewer.publish import statistics
from reviewer.publish.documents import map as map_of
from reviewer.publish.documents import map_data, map_graph

CASE = Path(__file__).parent / "cases" / "map.md"

FILES = (
    packed("README.md", file_class=FileClass.DOCS, tokens=412),
    listed(".env", "secret: name .env", rule="name .env", file_class=FileClass.SECRET),
    packed("shop/cart.py", tokens=2_400),
    packed("shop/deep/er/orders.py", level=Level.OUTLINE, tokens=90, why="outline: no room"),
    listed(
        "shop/old.py",
        "over the budget: needs about 9,120 tokens",
        rule="extension .py",
    ),
    listed(
        "shop/older.py",
        "over the budget: needs about 12 tokens",
        rule="extension .py",
    ),
    listed(
        "static/a.png",
        "media: extension .png",
        rule="extension .png",
        file_class=FileClass.MEDIA,
        size_bytes=90_000,
    ),
    packed("tests/test_cart.py", file_class=FileClass.TEST, tokens=800),
)
NEIGHBOURS = (
    Neighbour(
        path="shop/old.py", relation="defines", names=("total",), of=("shop/cart.py",), shown=False
    ),
    Neighbour(
        path="tests/test_cart.py",
        relation="tests",
        names=("Cart", "add", "remove_everything_from_it"),
        of=("shop/cart.py",),
        shown=True,
    ),
)
RICH = prepared(
    FILES,
    changed=[changed_file("shop/cart.py")],
    neighbours=NEIGHBOURS,
    related=[RelatedFile(path="shop/old.py", text="x", written="x", tokens=60)],
    secrets=[("aws-access-token", 2)],
)

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>.py",
    "\"onload='alert(1)",
    "new\nline\r.py",
    "\u202egpj.exe",
    "{{ 7 * 7 }}{% raw %}",
    "caf\udce9.py",
    "&lt;b&gt;",
    "\0\x1b[2J.py",
]


def data_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.inside("script")[0])
    return found


def paths_of(data: dict[str, Any]) -> list[str]:
    """The path of every file, put together from the columns as the script does."""
    folders: list[str] = []
    for parent, name in zip(data["parent"], data["folder"], strict=True):
        folders.append("" if parent < 0 else f"{folders[parent]}{data['names'][name]}/")
    homes = [
        folder for folder, count in zip(folders, data["count"], strict=True) for _ in range(count)
    ]
    return [home + data["names"][name] for home, name in zip(homes, data["file"], strict=True)]


def test_the_table_is_as_it_was_agreed(*, update_cases: bool) -> None:
    shown = "\n".join(map_of.lines(RICH)) + "\n"
    if update_cases:
        CASE.write_text(shown, encoding="utf-8")

    assert shown == CASE.read_text(encoding="utf-8")


def test_the_parts_add_up_to_the_budget() -> None:
    assert sum(part.tokens for part in map_of.parts(RICH)) == BUDGET_TOKENS


def test_every_file_is_on_the_page_exactly_once_with_its_sizes() -> None:
    data = data_of(Page(map_of.page(RICH, name="shop")))

    assert sorted(paths_of(data)) == sorted(file.path for file in FILES)
    assert sum(data["tokens"]) == sum(file.tokens for file in FILES)
    assert sum(data["bytes"]) == sum(file.size_bytes for file in FILES)
    assert sum(group.files for group in statistics.by_class(FILES)) == len(FILES)


def test_the_reason_of_a_file_is_put_together_again_from_its_words_and_numbers() -> None:
    data = data_of(Page(map_of.page(RICH, name="shop")))
    at = paths_of(data).index("shop/old.py")
    words = data["kinds"][data["kind"][at]][3]
    for number in data["numbers"][at].split():
        words = words.replace(map_data.GAP, number, 1)

    assert words == "over the budget: needs about 9,120 tokens; rule: extension .py"


def test_a_changed_file_is_marked() -> None:
    data = data_of(Page(map_of.page(RICH, name="shop")))

    assert [paths_of(data)[at] for at in data["changed"]] == ["shop/cart.py"]


def test_reasons_that_differ_in_their_numbers_alone_are_one() -> None:
    data = map_of.by_reason(FILES, map_of.Family.CURRENT)

    [over] = [group for group in data if group.name == "over the budget"]
    assert (over.files, over.why) == (2, "over the budget: needs about N tokens")
    assert over.needed_tokens is not None


def test_what_could_never_be_sent_has_no_price() -> None:
    [media] = [
        each for each in map_of.by_reason(FILES, map_of.Family.CURRENT) if each.name == "media"
    ]

    assert media.needed_tokens is None


def test_the_page_names_the_tokenizer_of_its_model() -> None:
    earlier = prepared(FILES, model="claude-opus-4-6")

    assert "tokenizer of Claude before 4.7" in map_of.page(earlier, name="shop")
    assert "tokenizer of Claude 4.7 and later" in map_of.page(RICH, name="shop")


def test_the_page_says_so_where_there_is_nothing_to_draw() -> None:
    page = map_of.page(prepared([packed("a.py")]), name="shop")

    assert "Neighbours: none" in page
    assert "Nothing is changed" in page
    assert "every file is in full" in page


def test_the_page_parses_and_its_policy_allows_its_own_style_and_script_alone() -> None:
    page = Page(map_of.page(RICH, name="shop"))
    [policy] = [
        each["content"] or ""
        for each in page.all("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    style = "".join(page.inside("style"))
    script = page.inside("script")[-1]

    assert (page.unbalanced, page.open) == ([], [])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert allowed == {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    }


def test_the_page_asks_for_nothing_and_has_no_handler_and_no_style_in_an_attribute() -> None:
    page = Page(map_of.page(RICH, name="shop"))

    for tag, attributes in page.elements:
        assert not {"src", "srcset", "style", "action", "data"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith("#"), tag


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_text_wherever_it_stands(name: str) -> None:
    plain = Page(page_about("name"))
    hostile = Page(page_about(name))

    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert (hostile.unbalanced, hostile.open) == ([], [])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\0\x1b]", page_about(name))
    page_about(name).encode("utf-8")


def page_about(name: str) -> str:
    """A page that says one name in every place where a name can stand."""
    path = f"{name}/{name}"
    return map_of.page(
        prepared(
            [listed(path, f"excluded: exclude {name}", rule=f"exclude {name}")],
            changed=[changed_file(path, why=name)],
            neighbours=[
                Neighbour(path=path, relation="uses", names=(name,), of=(path,), shown=False)
            ],
        ),
        name=name,
    )


def test_a_hostile_name_is_one_line_in_the_terminal() -> None:
    files = [packed(name) for name in HOSTILE]
    neighbours = [
        Neighbour(path=each, relation="uses", names=(each,), of=(each,)) for each in HOSTILE
    ]
    shown = map_of.lines(prepared(files, neighbours=neighbours))

    assert len("\n".join(shown).splitlines()) == len(shown)
    assert all(line.isprintable() for line in shown)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "b", "</script>", "\u202e", "%41"]), min_size=1, max_size=9
        ).map("/".join),
        unique=True,
        max_size=30,
    )
)
def test_whatever_the_names_every_file_is_counted_once(paths: list[str]) -> None:
    files = [packed(path, tokens=at, size_bytes=at * 3) for at, path in enumerate(paths)]
    data: dict[str, Any] = map_data.columns(files, frozenset())

    assert len(data["file"]) == sum(data["count"]) == len(files)
    assert sum(data["tokens"]) == sum(file.tokens for file in files)
    assert sorted(paths_of(data)) == sorted(map_data.one_line(path) for path in paths)
    assert all(parent < at for at, parent in enumerate(data["parent"]))


def test_a_tree_that_is_very_deep_is_no_trouble() -> None:
    deep: PackedFile = packed("a/" * 3_000 + "b.py")

    assert len(data_of(Page(map_of.page(prepared([deep]), name="deep")))["parent"]) == 3_001


def test_more_neighbours_than_fit_are_counted() -> None:
    many = [
        Neighbour(path=f"n{at:03}.py", relation="uses", names=("f",), of=(f"c{at % 40:02}.py",))
        for at in range(75)
    ]
    drawing = map_graph.draw([f"c{at:02}.py" for at in range(40)], many)
    more = [box.name for box in drawing.boxes if box.kind == "more"]
    drawn = [box for box in drawing.boxes if box.kind == "uses"]

    assert len(drawn) == map_graph.MOST_NEIGHBOURS
    assert more == [
        f"and {40 - map_graph.MOST_CHANGED} more",
        f"and {75 - map_graph.MOST_NEIGHBOURS} more",
    ]
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(drawing.boxes)
    assert all(box.y + drawing.box_height <= drawing.height for box in drawing.boxes)


def test_definitions_stand_left_of_the_change_and_uses_and_tests_right() -> None:
    drawing = map_graph.draw(["shop/cart.py"], NEIGHBOURS)
    x = {box.kind: box.x for box in drawing.boxes}

    assert x["defines"] < x["changed"] < x["tests"]


def test_a_line_names_as_many_symbols_as_it_carries() -> None:
    drawing = map_graph.draw(["shop/cart.py"], NEIGHBOURS)

    assert [box.label for box in drawing.boxes] == ["", "total", "Cart, add +1"]
