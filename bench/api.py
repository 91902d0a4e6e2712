"""A client of the GraphQL API that notes how each request ended, on plain asyncio."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SORRY = "Something went wrong on our side. Try again later."
ASK = """mutation($e: String!) { requestOtp(input: { recipient: { email: $e } })
    { challenge { challengeToken } userErrors { code retryAfter } } }"""
PROVE = """mutation($e: String!, $c: String!, $t: String) {
    verifyOtp(input: { recipient: { email: $e }, code: $c, challengeToken: $t })
    { tokens { accessToken refreshToken } session { id } userErrors { code } } }"""
REFRESH = """mutation($t: String!) { refreshToken(input: { refreshToken: $t })
    { tokens { accessToken refreshToken } session { id } userErrors { code } } }"""
ME = "{ me { email } }"


@dataclass
class Reply:
    """How a request ended.

    `kind` is one of: ok; refused (`userErrors`); unauthenticated; fault (our words for a fault,
    and not one more); unsent (nobody took it); unanswered (it was sent, and the connection ended);
    late (no answer in time); odd (anything else).
    """

    kind: str
    payload: Json = field(default_factory=dict)
    seconds: float = 0.0
    port: int = 0
    text: str = ""

    @property
    def code(self) -> str:
        errors = self.payload.get("userErrors") or [{}]
        return str(errors[0].get("code", ""))


class Connection:
    """One connection that is kept alive, and opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: Json, bearer: str | None) -> tuple[int, str]:
        """Raises `ConnectionRefusedError` when nothing was sent, `ConnectionError` when it was."""
        content = json.dumps(body).encode()
        head = "POST /graphql HTTP/1.1\r\nHost: faults\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(content)}\r\n"
        if bearer:
            head += f"Authorization: Bearer {bearer}\r\n"
        await asyncio.sleep(0)  # what the server has closed is known to be closed
        if self.streams and self.streams[0].at_eof():
            self.close()
        if not self.streams:
            try:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError as error:
                raise ConnectionRefusedError from error
        reader, writer = self.streams
        try:
            writer.write(head.encode() + b"\r\n" + content)
            await writer.drain()
            status, headers, answer = await read_answer(reader)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError | asyncio.IncompleteReadError):
                raise ConnectionResetError from error
            raise
        if headers.get("connection") == "close":
            self.close()
        return status, answer.decode()

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
            self.streams = None


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines[1:] if ":" in line)
    headers = {name.lower(): value.strip() for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(lines[0].split()[1]), headers, body


async def get(port: int, path: str, patience: float = 10) -> int:
    """The status of a page; 0 when there is none."""
    writer = None
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: faults\r\nConnection: close\r\n\r\n".encode())
            status, _, _ = await read_answer(reader)
            return status
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return 0
    finally:
        if writer:
            writer.close()


class Api:
    """Requests to one server, or to the next one of several when one takes none."""

    def __init__(self, *ports: int, patience: float = 20, keep_alive: bool = True) -> None:
        self.connections = [Connection(port) for port in ports]
        self.patience = patience
        self.keep_alive = keep_alive

    async def call(self, query: str, variables: Json | None = None, bearer: str | None = None) -> Reply:
        body = {"query": query, "variables": variables or {}}
        connection = self.connections[0]
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self.patience):
                status, text = await connection.post(body, bearer)
            reply = judge(status, text)
        except ConnectionRefusedError:
            reply = Reply("unsent")
        except ConnectionError:
            reply = Reply("unanswered")
        except TimeoutError:
            reply = Reply("late")
        if not self.keep_alive:
            connection.close()
        reply.seconds = time.monotonic() - begun
        reply.port = connection.port
        if reply.kind in ("unsent", "unanswered", "late"):
            self.connections.append(self.connections.pop(0))
        return reply

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def judge(status: int, text: str) -> Reply:
    try:
        answer = json.loads(text)
        if status == 200 and answer.get("errors"):
            [error] = answer["errors"]
            code = error["extensions"]["code"]
            if code == "UNAUTHENTICATED":
                return Reply("unauthenticated", text=error["extensions"]["reason"])
            if code == "INTERNAL_SERVER_ERROR" and error["message"] == SORRY:
                return Reply("fault")
        elif status == 200:
            [payload] = answer["data"].values()
            kind = "refused" if payload and payload.get("userErrors") else "ok"
            return Reply(kind, payload or {})
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return Reply("odd", text=f"{status} {text}")
