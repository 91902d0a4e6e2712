"""What PostgreSQL counts while somebody signs in."""

import asyncio
import json
import sys
from email import message_from_bytes
from re import search

from api import ME, REFRESH, Api, Json, Reply
from house import Cluster, Mailbox, Server, folder

ASK = """mutation($r: OtpRecipientInput!) { requestOtp(input: { recipient: $r })
    { challenge { challengeToken } userErrors { code } } }"""
PROVE = """mutation($r: OtpRecipientInput!, $c: String!, $t: String, $d: String) {
    verifyOtp(input: { recipient: $r, code: $c, challengeToken: $t, deviceName: $d })
    { tokens { accessToken refreshToken } userErrors { code } } }"""
# What the worker, the scribe, the keeper and the sweeper send by themselves, whenever they do.
BACKGROUND = ('UPDATE "deliveries"', 'INSERT INTO "audit_events"', "DELETE FROM", 'SELECT "signing_keys"')
WORKER = 'SELECT "challenges"'
COUNTED = """SELECT coalesce(json_agg(json_build_array(query, calls)), '[]') FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'countersign')"""
RESEND = 10  # seconds: the least that `otp.resend_interval` takes
MARGIN = 0.5
MOST = {
    "requestOtp by e-mail": 1,
    "verifyOtp, known device": 2,
    "verifyOtp, new device": 2,
    "me": 1,
    "refreshToken": 1,
    "requestOtp by text message": 5,
    "verifyOtp by text message, known device": 2,
}


class Letters(Mailbox):
    """Text messages as well, which have no subject."""

    def read(self) -> None:
        for path in (self.directory / "new").glob("*"):
            message = message_from_bytes(path.read_bytes())
            if "Subject" not in message:
                path.unlink()
                if found := search(r"\d{6}", str(message.get_payload())):
                    self.codes[str(message["To"])] = found.group()
        super().read()


class Count:
    """Sends requests, one at a time, and notes the statements that each took."""

    def __init__(self, cluster: Cluster, api: Api) -> None:
        self.cluster, self.api = cluster, api
        self.most: dict[str, int] = {}
        self.over: list[str] = []

    async def call(self, what: str | None, query: str, variables: Json | None = None, bearer: str | None = None) -> Json:
        await asyncio.sleep(MARGIN)  # what the request before has left in the background
        self.cluster.sql("SELECT pg_stat_statements_reset()", "postgres")
        reply: Reply = await self.api.call(query, variables, bearer)
        if reply.kind != "ok":
            raise SystemExit(f"{what}: {reply.kind} {reply.code} {reply.text}")
        await asyncio.sleep(MARGIN)
        if what:
            self.note(what, json.loads(self.cluster.sql(COUNTED, "postgres")))
        return reply.payload

    def note(self, what: str, statements: list[tuple[str, int]]) -> None:
        mine = [(query, calls) for query, calls in statements if not query.startswith((*BACKGROUND, WORKER))]
        count = sum(calls for _, calls in mine)
        self.most[what] = max(count, self.most.get(what, 0))
        if count > MOST[what] or not count:
            self.over += [f"{what}: {calls} x {query[:200]}" for query, calls in mine] or [f"{what}: nothing"]


async def sign_in(count: Count, mailbox: Mailbox, recipient: Json, device: str, names: tuple[str | None, str | None]) -> Json:
    [address] = recipient.values()
    mailbox.codes.pop(address, None)
    asked = await count.call(names[0], ASK, {"r": recipient})
    code = await mailbox.code(address, 10)
    token = asked["challenge"]["challengeToken"]
    proof = {"r": recipient, "c": code, "t": token, "d": device}
    return (await count.call(names[1], PROVE, proof))["tokens"]


async def counted(count: Count, mailbox: Mailbox) -> None:
    ada, text = {"email": "ada@example.com"}, {"phone": "+447400123456"}
    asking, texting = "requestOtp by e-mail", "requestOtp by text message"
    # The first time an account is opened.
    for recipient, ask in ((ada, asking), (text, texting)):
        await sign_in(count, mailbox, recipient, "one", (ask, None))
    await asyncio.sleep(RESEND)
    await sign_in(count, mailbox, ada, "one", (asking, "verifyOtp, known device"))
    await sign_in(count, mailbox, text, "one", (texting, "verifyOtp by text message, known device"))
    await asyncio.sleep(RESEND)
    tokens = await sign_in(count, mailbox, ada, "another", (asking, "verifyOtp, new device"))
    for _ in range(2):
        await count.call("me", ME, bearer=tokens["accessToken"])
        tokens = (await count.call("refreshToken", REFRESH, {"t": tokens["refreshToken"]}))["tokens"]


async def main() -> None:
    with folder() as home:
        # It counts BEGIN and COMMIT too, unless it is told otherwise.
        cluster = Cluster(home, shared_preload_libraries="pg_stat_statements")
        mailbox = Letters(home / "mail")
        server = Server(home / "server", cluster.url, home / "mail")
        # All that is on in production, so that it is counted.
        server.settings |= {
            "otp.resend_interval": f"{RESEND}s",
            "sms.chain": "maildir",
            "notices.new_device": "true",
            "limits.total_codes_per_hour": "1000",
        } | {key: "1000" for key in server.settings if key.startswith("limits.address_")}
        try:
            cluster.sql("CREATE EXTENSION pg_stat_statements", "postgres")
            await server.start()
            count = Count(cluster, Api(server.port))
            await counted(count, mailbox)
        finally:
            await server.stop()
            cluster.stop("immediate")
    for what, most in MOST.items():
        print(f"{what}: {count.most.get(what, 0)} of {most}")
    for line in count.over:
        print(f"OVER {line}", file=sys.stderr)
    sys.exit(1 if count.over or count.most.keys() != MOST.keys() else 0)


asyncio.run(main())
