from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from made import CHANGE, review

from reviewer.errors import UserMustAct
from reviewer.flow import Run
from reviewer.publish.documents.bundle import FORMAT, BundleFile, load

if TYPE_CHECKING:
    from pathlib import Path

RUN = Run(version="0.0.9", change=CHANGE, request_digest="0", replies=(), review=review())


def test_a_run_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    place = tmp_path / "new" / "bundle.json"
    BundleFile(place).keep(RUN)

    assert load(place) == RUN


def test_trying_the_place_out_leaves_nothing_behind_and_harms_nothing(tmp_path: Path) -> None:
    place = tmp_path / "bundle.json"
    BundleFile(place).keep(RUN)
    BundleFile(place).check()

    assert list(tmp_path.iterdir()) == [place]
    assert load(place) == RUN


def test_a_bundle_of_another_version_says_which_version_reads_it(tmp_path: Path) -> None:
    place = tmp_path / "bundle.json"
    BundleFile(place).keep(RUN)
    place.write_text(place.read_text().replace(FORMAT, "reviewer-bundle/9"))

    with pytest.raises(UserMustAct, match="reviewer-bundle/9") as caught:
        load(place)
    assert "0.0.9" in caught.value.way_out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a bundle"),
        ("{}", "is not a bundle"),
        ('{"format": 7}', "is not a bundle"),
        (json.dumps({"format": FORMAT}), "is damaged, at version"),
    ],
)
def test_what_is_no_bundle_is_refused_in_plain_words(tmp_path: Path, text: str, says: str) -> None:
    place = tmp_path / "bundle.json"
    place.write_text(text)

    with pytest.raises(UserMustAct, match=says):
        load(place)
