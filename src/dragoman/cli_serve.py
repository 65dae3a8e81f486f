"""The command that opens the desk: serve."""

from __future__ import annotations

import getpass

import click

from dragoman.cli_parts import default_store, examples, say, store_option
from dragoman.errors import DragomanError

HOST = "127.0.0.1"  # this machine only; nobody else on the network sees the desk
PORT = 8340


@click.command(epilog=examples("serve", "serve --store visits.db --port 9000", "serve --read-only --open"))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Where it listens on this machine; 0 takes any free port.",
)
@store_option
@click.option("--read-only", "readonly", is_flag=True, help="Nothing can be added or decided.")
@click.option("--as", "by", metavar="NAME", help="Who decides; your login name where left out.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def serve(port: int, store_path: str | None, readonly: bool, by: str | None, opens: bool) -> None:
    """Look at the record in a browser, and add to it.

    The desk listens on this machine only and asks nothing of any other. Ctrl-C ends it.
    """
    import uvicorn

    from dragoman.cli_parts import open_store
    from dragoman.desk.app import make_desk

    path = store_path or default_store()
    open_store(path, readonly=readonly).close()
    desk = make_desk(path, readonly=readonly, by=by or _find_login())
    config = uvicorn.Config(
        desk, host=HOST, port=port, log_level="critical", server_header=False, timeout_graceful_shutdown=2
    )
    try:
        listener = config.bind_socket()
    except SystemExit as exc:
        raise DragomanError(f"port {port} is taken or not allowed; try: dragoman serve --port 0") from exc
    listener.listen()  # before the address is said: who asks at once waits, and is not refused
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    say(f"the desk is at {address} (Ctrl-C ends it)")
    if opens:
        click.launch(address)
    uvicorn.Server(config).run(sockets=[listener])


def _find_login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "desk"


COMMANDS = (serve,)
