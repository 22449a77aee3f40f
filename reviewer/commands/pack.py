"""`reviewer pack`: the exact prompt, or where its tokens go. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer import library
from reviewer.commands.shown import written
from reviewer.errors import EXIT_CLEAN, UserMustAct
from reviewer.flow import Level
from reviewer.publish.statistics import by_class, by_folder, left_out, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reviewer.flow import PackedFile
    from reviewer.library import Packed
    from reviewer.publish.documents.inspected import PackStatistics


def run(
    *,
    folder: Path,
    base: str | None,
    head: str | None,
    worktree: bool,
    output: Path | None,
    stats: bool,
    as_json: bool,
    **flags: object,
) -> int:
    """Write the prompt of the change, byte for byte as it would be sent, or its statistics."""
    if as_json and not stats:
        raise UserMustAct("--json is about the statistics", way_out="add --stats")
    packed = library.pack(folder, base=base, head=head, worktree=worktree, **flags)
    with written(output) as stream:
        if as_json:
            from reviewer.publish.documents import inspected

            stream.write(inspected.as_json(_document(packed)) + "\n")
        else:
            stream.write(_statistics(packed.files) if stats else packed.prompt)
    return EXIT_CLEAN


def _statistics(files: Sequence[PackedFile]) -> str:
    hidden = left_out(files) or ["nothing"]
    return "\n".join([*table(files), "", "not shown in full:", *hidden, ""])


def _document(packed: Packed) -> PackStatistics:
    from reviewer.publish.documents.inspected import File, PackStatistics, Sum

    hidden = (file for file in packed.files if file.level is not Level.FULL)
    parts = {name.replace(" ", "_"): tokens for name, tokens in packed.estimate.parts}
    return PackStatistics(
        prompt_bytes=len(packed.prompt.encode(errors="backslashreplace")),
        prompt_tokens=packed.estimate.prompt_tokens,
        tokens_by_part=parts,
        classes=tuple(map(Sum.of, by_class(packed.files))),
        folders=tuple(map(Sum.of, by_folder(packed.files))),
        not_in_full=tuple(map(File.of, hidden)),
    )
