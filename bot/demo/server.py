"""A small HTTP server on the loopback that starts and stops at once, many hundred times in a test run."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp


class LoopbackServer(uvicorn.Server):
    """uvicorn without its signal handlers, clock ticks and waits: tests stop it within a turn of the loop."""

    def __init__(self, app: ASGIApp, sock: socket.socket) -> None:
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", http="h11")
        # uvicorn's 5 s would now and then close a connection in the very moment a client uses it again.
        config.timeout_keep_alive = 75
        super().__init__(config)
        self._socket = sock

    def _log_started_message(self, listeners: Any) -> None:
        """Telegram does not announce that it started."""

    async def start(self) -> None:
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[self._socket])

    async def stop(self) -> None:
        """Close the port, cut every connection, end every call, and leave no task behind."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # A call may stop the server it is served by (a hook that plays an outage): it ends by itself.
        tasks = [task for task in self.server_state.tasks if task is not asyncio.current_task()]
        await asyncio.sleep(0)  # the connections must know that they are lost before their calls end
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()

    def cut(self, client: Any) -> None:
        """Cut one client's connection without an answer."""
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == client:
                connection.transport.abort()


def loopback_socket(port: int) -> socket.socket:
    """A bound socket on 127.0.0.1; port 0 takes a free one."""
    # asyncio turns Nagle's delay off only for sockets that name their protocol: without it 40 ms a call.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    return sock
