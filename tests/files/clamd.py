"""A small server that answers as ClamAV does: it finds the test virus and nothing else."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading

from tests.files.made import EICAR


class Answers(socketserver.StreamRequestHandler):
    """One conversation: `nINSTREAM`, pieces each after its length, a piece of length 0, then the verdict."""

    def handle(self):
        if self.rfile.readline() != b"nINSTREAM\n":
            return
        got = bytearray()
        while length := struct.unpack("!L", self._exactly(4))[0]:
            got += self._exactly(length)
        self.server.scanned.append(bytes(got))
        self.server.before_it_answers()
        self.wfile.write(
            self.server.says or (b"stream: Eicar-Test-Signature FOUND\n" if EICAR in got else b"stream: OK\n")
        )

    def _exactly(self, length: int) -> bytes:
        got = self.rfile.read(length)
        return got if len(got) == length else bytes(4)


class Clamd(socketserver.ThreadingTCPServer):
    """`scanned` is what it was given; `says` is what it answers in place of a verdict."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.scanned: list[bytes] = []
        self.says = b""
        self.before_it_answers = lambda: None

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def running():
    """A scanner that answers while the block runs."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)
