"""Review by every way to ask, against servers from PyPI and npm that are not ours.

    python benchmarks/independent_servers.py [--real CLONE BASE HEAD] [--only NAME] [--logs FOLDER]

Installs each server into a throw-away folder, starts it on loopback, and runs `reviewer review`,
a process of its own with an environment of its own, on a made-up repository with a planted bug
and, with --real, on a change of a real one. Prints a table, and ends with 1 where a way ended in
another manner than it should: a review of noise, or of a stream that breaks off, must be
unfinished (3) and never clean. Needs `pip install -e '.[openai,aws,bedrock]'`, node and npm.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_changes import Subject, answers, made_up, real, reply
from server_processes import ServerFailed, clean, free_port, install, running
from server_recipes import SERVERS
from server_ways import Site

from reviewer.standin.messages import Messages, Turn
from reviewer.standin.server import Server as Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from server_recipes import Server
    from server_ways import Answers, Way

REVIEW_SECONDS = 600.0
REVIEW = (
    "review", "--depth", "deep", "--lenses", "correctness,security", "--max-usd", "40",
    "--format", "json",
)  # fmt: skip
MOST_TURNS = 10_000
TIMED_OUT = 124
TRACEBACK = "Traceback (most recent call last)"
COLUMNS = (
    "server", "version", "protocol, path", "repository", "what it lacks, or how it ended",
    "in", "written", "read", "out", "findings (refused)", "exit", "seconds", "doctor",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one run ended; `told` is what it printed, `written` the JSON of a review."""

    code: int
    told: str
    seconds: float
    written: Mapping[str, Any] = field(default_factory=dict)

    @property
    def findings(self) -> int:
        return len(self.written.get("placed", ()))

    @property
    def refused(self) -> int:
        """How many findings did not hold: of the scripted ones, those that quote no such line."""
        return len(self.written.get("rejected", ()))

    @property
    def tokens(self) -> tuple[int, int, int, int]:
        """What the server billed: plain, written to the cache, read from it, and answers."""
        usage = Counter(self.written.get("cost", {}).get("usage", {}))
        written = usage["cache_write_5m_tokens"] + usage["cache_write_1h_tokens"]
        return usage["input_tokens"], written, usage["cache_read_tokens"], usage["output_tokens"]

    @property
    def says(self) -> str:
        """What the server lacks, and why it is unfinished or was not begun."""
        notes = re.findall(r"\] Note: (.*)", self.told)
        error = re.findall(r"^reviewer: (.*)", self.told, re.MULTILINE)
        unfinished = self.written.get("unfinished") or ""
        return "; ".join((*notes, *error, *([unfinished] if unfinished else ())))

    @property
    def failed(self) -> bool:
        """Whether it did what no run may do, however it ends: hang, or show a traceback."""
        return self.code == TIMED_OUT or TRACEBACK in self.told

    def is_right(self, way: Way) -> bool:
        return (self.code, self.findings) == (way.ends, way.finds) and not self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What all servers have in common: where they are installed, and what they are asked."""

    folder: Path
    upstream_url: str
    answers: Answers
    subjects: tuple[Subject, ...]
    logs: Path | None


def main() -> int:
    options = _options()
    # A terminated script stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = [one for one in SERVERS if not options.only or _named(one, options.only)]
    if not wanted:
        raise SystemExit(f"none of {', '.join(one.name for one in SERVERS)} has that in its name")
    with tempfile.TemporaryDirectory(prefix="independent-servers-") as name:
        folder = Path(name)
        subjects = [made_up(folder / "shop")]
        if options.real:
            subjects.append(real(folder / "real", *options.real))
        said = answers(subjects)
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        with Loopback(Messages([Turn(text=partial(reply, said))] * MOST_TURNS)) as upstream:
            visit = Visit(
                folder=folder, upstream_url=upstream.url, answers=said,
                subjects=tuple(subjects), logs=options.logs,
            )  # fmt: skip
            rights = [_asked(server, visit) for server in wanted]
    return 0 if all(rights) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--real", nargs=3, metavar=("CLONE", "BASE", "HEAD"))
    parser.add_argument("--only", action="append", metavar="NAME", help="part of a server's name")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep what was printed there")
    return parser.parse_args()


def _named(server: Server, names: Sequence[str]) -> bool:
    return any(name.lower() in server.name.lower() for name in names)


# --- asking -------------------------------------------------------------------------------------


def _asked(server: Server, visit: Visit) -> bool:
    """Run a server and every way to ask it; print a row each, and say whether all are right."""
    rights = []
    try:
        with _served(server, visit) as (site, version):
            for way in server.ways:
                for subject in visit.subjects:
                    ended, doctor = _review(way, subject, site), _doctor(way, subject, site)
                    _print(server.name, version, way, subject, ended, doctor)
                    _keep(visit.logs, f"{server.name} {way.protocol} {way.path}", subject, ended)
                    rights.append(ended.is_right(way) and not doctor.failed)
    except ServerFailed as error:
        print(f"| {server.name} | | | | **{_cell(str(error))}** {'| ' * 8}|", flush=True)
        return False
    return all(rights)


@contextmanager
def _served(server: Server, visit: Visit) -> Iterator[tuple[Site, str]]:
    """Install a server and run it, with whom it asks itself; gives its place and version."""
    with ExitStack() as stack:
        url = visit.upstream_url
        if server.behind:
            url = stack.enter_context(_served(server.behind, visit))[0].url
        place = visit.folder / re.sub(r"\W+", "-", server.package.name)
        version = _installed(server, place)
        site = Site(folder=place, port=free_port(), upstream_url=url, answers=visit.answers)
        words = server.prepare(site)
        environment = clean(place, **server.environment(site))
        alive_url = site.url + server.alive
        stack.enter_context(running(words, place, environment, alive_url=alive_url))
        yield site, version


def _installed(server: Server, place: Path) -> str:
    """Install a package once, and return its version."""
    kept = place / "version.txt"
    if not kept.exists():
        kept.write_text(install(server.package, place))
    return kept.read_text()


def _review(way: Way, subject: Subject, site: Site) -> Ended:
    out = site.folder / "review.json"
    out.unlink(missing_ok=True)
    words = (*REVIEW, "--base", subject.base, "--head", subject.head, "--output", str(out))
    ended = _run(way, subject, site, words)
    text = out.read_text() if out.exists() else ""
    return replace(ended, written=json.loads(text) if text.strip() else {})


def _doctor(way: Way, subject: Subject, site: Site) -> Ended:
    return _run(way, subject, site, ("doctor",))


def _run(way: Way, subject: Subject, site: Site, words: Sequence[str]) -> Ended:
    """Run the command line as a user does; one that takes too long is ended, and says so."""
    (subject.folder / ".reviewer.toml").write_text(way.settings)
    command = (sys.executable, "-m", "reviewer", *words, "-C", str(subject.folder))
    environment = clean(site.folder, **way.environment_at(site))
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=REVIEW_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        told = f"reviewer: it was still running after {REVIEW_SECONDS:.0f} seconds"
        return Ended(code=TIMED_OUT, told=told, seconds=REVIEW_SECONDS)
    seconds = time.perf_counter() - began
    return Ended(code=done.returncode, told=done.stdout, seconds=seconds)


def _print(
    name: str, version: str, way: Way, subject: Subject, ended: Ended, doctor: Ended
) -> None:
    mark = "" if ended.is_right(way) else " ✗"
    login = re.findall(r"^login +(.*)", doctor.told, re.MULTILINE)
    cells = (
        name, version, f"{way.protocol}, `{way.path}`", subject.name, _cell(ended.says),
        *(f"{count:,}" for count in ended.tokens), f"{ended.findings} ({ended.refused})",
        f"{ended.code}{mark}", f"{ended.seconds:.1f}",
        _cell(f"{doctor.code}: {''.join(login) or doctor.says}"),
    )  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)


def _keep(logs: Path | None, what: str, subject: Subject, ended: Ended) -> None:
    if logs is None:
        return
    logs.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", f"{what} {subject.name}")
    (logs / f"{name}.txt").write_text(ended.told)
    (logs / f"{name}.json").write_text(json.dumps(ended.written, indent=1))


def _cell(text: str) -> str:
    """Return a text for one cell: without the address, which is another each time."""
    return re.sub(r"127\.0\.0\.1:\d+ ?", "", text).replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
