"""SARIF of other tools is read as outside data."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publish.made import placed, review

from reviewer.errors import UserMustAct
from reviewer.publish.documents import sarif as ours
from reviewer.source import sarif

if TYPE_CHECKING:
    from reviewer.flow import Reported

RUFF = {
    "tool": {
        "driver": {
            "name": "ruff",
            "rules": [{"id": "F401", "shortDescription": {"text": "Unused import"}}],
        }
    },
    "results": [
        {
            "ruleId": "F401",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "`os` imported\nbut unused"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "file:///home/ci/shop/src/a%20b.py"},
                        "region": {"startLine": 1, "startColumn": 8, "endLine": 2},
                    }
                }
            ],
        }
    ],
}


def log(*runs: Any) -> bytes:
    return json.dumps({"version": "2.1.0", "runs": runs}).encode()


def result(uri: str = "a.py", line: int = 4, **given: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    return {
        "ruleId": "R1",
        "message": {"text": "m"},
        "locations": [{"physicalLocation": place}],
        **given,
    }


def run(*results: Any, **given: Any) -> dict[str, Any]:
    return {"tool": {"driver": {"name": "tool"}}, "results": results, **given}


def parsed(*runs: Any) -> tuple[Reported, ...]:
    return sarif.parse(log(*runs), name="x.sarif", root="/home/ci/shop")


def test_what_a_linter_writes_is_read() -> None:
    (one,) = parsed(RUFF)

    assert (one.name, one.level, one.path) == ("ruff F401", "error", "src/a b.py")
    assert (one.first_line, one.last_line) == (1, 2)
    assert one.message == "`os` imported but unused"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a.py", "src/a.py"),
        ("./src/../a.py", "a.py"),
        ("file:///home/ci/shop/a.py", "a.py"),
        ("/home/ci/shop/a.py", "a.py"),
    ],
)
def test_a_path_is_that_of_the_repository(uri: str, path: str) -> None:
    assert [one.path for one in parsed(run(result(uri)))] == [path]


@pytest.mark.parametrize(
    "uri",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "file:///home/ci/shopping/a.py",
        "https://elsewhere.example/a.py",
        "http://[",
        "",
        ".",
    ],
)
def test_what_lies_elsewhere_is_left_out(uri: str) -> None:
    assert parsed(run(result(uri))) == ()


def test_a_path_can_stand_in_the_list_of_artifacts_and_below_a_base() -> None:
    by_index = result("")
    by_index["locations"][0]["physicalLocation"]["artifactLocation"] = {"index": 1}
    based = result("b.py")
    based["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] = "ROOT"
    made = run(
        by_index,
        based,
        artifacts=[{"location": {"uri": "no.py"}}, {"location": {"uri": "a.py"}}],
        originalUriBaseIds={"ROOT": {"uri": "file:///home/ci/shop/src/"}},
    )

    assert [one.path for one in parsed(made)] == ["a.py", "src/b.py"]


@pytest.mark.parametrize(
    "given",
    [
        {"suppressions": [{"kind": "inSource"}]},
        {"kind": "pass"},
        {"baselineState": "absent"},
        {"locations": []},
    ],
)
def test_what_is_no_finding_is_left_out(given: dict[str, Any]) -> None:
    assert parsed(run(result(**given))) == ()


def test_a_message_and_a_level_can_be_those_of_the_rule() -> None:
    rule = {
        "id": "R1",
        "messageStrings": {"default": {"text": "from the rule"}},
        "defaultConfiguration": {"level": "note"},
    }
    made = run(result(message={"id": "default"}))
    made["tool"]["driver"]["rules"] = [rule]
    (one,) = parsed(made)

    assert (one.message, one.level) == ("from the rule", "note")


def test_our_own_log_is_no_evidence_for_what_we_say() -> None:
    written = ours.report(review(placed("F1")))

    assert sarif.parse(written.encode(), name="x", root="") == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no SARIF 2.1.0: an object should stand there$"),
        (log(7), "at runs.0: an object should stand there$"),
        (b'{"version": "2.0.0", "runs": []}', "at version"),
        (b'{"version": "2.1.0", "runs": {}}', "at runs"),
        (log({"tool": {}}), "at runs.0.tool.driver"),
        (log(run(result(line=0))), "startLine"),
        (log(*[run()] * (sarif.MOST_RUNS + 1)), "at most 20"),
    ],
)
def test_what_is_no_sarif_is_said_to_be_none(data: bytes, says: str) -> None:
    with pytest.raises(UserMustAct, match=says):
        sarif.parse(data, name="x.sarif", root="")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("tool", "driver", "results", "name")), inner, max_size=3
        )
    ),
)


@given(st.lists(JSON, max_size=2), st.binary(max_size=20))
def test_whatever_comes_in_is_read_or_refused(runs: list[Any], noise: bytes) -> None:
    for data in (log(*runs), noise):
        with suppress(UserMustAct):
            assert isinstance(sarif.parse(data, name="x", root=""), tuple)


def test_files_are_read_once_each_finding_and_a_missing_one_is_the_users_to_mend(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.sarif"
    path.write_bytes(log(run(result("a.py"))))

    assert len(sarif.read([path, path], root=tmp_path)) == 1
    with pytest.raises(UserMustAct, match="cannot be read"):
        sarif.read([tmp_path / "no.sarif"], root=tmp_path)


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sarif"
    path.write_bytes(log())
    monkeypatch.setattr(sarif, "MOST_BYTES", 3)

    with pytest.raises(UserMustAct, match="too large"):
        sarif.read([path], root=tmp_path)


def test_what_a_real_linter_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a b.py").write_text("import os\n")
    ruff = Path(sys.executable).with_name("ruff")
    log = tmp_path / "ruff.sarif"
    words = ("check", "--isolated", "--exit-zero", "--output-format", "sarif", "-o", str(log), ".")
    subprocess.run((ruff, *words), cwd=tmp_path, check=True, capture_output=True)
    (one,) = sarif.read([log], root=tmp_path)

    assert (one.name, one.path, one.first_line) == ("ruff F401", "src/a b.py", 1)
    assert "os" in one.message
