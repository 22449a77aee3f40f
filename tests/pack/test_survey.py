from __future__ import annotations

from packing import MAX_FILE_BYTES, entry, read_from

from reviewer.flow import FileClass
from reviewer.pack import rules_of, survey


def classes(
    files: dict[str, bytes], *, include: tuple[str, ...] = (), symlinks: tuple[str, ...] = ()
) -> dict[str, FileClass]:
    entries = [
        entry(path, content, mode="120000" if path in symlinks else "100644")
        for path, content in files.items()
    ]
    found = rules_of(entries, read_from(files), include=include, exclude=())
    verdicts = survey(entries, found, max_file_bytes=MAX_FILE_BYTES)
    return {each.path: verdict.file_class for each, verdict in verdicts}


def test_the_trees_own_files_of_rules_are_read() -> None:
    found = classes(
        {
            ".gitattributes": b"out/** linguist-generated\n",
            "lib/.gitattributes": b"*.c linguist-vendored\n",
            ".reviewerignore": b"\xef\xbb\xbf*.tmp.py\r\n",
            "out/a.py": b"",
            "lib/a.c": b"",
            "a.tmp.py": b"",
            "a.c": b"",
        }
    )

    assert found["out/a.py"] is FileClass.GENERATED
    assert found["lib/a.c"] is FileClass.VENDORED
    assert found["a.tmp.py"] is FileClass.EXCLUDED
    assert found["a.c"] is FileClass.SOURCE


def test_a_symlink_is_not_followed_for_rules() -> None:
    found = classes(
        {".gitattributes": b"*.py linguist-generated", ".reviewerignore": b"*.py", "a.py": b""},
        symlinks=(".gitattributes", ".reviewerignore"),
    )

    assert found["a.py"] is FileClass.SOURCE


def test_only_the_list_at_the_root_counts() -> None:
    found = classes({"docs/.reviewerignore": b"*.py\n", "docs/a.py": b"", "a.py": b""})

    assert FileClass.EXCLUDED not in found.values()


def test_the_settings_are_heard() -> None:
    found = classes({".reviewerignore": b"*.py\n", "a.py": b""}, include=("a.py",))

    assert found["a.py"] is FileClass.SOURCE
