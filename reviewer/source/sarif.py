"""SARIF files of other tools -> what they report. Does I/O; `parse` is pure.

Outside data in every respect: a linter's messages quote the code and obey the configuration of
the repository. Nothing in a file names what is read: paths are only compared.
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field, ValidationError

from reviewer.disk import read_at_most
from reviewer.errors import UserMustAct, first_mistake
from reviewer.flow import Reported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
MOST_RUNS = 20
MOST_RESULTS = 25_000
"""Of a run; GitHub takes no more runs and results either ("SARIF support for code scanning")."""

MOST_NAME_CHARACTERS = 120
MOST_MESSAGE_CHARACTERS = 1_000

OURS = "reviewer"
"""What our own log calls us: it is no evidence for what we say."""

_WAY_OUT = "give a SARIF 2.1.0 file that a tool wrote"


class _Message(BaseModel):
    text: str = ""
    id: str = ""


class _Artifact(BaseModel):
    uri: str = ""
    uriBaseId: str = ""  # noqa: N815 - SARIF's name, as all below
    index: int = -1


class _Region(BaseModel):
    startLine: Annotated[int, Field(ge=1)] | None = None  # noqa: N815 - see above
    endLine: int | None = None  # noqa: N815 - see above


class _Physical(BaseModel):
    artifactLocation: _Artifact = _Artifact()  # noqa: N815 - see above
    region: _Region = _Region()


class _Location(BaseModel):
    physicalLocation: _Physical = _Physical()  # noqa: N815 - see above


class _Reference(BaseModel):
    id: str = ""
    index: int = -1


class _Result(BaseModel):
    ruleId: str = ""  # noqa: N815 - see above
    ruleIndex: int = -1  # noqa: N815 - see above
    rule: _Reference = _Reference()
    kind: str = "fail"
    level: Literal["error", "warning", "note", "none"] | None = None
    message: _Message = _Message()
    locations: list[_Location] = []
    suppressions: list[Any] = []
    baselineState: str = ""  # noqa: N815 - see above


class _Configuration(BaseModel):
    level: Literal["error", "warning", "note", "none"] = "warning"


class _Rule(BaseModel):
    id: str = ""
    shortDescription: _Message = _Message()  # noqa: N815 - see above
    messageStrings: dict[str, _Message] = {}  # noqa: N815 - see above
    defaultConfiguration: _Configuration = _Configuration()  # noqa: N815 - see above


class _Driver(BaseModel):
    name: str
    rules: list[_Rule] = []


class _Tool(BaseModel):
    driver: _Driver


class _Held(BaseModel):
    location: _Artifact = _Artifact()


class _Run(BaseModel):
    tool: _Tool
    results: Annotated[list[_Result], Field(max_length=MOST_RESULTS)] | None = None
    artifacts: list[_Held] = []
    originalUriBaseIds: dict[str, _Artifact] = {}  # noqa: N815 - see above


class _Log(BaseModel):
    version: Literal["2.1.0"]
    runs: Annotated[list[_Run], Field(max_length=MOST_RUNS)]


def read(paths: Iterable[Path], *, root: Path | None) -> tuple[Reported, ...]:
    """Return what the files report about files below `root`, once each; raises `UserMustAct`."""
    found: dict[Reported, None] = {}
    for path in paths:
        try:
            data = read_at_most(path, MOST_BYTES)
        except OSError as error:
            raise UserMustAct(
                f"{path} cannot be read: {error.strerror}", way_out=_WAY_OUT
            ) from error
        if data is None:
            raise UserMustAct(f"{path} is too large for a SARIF file", way_out=_WAY_OUT)
        found |= dict.fromkeys(parse(data, name=str(path), root=root.as_posix() if root else ""))
    return tuple(found)


def parse(data: bytes, *, name: str, root: str) -> tuple[Reported, ...]:
    """Return what a log reports and nobody suppressed. Raises `UserMustAct` where it is none.

    `root` is the folder of the repository, to which absolute addresses are held.
    """
    try:
        log = _Log.model_validate(json.loads(data))
    except ValidationError as error:
        raise UserMustAct(
            f"{name} is no SARIF 2.1.0{first_mistake(error)}", way_out=_WAY_OUT
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserMustAct(f"{name} is not JSON", way_out=_WAY_OUT) from error
    return tuple(one for run in log.runs for one in _of_run(run, root))


def _of_run(run: _Run, root: str) -> Iterator[Reported]:
    tool = _line(run.tool.driver.name, MOST_NAME_CHARACTERS)
    if tool == OURS:
        return
    rules = {rule.id: rule for rule in run.tool.driver.rules}
    for result in run.results or ():
        if result.suppressions or result.kind != "fail" or result.baselineState == "absent":
            continue
        rule = _rule(result, run.tool.driver.rules, rules)
        for location in result.locations[:1]:  # the first is where it is, as GitHub reads it
            place = location.physicalLocation
            path = _path(place.artifactLocation, run, root)
            if path and place.region.startLine:
                first = place.region.startLine
                yield Reported(
                    tool=tool,
                    rule=_line(rule.id, MOST_NAME_CHARACTERS),
                    level=result.level or rule.defaultConfiguration.level,
                    path=path,
                    first_line=first,
                    last_line=max(first, place.region.endLine or first),
                    message=_line(_said(result, rule), MOST_MESSAGE_CHARACTERS),
                )


def _rule(result: _Result, listed: list[_Rule], by_id: dict[str, _Rule]) -> _Rule:
    index = max(result.ruleIndex, result.rule.index)
    if 0 <= index < len(listed):
        return listed[index]
    name = result.ruleId or result.rule.id
    return by_id.get(name) or _Rule(id=name)


def _said(result: _Result, rule: _Rule) -> str:
    named = rule.messageStrings.get(result.message.id)
    return result.message.text or (named.text if named else "") or rule.shortDescription.text


def _path(artifact: _Artifact, run: _Run, root: str) -> str:
    """Return the path in the repository, or an empty text for what lies elsewhere."""
    if not artifact.uri and 0 <= artifact.index < len(run.artifacts):
        artifact = run.artifacts[artifact.index].location
    base = run.originalUriBaseIds.get(artifact.uriBaseId)
    try:
        uri = urlsplit(artifact.uri)
        if not uri.scheme and base and base.uri:
            uri = urlsplit(base.uri.rstrip("/") + "/" + artifact.uri)
    except ValueError:
        return ""
    path = posixpath.normpath(unquote(uri.path)) if uri.path else ""
    if uri.scheme == "file" or path.startswith("/"):
        below = f"{root.rstrip('/')}/"
        path = path.removeprefix(below) if root and path.startswith(below) else ""
    elif uri.scheme:
        return ""
    return "" if path == "." or path.startswith("..") else path


def _line(text: str, most: int) -> str:
    return " ".join(text[: 2 * most].split())[:most]
