"""Text that is written into links and markers as it is: its shapes. Pure.

A bundle can come from an outsider's run, so these are checked where one is read; all other text
is made harmless where it is shown.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

ObjectId = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
Url = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9_.:/\[\]-]+$")]
FindingId = Annotated[str, Field(pattern=r"^F[0-9]+$")]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]+$")]
Encoding = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
