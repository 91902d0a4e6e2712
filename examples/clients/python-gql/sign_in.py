"""Signs somebody in with gql, and out again: python sign_in.py ada@example.com

Every operation is validated against the schema file before it goes out: a field that is not there
fails here, by name, and not at the server.
"""

import os
import sys
from pathlib import Path

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport

SERVER = os.environ.get("COUNTERSIGN_URL", "http://127.0.0.1:8000")
SCHEMA = Path(__file__).parents[3] / "schema.graphql"

REQUEST_OTP = gql("""
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challenge { challengeToken maskedRecipient codeLength }
      userErrors { code message }
    }
  }""")
VERIFY_OTP = gql("""
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message attemptsRemaining }
    }
  }""")
ME = gql("""
  query Me { me { id email } }""")
REFRESH_TOKEN = gql("""
  mutation RefreshToken($input: RefreshTokenInput) {
    refreshToken(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message }
    }
  }""")
LOGOUT = gql("""
  mutation Logout { logout { userErrors { code message } } }""")

transport = RequestsHTTPTransport(f"{SERVER}/graphql", timeout=10)
client = Client(schema=SCHEMA.read_text(), transport=transport)


def run(mutation, **given):
    """What the person can put right comes as data, for your form; here it ends the program."""
    mutation.variable_values = {"input": given} if given else None
    (payload,) = client.execute(mutation).values()
    for error in payload["userErrors"]:
        sys.exit(f"{error['code']}: {error['message']}")
    return payload


def use(tokens):
    transport.headers = {"Authorization": f"Bearer {tokens['accessToken']}"}
    return tokens


def main(email):
    recipient = {"email": email}

    challenge = run(REQUEST_OTP, recipient=recipient)["challenge"]
    print(f"A code is on its way to {challenge['maskedRecipient']}.")
    code = input(f"Its {challenge['codeLength']} digits: ")

    token = challenge["challengeToken"]
    signed_in = run(VERIFY_OTP, recipient=recipient, code=code, challengeToken=token)
    tokens = use(signed_in["tokens"])
    print(f"Signed in as {client.execute(ME)['me']['email']}.")

    use(run(REFRESH_TOKEN, refreshToken=tokens["refreshToken"])["tokens"])
    print(f"Refreshed, and still {client.execute(ME)['me']['email']}.")

    run(LOGOUT)
    try:
        client.execute(ME)
    except TransportQueryError as error:
        print(f"Signed out: {error.errors[0]['extensions']['reason']}.")


main(sys.argv[1])
