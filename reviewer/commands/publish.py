"""`reviewer publish BUNDLE`: a kept run, posted to its pull request for nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewer import library
from reviewer.commands.github import required_token
from reviewer.errors import CouldNotFinish, UserMustAct
from reviewer.publish.github.pull_request import PullRequestPublisher

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_API_URL = "https://api.github.com"


def run(*, bundle: Path) -> int:
    """Post what is not there yet; an unfinished review stays so in the exit code."""
    review = library.load(bundle)
    pull_request = review.change.pull_request
    if pull_request is None:
        raise UserMustAct(
            f"{bundle} is of a local review, which has no pull request to post to",
            way_out="`reviewer report` shows it",
        )
    publisher = PullRequestPublisher(
        required_token(os.environ),
        api_url=os.environ.get("GITHUB_API_URL") or DEFAULT_API_URL,
        pull_request=pull_request,
    )
    receipt = publisher.publish(review)
    if receipt.degraded:
        raise CouldNotFinish(
            f"not posted: {receipt.degraded}", way_out="`reviewer report` shows the findings"
        )
    print(f"Posted {receipt.posted}, {receipt.already_there} there already. {receipt.url}")
    return review.exit_code("never")
