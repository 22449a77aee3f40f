"""Git's patch text -> changed files with line numbers, and back. All pure.

patch    patch text -> files and their hunks
header   what stands above the hunks: names, modes, blob ids
names    names of files as git quotes them
written  a file's diff -> unified diff text
lines    which lines of a diff can carry a comment
"""

from __future__ import annotations

from reviewer.diff.lines import LineMap, Spot, line_map, numbered
from reviewer.diff.patch import parse
from reviewer.diff.written import render

__all__ = ["LineMap", "Spot", "line_map", "numbered", "parse", "render"]
