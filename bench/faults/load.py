"""People who sign in, look at themselves and refresh, and what they were promised."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from api import ASK, ME, PROVE, REFRESH, Api, Reply
from house import Mailbox

numbers = itertools.count(1)
UNKNOWN = ("unsent", "unanswered", "late", "fault")


@dataclass
class Session:
    """What a client holds of a session."""

    email: str
    id: str
    access: str
    refresh: str

    def take(self, reply: Reply) -> None:
        self.access = reply.payload["tokens"]["accessToken"]
        self.refresh = reply.payload["tokens"]["refreshToken"]


@dataclass
class Load:
    """Requests by any number of people at once. `seen` is shown every reply."""

    mailbox: Mailbox
    seen: Callable[[Reply], None] = lambda reply: None
    wait: float = 60
    sessions: list[Session] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    unsent_codes: list[str] = field(default_factory=list)
    signed_in: dict[str, list[str]] = field(default_factory=dict)
    successors: dict[str, set[str]] = field(default_factory=dict)
    ended: list[Session] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, people: int, *ports: int, keep_alive: bool = True) -> None:
        """Until `stop`."""
        visits = [self._visits(Api(*ports, keep_alive=keep_alive)) for _ in range(people)]
        await asyncio.gather(*visits)

    async def _visits(self, api: Api) -> None:
        while not self.stop.is_set():
            session = await self.sign_in(api)
            if session:
                self.sessions.append(session)
                for _ in range(4):
                    await self.look(api, session)
                    await self.refresh(api, session)
        api.close()

    async def call(self, api: Api, query: str, variables: dict[str, str | None], bearer: str | None = None) -> Reply:
        """Again, as a client does that was not answered, for as long as there is somebody."""
        while True:
            reply = await api.call(query, variables, bearer)
            self.seen(reply)
            if reply.kind not in UNKNOWN or self.stop.is_set():
                return reply
            await asyncio.sleep(0.1)

    async def ask(self, api: Api) -> tuple[str, str | None] | None:
        """A code, for somebody new; the challenge token got lost where the answer did."""
        email = f"p{next(numbers)}@example.com"
        reply = await self.call(api, ASK, {"e": email})
        if reply.kind == "ok":
            self.asked[email] = time.monotonic()
            return email, reply.payload["challenge"]["challengeToken"]
        return (email, None) if reply.code == "RATE_LIMITED" else None

    async def sign_in(self, api: Api) -> Session | None:
        asked = await self.ask(api)
        if not asked:
            return None
        email, token = asked
        code = await self.mailbox.code(email, self.wait)
        if code is None:
            self.unsent_codes.append(email)
            return None
        reply = await self.call(api, PROVE, {"e": email, "c": code, "t": token})
        return self.opened(email, reply)

    def opened(self, email: str, reply: Reply) -> Session | None:
        if reply.kind != "ok":
            return None
        session = Session(email, reply.payload["session"]["id"], "", "")
        session.take(reply)
        self.signed_in.setdefault(email, []).append(session.id)
        return session

    async def look(self, api: Api, session: Session) -> Reply:
        return await self.call(api, ME, {}, session.access)

    async def refresh(self, api: Api, session: Session) -> Reply:
        shown = session.refresh
        reply = await self.call(api, REFRESH, {"t": shown})
        if reply.kind == "ok":
            session.take(reply)
            self.successors.setdefault(shown, set()).add(session.refresh)
        elif reply.code == "SESSION_EXPIRED":
            self.ended.append(session)
        return reply

    async def still_works(self, api: Api, session: Session) -> str:
        """What is wrong with a session, once all is well; nothing, if nothing is."""
        reply = await api.call(REFRESH, {"t": session.refresh})
        if reply.kind != "ok":
            return f"refresh: {reply.kind} {reply.code}{reply.text}"
        session.take(reply)
        reply = await api.call(ME, bearer=session.access)
        if reply.kind != "ok" or reply.payload.get("email") != session.email:
            return f"me: {reply.kind} {reply.text}"
        return ""

    async def lost_sessions(self, *ports: int) -> list[str]:
        """What is wrong with those sessions, of all that were ever acknowledged, that are lost."""
        waiting = iter(self.sessions)

        async def check() -> list[str]:
            api = Api(*ports)
            found = [(session, await self.still_works(api, session)) for session in waiting]
            api.close()
            return [f"{session.email} {wrong}" for session, wrong in found if wrong]

        return list(itertools.chain(*await asyncio.gather(*(check() for _ in range(8)))))
