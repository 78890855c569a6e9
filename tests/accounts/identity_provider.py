"""A made-up identity provider that speaks OpenID Connect over real HTTP, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "portal", "a secret between us"


class IdentityProvider:
    """`claims` go into the ID token, `facts` into the answer about the person; what stands in them overrides."""

    def __init__(self, address: str):
        self.address = address
        self.claims: dict = {}
        self.facts: dict = {}
        self.key = KEY
        self.asked: dict = {}
        self.challenge_met = None
        self.token: dict | None = None

    def settings(self, **more) -> dict:
        """The entry of OIDC_PROVIDERS."""
        return {
            "provider_id": "council",
            "name": "Larkshire Council account",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": self.address, "domains": ["larkshire.example"], **more},
        }

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce", ""),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def userinfo(self) -> dict:
        return {"sub": "person-1", "email_verified": True, "name": "Max Muster", **self.facts}

    def go_there_and_back(self, client, address: str = "/account/linked/council/login/?process=login"):
        """Follow the journey as a browser would: out, consent, back. Returns the portal's last answer."""
        out = client.post(address)
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(out.url).query).items()}
        back = urlsplit(self.asked["redirect_uri"])
        return client.get(back.path, {"code": "a-code", "state": self.asked["state"]})


def _handler(provider: IdentityProvider):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            """Nothing is printed."""

        def do_GET(self):
            if self.path == "/.well-known/openid-configuration":
                return self._say(
                    {
                        "issuer": provider.address,
                        "authorization_endpoint": f"{provider.address}/authorize",
                        "token_endpoint": f"{provider.address}/token",
                        "userinfo_endpoint": f"{provider.address}/userinfo",
                        "jwks_uri": f"{provider.address}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            if self.path.startswith("/authorize?"):  # a browser: consent at once
                provider.asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                self.send_response(302)
                back = urlencode({"code": "a-code", "state": provider.asked["state"]})
                self.send_header("Location", f"{provider.asked['redirect_uri']}?{back}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            if self.path == "/keys":
                return self._say({"keys": [KEY.as_dict(private=False)]})
            if self.headers.get("Authorization") != "Bearer an-access-token":
                return self._say({"error": "invalid_token"}, 401)
            return self._say(provider.userinfo())

        def do_POST(self):
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            provider.challenge_met = challenge == provider.asked.get("code_challenge")
            if sent["client_secret"] != [SECRET] or not provider.challenge_met:
                return self._say({"error": "invalid_grant"}, 400)
            answer = {"access_token": "an-access-token", "token_type": "Bearer", "id_token": provider.id_token()}
            return self._say(answer if provider.token is None else provider.token)

        def _say(self, thing, status=200):
            body = json.dumps(thing).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def running():
    """The provider, on a free port of this machine, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
