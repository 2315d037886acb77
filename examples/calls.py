#!/usr/bin/env python3
"""Asks for a call, makes it, and records it: once, whatever gets lost. Python 3.9 or newer and nothing else.

SUANPAN_URL=http://127.0.0.1:8080 SUANPAN_API_KEY=sk_ac_... python3 calls.py call-1 liveness.basic.authority
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone

URL = os.environ.get("SUANPAN_URL", "http://127.0.0.1:8080").rstrip("/")
KEY = os.environ["SUANPAN_API_KEY"]
PATIENCE = float(os.environ.get("PATIENCE", "30"))


class Refused(Exception):
    """A problem document (RFC 9457): `code` does not change, words may."""

    def __init__(self, document):
        super().__init__(document.get("detail", ""))
        self.code = document.get("code", "NO_ANSWER")


def post(path, body):
    """The answer's JSON. Only for what has an id: it is sent again until there is an answer, and counts once."""
    until = time.monotonic() + PATIENCE
    pause = 0.1
    while True:
        after = None
        request = urllib.request.Request(
            URL + path,
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            try:
                refused = Refused(json.load(error))
            except ValueError:
                refused = Refused({})
            if error.code not in (408, 429, 502, 503, 504):
                raise refused from None
            after = error.headers.get("Retry-After")
            trouble = refused
        except (OSError, ValueError, http.client.HTTPException) as error:  # no connection, no answer, or one that was cut short
            trouble = error
        delay = (float(after) if after and after.isdigit() else pause / 2) + random.random() * pause / 2
        if time.monotonic() + delay > until:
            raise trouble
        time.sleep(delay)
        pause = min(pause * 2, 5)


def around(call_id, meter, work):
    """Asks, runs `work`, and captures; releases where it raises. Gives what it gave, and the receipt."""
    path = f"/v1/authorizations/{urllib.parse.quote(call_id, safe='')}"
    post("/v1/authorizations", {"id": call_id, "meter": meter})
    try:
        value = work()
    except BaseException:
        post(f"{path}/release", {})
        raise
    happened = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    try:
        return value, post(f"{path}/capture", {})["receipt"]
    except Refused as refused:
        if refused.code != "HOLD_ENDED":
            raise
        # It took longer than its hold. It did happen: an event of the same id.
        return value, post("/v1/events", {"id": call_id, "meter": meter, "time": happened})["receipt"]


if __name__ == "__main__":
    _, call_id, meter = sys.argv
    try:
        _, receipt = around(call_id, meter, lambda: "here the call is made")
    except Refused as refused:
        sys.exit(f"{refused.code}: {refused}")
    print(json.dumps(receipt))
