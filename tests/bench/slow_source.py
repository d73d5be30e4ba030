"""A source for measuring, run as a process of its own. Its path says how it behaves:

``/ms/50/…`` answers after 50 ms · ``/tail/50/…`` so too, but one call in 50 takes 30 times as long ·
``/hang`` says nothing · ``/reset`` cuts the connection at once · ``/body`` and ``/headers`` trickle ·
``/down`` is 503 · ``/asked`` says how often it was asked since it was last asked that.

It is bare on purpose: the time that it takes itself is in nobody's ratio.
"""

import argparse
import asyncio
import json
import random
import socket
import struct
from urllib.parse import unquote

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Bare(asyncio.Protocol):
    asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.data = transport, b""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self.data += data
        if b"\r\n\r\n" in self.data:
            path, self.data = self.data.split(b" ", 2)[1].decode(), b""
            kind, *rest = path.strip("/").split("/")
            if kind == "asked":
                number, Bare.asked = Bare.asked, 0
                self.say({"asked": number})
                return
            Bare.asked += 1
            getattr(self, f"do_{kind}")(rest)

    def say(self, body: object, status: bytes = b"200 OK") -> None:
        sent = json.dumps(body).encode()
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(sent))
        self.transport.write(head + sent)

    def later(self, ms: float, ref: str) -> None:
        asyncio.get_running_loop().call_later(ms / 1000, self.say, [{"id": ref, "ref": ref}])

    def do_ms(self, rest: list[str]) -> None:
        self.later(float(rest[0]), unquote(rest[-1]))

    def do_tail(self, rest: list[str]) -> None:
        self.later(float(rest[0]) * (30 if random.random() < 0.02 else 1), unquote(rest[-1]))

    def do_down(self, rest: list[str]) -> None:
        self.say({}, b"503 Down")

    def do_hang(self, rest: list[str]) -> None:
        pass

    def do_reset(self, rest: list[str]) -> None:
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()

    def do_body(self, rest: list[str]) -> None:
        self.drip(_HEAD + b"Content-Length: 10000\r\n\r\n[")

    def do_headers(self, rest: list[str]) -> None:
        self.drip(_HEAD + b"X-Slow: ")

    def drip(self, first: bytes) -> None:
        self.transport.write(first)
        if not self.transport.is_closing():
            asyncio.get_running_loop().call_later(0.005, self.drip, b"1")


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port, backlog=256)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(main(parser.parse_args().port))
