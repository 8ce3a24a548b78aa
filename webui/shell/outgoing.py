"""Requests to addresses that others named: only to public addresses, checked at every connection.

The name is resolved once for a connection, every address it has is checked, and the connection goes to one that was
checked: a name that points elsewhere a moment later (DNS rebinding) changes nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from coordination.errors import Refusal

PATIENCE = 10.0
"""Seconds for the connection, and for each part of the answer."""
WHOLE_PATIENCE = 20.0
"""Seconds for a whole request."""
LONGEST_URL = 2000
_TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Addresses that lead to an IPv4 address within them."""

Resolve = Callable[[str, int], Collection[str]]


class NotReached(Exception):
    """The request could not be made; `problem` is a code."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def resolve(host: str, port: int) -> Collection[str]:
    """The addresses of a host. Raises NotReached `host_unknown`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached("host_unknown") from None
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or reserved,
    and no tunnel to such a one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in network for network in _TUNNELS):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class Outgoing:
    """Posts to addresses that others named. `named_hosts` may be private, and need no encryption: hosts, or
    `host:port`, that the operator named for systems on the same network. `resolve` finds the addresses of a host."""

    def __init__(self, named_hosts: Collection[str] = (), resolve: Resolve = resolve) -> None:
        self._named = frozenset(host.casefold() for host in named_hosts)
        self._resolve = resolve

    def check(self, url: str) -> None:
        """Raises Refusal `webhook_address_wrong` for what is no address with https, and
        `webhook_address_not_public` for one that is not on the public internet."""
        parts = _parts(url)
        if parts is None or (parts.scheme != "https" and not self._is_named(parts)):
            raise Refusal("webhook_address_wrong", "url")
        try:
            self._addresses(parts)
        except NotReached as problem:
            if problem.problem == "not_public":
                raise Refusal("webhook_address_not_public", "url") from None
            raise Refusal("webhook_address_unknown", "url") from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. Raises NotReached: `host_unknown`, `not_public`, `no_answer`, `not_trusted`."""
        parts = _parts(url)
        if parts is None or (parts.scheme != "https" and not self._is_named(parts)):
            raise NotReached("not_public")
        addresses = self._addresses(parts)
        link = _Connection(parts, next(iter(addresses)))
        over = threading.Timer(WHOLE_PATIENCE, link.break_off)
        over.start()
        try:
            link.request("POST", _target(parts), body=body, headers=dict(headers))
            with link.getresponse() as answer:
                status = answer.status
        except ssl.SSLError:
            raise NotReached("not_trusted") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise NotReached("no_answer") from None
        finally:
            over.cancel()
            link.close()
        if link.broken_off:  # what was read until then may look like an answer
            raise NotReached("no_answer")
        return status

    def _addresses(self, parts: SplitResult) -> Collection[str]:
        found = self._resolve(parts.hostname or "", _port(parts))
        if not found:
            raise NotReached("host_unknown")
        # one that is not public among others is a sign of a trick: none of them is used
        if not self._is_named(parts) and not all(is_public(address) for address in found):
            raise NotReached("not_public")
        return found

    def _is_named(self, parts: SplitResult) -> bool:
        host = (parts.hostname or "").casefold()
        return bool({host, f"{host}:{_port(parts)}"} & self._named)


class _Connection(http.client.HTTPConnection):
    """A connection to one address, for the host of the URL."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=PATIENCE)
        self._address = address
        self._encrypted = parts.scheme == "https"
        self.broken_off = False

    def connect(self) -> None:
        """Connects to the address that was checked, not to whatever the host's name means now."""
        link: Any = socket.create_connection((self._address, self.port), PATIENCE)
        if self._encrypted:
            link = ssl.create_default_context().wrap_socket(link, server_hostname=self.host)
        self.sock = link

    def break_off(self) -> None:
        """Ends a request that takes too long, however slowly the other side talks."""
        self.broken_off = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _parts(url: str) -> SplitResult | None:
    """The parts of an address that can be used; None for any other."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable and not parts.username and not parts.password and not parts.fragment else None


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
