"""Write the tables of reviewer/pack/tokens/ from ctok's vocabularies and public repositories.

Run in a throw-away environment (ctok needs Python 3.12), with clones or bare clones to read:

    python3.12 -m venv v && v/bin/pip install ctok==1.3.0 -e .
    v/bin/python benchmarks/fit_tokens.py CLONE... --cache counts.json

The vocabularies are taken over whole. From the clones come the words that are priced beforehand
and the bytes a token by language; the clones that benchmarks/token_ratios.py measures on must be
others. Afterwards put the printed version into reviewer/pack/tokens/__init__.py.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import token_samples
from ctok.main import FAMILIES, _document  # the vocabulary with its groups has no public name
from ctok.notation import parse_marked

from reviewer.pack import tokens
from reviewer.pack.tokens import Family, exact, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from token_samples import Sample

FOLDER = Path(vocabulary.__file__).parent
DOCUMENTS = {Family.CURRENT: "v4.7", Family.EARLIER: "v3"}
MARKS = str.maketrans(
    {
        "\ufdd0": vocabulary.OPENS,
        "\ufdd1": vocabulary.CLOSES,
        "\ufdd3": vocabulary.SHIFT,
        "\ufdd4": vocabulary.CAPITALS,
    }
)
MOST_COMMON = {"words": 16_000, "between": 4_000}
MIN_REPOSITORIES = 3  # what fewer hold is a repository's own
MIN_KIND_BYTES = 40_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    samples = token_samples.read(arguments.clones, arguments.cache)
    common = common_pieces(samples)
    for family, name in DOCUMENTS.items():
        table = family_table(_document(FAMILIES[name].pieces))
        write(f"{family}.json", table | {"common": {part: {} for part in MOST_COMMON}})
        write(f"{family}.json", table | {"common": priced(common, family)})
    write("bytes_per_token.json", {family: ratios(samples, family) for family in Family})
    print(f'VERSION = "ctok-1.3.0/{digest()}"')


def family_table(document: dict[str, Any]) -> dict[str, Any]:
    """Return a vocabulary in groups that have the same marks around."""
    pieces: dict[str, list[str]] = {name: [] for name in vocabulary.AROUND}
    groups = {marks: name for name, marks in vocabulary.AROUND.items()}
    blanks, everything = [], []
    for group, entries in document["tokens"].items():
        if group in {"bytes_fallback", "markers"}:
            continue
        for entry in entries:
            piece = parse_marked(entry).translate(MARKS)
            piece += vocabulary.CLOSES if group == "contractions" else ""
            if piece.isspace():
                blanks.append(piece)
                continue
            everything.append(piece)
            bare = piece.strip("".join(vocabulary.MARKS))
            before, after = piece.split(bare, 1)
            pieces[groups[before, after]].append(bare)
    return {
        "source": "ctok 1.3.0, MIT licence: see LICENSE-ctok",
        "least_capitals": document["meta"]["allcaps_min"] or 0,
        "straightens_quotes": document["meta"]["fold_quotes"],
        "blanks": sorted(blanks),
        "bytes": " ".join(sorted(document["tokens"]["bytes_fallback"])),
        "longest": by_number(longest(everything)),
        "pieces": {name: " ".join(sorted(found)) for name, found in pieces.items() if found},
    }


def longest(pieces: Iterable[str]) -> dict[str, int]:
    """Return how long a piece can be by its first two characters."""
    found: dict[str, int] = {}
    for piece in pieces:
        if len(piece) > 1:
            found[piece[:2]] = max(len(piece), found.get(piece[:2], 0))
    return found


def common_pieces(samples: Sequence[Sample]) -> dict[str, list[bytes]]:
    """Return what most repositories hold: words, and what stands between them."""
    found: dict[str, Counter[bytes]] = {name: Counter() for name in MOST_COMMON}
    for repository in sorted({sample.repository for sample in samples}):
        texts = [s.data for s in samples if s.repository == repository]
        for counter, pieces in zip(found.values(), exact.pieces(b"\n".join(texts)), strict=True):
            counter.update({piece for piece in pieces if piece.isascii()})
    return {
        name: [
            piece
            for piece in sorted(counter, key=lambda piece: (-counter[piece], piece))
            if counter[piece] >= MIN_REPOSITORIES and len(piece) <= exact.LONGEST_PIECE_BYTES
        ][: MOST_COMMON[name]]
        for name, counter in found.items()
    }


def priced(common: dict[str, list[bytes]], family: Family) -> dict[str, dict[str, str]]:
    vocabulary.load.cache_clear()
    known = vocabulary.load(family)
    price = {"words": exact.price_word, "between": exact.price_between}
    return {
        name: by_number({piece.decode(): price[name](piece, known=known) for piece in pieces})
        for name, pieces in common.items()
    }


def ratios(samples: Sequence[Sample], family: Family) -> dict[str, float]:
    """Return bytes a token by kind; the kind without a name stands for those not measured."""
    sizes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sample in samples:
        for kind in ("", tokens.kind(sample.path)):
            sizes[kind][0] += len(sample.data)
            sizes[kind][1] += sample.tokens[family]
    return {
        kind: round(size_bytes / cost, 2)
        for kind, (size_bytes, cost) in sorted(sizes.items())
        if size_bytes >= MIN_KIND_BYTES
    }


def by_number(numbers: dict[str, int]) -> dict[str, str]:
    """Return words by number, from number by word: a third of the size."""
    found: dict[int, list[str]] = defaultdict(list)
    for word, number in numbers.items():
        found[number].append(word)
    return {str(number): " ".join(sorted(words)) for number, words in sorted(found.items())}


def write(name: str, table: dict[str, Any]) -> None:
    text = json.dumps(table, ensure_ascii=False, indent=0)
    (FOLDER / name).write_text(f"{text}\n", encoding="utf-8")


def digest() -> str:
    """Return what changes with the tables; tests/pack/test_tokens.py holds the version to it."""
    names = sorted(path.name for path in FOLDER.glob("*.json"))
    return hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in names)).hexdigest()[:8]


if __name__ == "__main__":
    main()
