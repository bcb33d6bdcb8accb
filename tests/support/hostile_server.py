"""A server on 127.0.0.1 that sends arbitrary bytes at any speed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Send = Callable[[bytes], bool]
"""Sends bytes; false once the client has gone or the test is over."""


@contextmanager
def raw_server(answer: Callable[[Send, str], None]) -> Iterator[str]:
    """Serve every request through ``answer``.

    Args:
        answer: Called in a thread of its own with a sender and the requested path.

    Yields:
        The root address of the server.
    """
    closing = threading.Event()

    def serve(connection: socket.socket) -> None:
        def send(content: bytes) -> bool:
            try:
                connection.sendall(content)
            except OSError:
                return False
            return not closing.is_set()

        with connection, suppress(OSError, IndexError):
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            answer(send, head.split(b" ")[1].decode())

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def drip(before: bytes, drop: bytes, every: float = 0.05) -> Callable[[Send, str], None]:
    """Send ``before`` at once, and then ``drop`` again and again for ever."""
    pause = threading.Event()

    def answer(send: Send, _: str) -> None:
        going = send(before)
        while going:
            going = send(drop)
            pause.wait(every)

    return answer
