"""Commands of procdef, each in a process of its own, without the third of a second in which each would import the same.

A server that has imported procdef forks for each command. What a shell finds as ``procdef`` in the folder of ``commands``
hands its arguments, its folder, its environment and its three streams to that server, and leaves with the command's exit code.
How procdef starts from nothing is for the tests that run ``python -m procdef``.
"""

from __future__ import annotations

import atexit
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

CLIENT = """\
#!{python} -IS
import os, socket, struct, sys
given = [os.getcwdb(), str(len(sys.argv) - 1).encode(), *map(os.fsencode, sys.argv[1:])]
given += [name + b"=" + value for name, value in os.environb.items()]
given = b"\\0".join(given)
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [struct.pack("<q", len(given))], [0, 1, 2])
    server.sendall(given)
    code = struct.unpack("<q", server.recv(8, socket.MSG_WAITALL))[0]
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@cache
def commands() -> Path:
    """The folder that has the command ``procdef``; its server lives as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="procdef-"))
    address = str(folder / "socket")
    client = folder / "procdef"
    client.write_text(CLIENT.format(python=sys.executable, address=address))
    client.chmod(0o755)
    neutral = {name: value for name, value in os.environ.items() if not name.startswith("PROCDEF_")}
    server = subprocess.Popen([sys.executable, __file__, address], env=neutral, stdin=subprocess.PIPE)

    def end() -> None:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    until = time.monotonic() + 60
    while not Path(address).exists():
        assert server.poll() is None, "the server of commands did not start"
        assert time.monotonic() < until
        time.sleep(0.02)
    return folder


def serve(address: str) -> None:
    """Fork for each command that comes to the socket, until whoever started this is gone; a command goes with whoever asked for
    it. Returns only in a command's process."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{address}.new")
    listening.listen(20)
    Path(f"{address}.new").rename(address)
    ended, woken = os.pipe()
    for end in (ended, woken):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    asking: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([listening, ended, 0, *asking.values()], [], [])
        for child, connection in asking.items():
            if 0 in ready or connection in ready:
                os.kill(child, signal.SIGKILL)
        if 0 in ready:
            os._exit(0)
        if ended in ready:
            os.read(ended, 100)
            _answer(asking)
        if listening in ready:
            connection, _ = listening.accept()
            given, streams = _asked(connection)
            child = os.fork()
            if child == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (listening, connection, *asking.values()):
                    each.close()
                os.close(ended)
                os.close(woken)
                _become(given, streams)
                return
            asking[child] = connection
            for stream in streams:
                os.close(stream)


def _answer(asking: dict[int, socket.socket]) -> None:
    """Tell how the processes that have ended did so."""
    for child in [*asking]:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            with asking.pop(child) as connection, suppress(OSError):
                connection.sendall(struct.pack("<q", os.waitstatus_to_exitcode(status)))


def _asked(connection: socket.socket) -> tuple[bytes, list[int]]:
    """What a connection brings: a folder, arguments and an environment, and the three streams."""
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    (length,) = struct.unpack("<q", size)
    given = b""
    while len(given) < length:
        given += connection.recv(length - len(given))
    return given, streams


def _become(given: bytes, streams: list[int]) -> None:
    """Take on the streams, the folder, the environment and the arguments that a connection brought."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    folder, count, *rest = given.split(b"\0")
    os.chdir(folder)
    sys.argv = ["procdef", *map(os.fsdecode, rest[: int(count)])]
    os.environb.clear()
    os.environb.update(dict(each.split(b"=", 1) for each in rest[int(count) :]))
    time.tzset()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115


if __name__ == "__main__":
    import gc
    from importlib import import_module
    from pkgutil import walk_packages

    import procdef
    from procdef.__main__ import main

    for module in walk_packages(procdef.__path__, "procdef."):
        import_module(module.name)
    gc.freeze()
    serve(sys.argv[1])
    main()
