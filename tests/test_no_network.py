"""The guard of tests/servers.py holds: a test that reaches outside fails, whatever it uses to get there."""

import socket
import urllib.request

import pytest

from tests.servers import NetworkForbidden

# Documentation addresses (RFC 5737, RFC 3849): nobody answers there.
OUTSIDE = [
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_INET, ("town.example", 80)),
    (socket.AF_INET6, ("2001:db8::1", 80)),
]


@pytest.mark.parametrize(("family", "address"), OUTSIDE)
@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_no_socket_reaches_outside(family, address, method):
    with socket.socket(family) as client, pytest.raises(NetworkForbidden):
        getattr(client, method)(address)


def test_no_datagram_leaves():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, pytest.raises(NetworkForbidden):
        client.sendto(b"x", ("192.0.2.1", 53))


def test_no_name_is_looked_up_outside():
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("town.example", 80)


def test_libraries_meet_the_guard_too():
    with pytest.raises(NetworkForbidden):
        urllib.request.urlopen("http://town.example/")


def test_loopback_and_unix_sockets_stay_open(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
