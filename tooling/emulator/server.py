"""The emulator's process, ``python -m tooling.emulator.server --home DIR``; `process.up` starts it."""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import secrets
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from tooling.emulator import settings
from tooling.emulator.importing import import_one_at_a_time
from tooling.emulator.record import HOME_IS_SERVED, Record, source_version
from tooling.process import process_birth

log = logging.getLogger("tooling.emulator")

LOOPBACK = "127.0.0.1"


class EmulatorServer:
    """The emulator on a loopback port, in this process.

    Args:
        home: Folder of the record, log and list of missing operations.
        port: TCP port; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """

    def __init__(self, home: Path, port: int = 0) -> None:
        # Bound before moto is imported: a taken port is known at once, and early clients wait instead of failing.
        self._socket = socket.create_server((LOOPBACK, port), backlog=128)
        self._home = home
        self.record = Record(
            endpoint=f"http://{LOOPBACK}:{self._socket.getsockname()[1]}",
            pid=os.getpid(),
            token=secrets.token_hex(16),
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            birth=process_birth(os.getpid()) or "",
            version=source_version(),
        )

    def serve(self) -> None:
        """Answer until the process is told to stop; the record exists exactly while it can be found by it."""
        from tooling.emulator.application import Emulator
        from tooling.emulator.http_server import HttpServer
        from tooling.emulator.missing import MissingOperations

        emulator = Emulator(self.record.health(), MissingOperations(self._home / "missing.jsonl"))
        server = HttpServer(self._socket, emulator.respond)
        self.record.write(self._home)
        log.info("listening on %s", self.record.endpoint)
        try:
            server.serve_forever()
        finally:
            self.record.remove(self._home)
            server.server_close()
            log.info("stopped")


def main(arguments: list[str] | None = None) -> None:
    """Run the server until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tooling.emulator.server")
    parser.add_argument("--home", type=Path, required=True, help="folder for the record and the logs")
    parser.add_argument("--port", type=int, default=0, help="TCP port (default: a free one)")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    import_one_at_a_time()
    settings.apply()
    options.home.mkdir(parents=True, exist_ok=True)
    with (options.home / "serving").open("w") as serving:
        try:
            fcntl.flock(serving, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.error("another emulator serves %s", options.home)
            sys.exit(HOME_IS_SERVED)
        try:
            server = EmulatorServer(options.home, options.port)
        except OSError as error:
            log.error("cannot listen on port %s: %s", options.port, error.strerror)
            sys.exit(1)
        try:
            server.serve()
        except SystemExit:
            # Taking moto's objects apart would keep whoever waits for our end for half a second, for nothing.
            logging.shutdown()
            os._exit(0)


def _stop(_signum: int, _frame: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    main()
