"""What went wrong on the network, in words that are not the library's."""

from __future__ import annotations

import httpx2

_PLAIN: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((httpx2.ConnectTimeout, httpx2.ConnectError), "the server cannot be reached"),
    ((httpx2.TimeoutException,), "the server fell silent"),
    ((httpx2.RemoteProtocolError, httpx2.NetworkError), "the server hung up before the end"),
    ((httpx2.DecodingError,), "what came cannot be unpacked"),
)


MEANINGS = {
    401: "one must be logged in",
    403: "it is not for everybody, or the link has expired",
    404: "there is nothing at this address",
    410: "it has been taken away",
}


def in_plain_words(error: httpx2.HTTPError) -> str:
    """Why a transfer failed, in words that are not the library's."""
    said = str(error).lower()
    if "ssl" in said or "certificate" in said:
        return "its encryption or certificate is not in order"
    if isinstance(error, httpx2.RemoteProtocolError) and not ("closed" in said or "disconnected" in said):
        return "the server does not speak HTTP"
    return next(
        (words for kinds, words in _PLAIN if isinstance(error, kinds)), "the server does not speak HTTP"
    )
