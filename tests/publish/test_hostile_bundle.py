"""A bundle can come from an outsider's run: what it says is posted with our token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from publish.made import placed, review

from reviewer.errors import UserMustAct
from reviewer.flow import PackedFile, Reply, Run
from reviewer.publish.documents.bundle import dumps, load

if TYPE_CHECKING:
    from pathlib import Path

MARKUP = "x --> @octo/team ![](https://elsewhere.example/x) <!--"


def written(path: Path, *keys: str | int, value: Any) -> Path:
    """Write a bundle in which one value was replaced."""
    made = review(placed())
    run = Run(version="1", change=made.change, request_digest="0", replies=(), review=made)
    document = json.loads(dumps(run))
    inner = document
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("review", "placed", 0, "fingerprint"), MARKUP),
        (("review", "placed", 0, "id"), MARKUP),
        (("review", "change", "head"), MARKUP),
        (("review", "change", "merge_base"), "main"),
        (("review", "change", "pull_request", "url"), "javascript:alert(1)"),
        (("review", "change", "pull_request", "url"), "https://x.example/)![](https://y.example/"),
        (("review", "change", "pull_request", "repository"), "octo/shop/issues/1/comments?"),
        (("review", "change", "pull_request", "repository"), "../../user"),
        (("review", "coverage", "files", 0, PackedFile._fields.index("encoding")), MARKUP),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_is_written_as_it_is_must_be_what_it_says(
    tmp_path: Path, keys: tuple[str | int, ...], value: str
) -> None:
    with pytest.raises(UserMustAct, match=str(keys[-1])):
        load(written(tmp_path / "bundle.json", *keys, value=value))


def test_our_own_bundles_are_read(tmp_path: Path) -> None:
    made = review(placed())
    reply = Reply(text="{}", model="m", stop_reason="end_turn", attempts=(), seconds=1.0)
    run = Run(version="1", change=made.change, request_digest="0", replies=(reply,), review=made)
    path = tmp_path / "bundle.json"
    path.write_bytes(dumps(run))

    assert load(path) == run
