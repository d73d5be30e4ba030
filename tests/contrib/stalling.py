"""A line to a server that goes dead when told."""

import socket
import threading
from contextlib import suppress


class Stalling:
    """Passes bytes between a client and PostgreSQL, and stops passing anything when told."""

    def __init__(self, host: str, port: int) -> None:
        self.there, self.stalled = (host, port), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.there)
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if not self.stalled.is_set():
                    other.sendall(data)
        except OSError:
            pass

    def close(self) -> None:
        for one in (self.listener, *self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
