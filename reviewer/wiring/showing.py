"""Where a review and its progress go: a stream in the asked-for format, or nowhere. Does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.flow import Receipt

if TYPE_CHECKING:
    from typing import TextIO

    from reviewer.flow import Review
    from reviewer.ports import Publisher


def publisher_for(output_format: str, stream: TextIO) -> Publisher:
    """Return what writes a review in the asked-for format."""
    if output_format == "terminal":
        from reviewer.publish.terminal import TerminalPublisher

        return TerminalPublisher(stream)
    from reviewer.publish.documents.document import DocumentPublisher

    return DocumentPublisher(stream, output_format=output_format)


class Unpublished:
    """The `Publisher` port of a program that takes the review itself."""

    def publish(self, _review: Review) -> Receipt:
        """Do nothing."""
        return Receipt(posted=0, already_there=0)


class Unheard:
    """The `Progress` port of a program that does not listen."""

    def phase(self, name: str, detail: str = "") -> None:
        """Do nothing."""

    def warning(self, text: str) -> None:
        """Do nothing."""

    def received(self, tokens: int) -> None:
        """Do nothing."""

    def done(self) -> None:
        """Do nothing."""
