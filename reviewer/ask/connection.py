"""The HTTP client below both packages: address, proxies, certificates. Reads the environment.

The environment says what they are, so each error names the variable that is to be mended.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, TypeVar

from reviewer.errors import UserMustAct

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import URL

    from reviewer.ask.providers import Door

T = TypeVar("T")

_TELLING = "anthropic._base_client"
"""The log that tells what is sent, prompts and all, at ANTHROPIC_LOG=debug; openai has none."""

_PROXIES = frozenset(("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"))
_CERTIFICATES = "SSL_CERT_FILE"
"""A folder (SSL_CERT_DIR) that is not there is no error to httpx2."""


def http_client(make: Callable[..., T]) -> T:
    """Return the HTTP client that `make` makes; it follows no redirect, and bounds every answer.

    From then on, no package writes into its log what it sends.
    Raises `UserMustAct` for proxies or certificates of the environment that cannot be used.
    """
    from httpx2 import InvalidURL

    from reviewer.ask.endless import bound

    logging.getLogger(_TELLING).addFilter(_without_a_request)
    try:
        return make(
            follow_redirects=False,
            headers={"accept-encoding": "identity"},
            event_hooks={"response": [bound]},
        )
    except OSError as error:
        named = _CERTIFICATES if os.environ.get(_CERTIFICATES) else "this machine"
        raise UserMustAct(
            f"the certificates of {named} cannot be read: {error.strerror}",
            way_out=f"name a file of certificates in PEM with {_CERTIFICATES}, or unset it",
        ) from None
    except ImportError:
        raise UserMustAct(
            f"the package for SOCKS is not installed, and the requests go{through_proxies()}",
            way_out="pip install socksio, or name a proxy that begins with http://",
        ) from None
    except (ValueError, InvalidURL):  # its text holds the address, and so perhaps a password
        raise UserMustAct(
            f"a proxy of the environment has an address that is none{through_proxies()}",
            way_out="mend or unset the variable",
        ) from None


def _without_a_request(record: logging.LogRecord) -> bool:
    """Whether an entry of a log holds no request: logs are shown, and sent on, as code is not."""
    return not str(record.msg).startswith("Request options")


def through_proxies() -> str:
    """Return the proxies of the environment by their variables, in brackets, if there are any."""
    names = [name for name in os.environ if name.upper() in _PROXIES]
    return f" (through {', '.join(names)})" if names else ""


def address(url: URL) -> str:
    """Return host, port and path, as people hold it against what they meant; no key is in it."""
    return url.netloc.decode() + url.path.rstrip("/")


def check_address(url: URL, known: Door, *, given: str | None) -> None:
    """Raise `UserMustAct` for an address that no request can go to, or that is not known yet.

    Where nobody gives one, a cloud's client makes it of what else is set.
    """
    if url.scheme in ("http", "https") and url.host:
        return
    if given or os.environ.get(known.address):
        raise no_address(known)
    raise UserMustAct(
        f"the address of {known.title} does not follow from what is set", way_out=known.way_out
    )


def no_address(known: Door) -> UserMustAct:
    """Return the error of an address that is none."""
    return UserMustAct(
        f"the address of {known.title} is not a URL",
        way_out=f"set {known.address} to https:// and a host, or unset it",
    )
