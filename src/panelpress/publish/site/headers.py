"""Response headers of every page: nothing from elsewhere, no inline script, no referrer, no sniffing of types; and its length,
without which a page goes through nginx in two parts, the second 40 ms after the first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from datasette import hookimpl

Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

# Our pages carry no script at all. Pictures of the codebook set attributes, not styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


BODILESS = (204, 304)  # statuses without a body, which say no length of one


def _length(scope: Mapping[str, Any], start: Mapping[str, Any], message: Mapping[str, Any]) -> Sequence[Header]:
    """The length of the body where ``message`` is all of it; none where the answer has no body, as that of HEAD, whose length
    would be that of the page."""
    if message.get("more_body") or scope.get("method") == "HEAD" or start["status"] in BODILESS:
        return ()
    return ((b"content-length", str(len(message.get("body", b""))).encode()),)


def _completed(given: Sequence[Header], added: Sequence[Header]) -> list[Header]:
    """``given`` and those of ``added`` that it lacks."""
    present = {name.lower() for name, _ in given}
    return [*given, *(each for each in added if each[0] not in present)]


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Adds the headers to every response. Its start waits for the first part of its body, which tells the length if it is all."""

    def wrap(app: App) -> App:
        async def with_headers(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            start: dict[str, Any] = {}

            async def send_with_headers(message: dict[str, Any]) -> None:
                nonlocal start
                if message["type"] == "http.response.start":
                    start = message
                    return
                if start:
                    added = (*HEADERS, *_length(scope, start, message))
                    await send({**start, "headers": _completed(start.get("headers", []), added)})
                    start = {}
                await send(message)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap
