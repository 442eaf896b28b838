"""A phone as the server knows it: a key of its own, a queue, a clock."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from ronghe.domain.offline.calc.acts import FIRST
from ronghe.domain.offline.models import Device
from ronghe.domain.offline.services.devices import proof_text, register_device
from ronghe.domain.offline.services.taking import SignedText
from ronghe.domain.org.models import Person
from ronghe.kernel.signatures import SigningKey
from tests.factories.org import make_account


class Phone:
    """Signs acts in the order in which they are done and remembers them, sent or not."""

    def __init__(self, person: Person, at: datetime, *, name: str = "现场手机", register: bool = True) -> None:
        if person.account is None:
            make_account(person)
        self.person, self.name = person, name
        self._signing = SigningKey()
        self.public_key, self.key = self._signing.public_key, self._signing.digest
        self.queue: list[SignedText] = []
        self.skew = timedelta()
        self._before = FIRST
        if register:
            self.device: Device = register_device(
                name=name, algorithm="ES256", public_key=self.public_key, proof=self.proof(), actor=person, at=at
            )

    def proof(self, name: str = "") -> str:
        return self.signed(proof_text("ES256", self.public_key, name or self.name))

    def signed(self, text: str) -> str:
        return self._signing.sign(text)

    def does(self, kind: str, at: datetime, **what) -> str:
        """Do something at `at` and return the id of the act."""
        return self.puts(self.head(kind, at, what))

    def head(self, kind: str, at: datetime, what: dict) -> dict:
        device_ms = int((at + self.skew).timestamp() * 1000)
        return {
            "v": 1, "id": secrets.token_hex(16), "key": self.key, "n": len(self.queue) + 1, "before": self._before,
            "kind": kind, "device_ms": device_ms, "skew_ms": int(self.skew.total_seconds() * 1000), "steady_ms": None,
            "what": what,
        }  # fmt: skip

    def puts(self, act: dict) -> str:
        """Sign an act as it is and put it at the end of the queue."""
        text = json.dumps(act, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self._before = act["what"]["was"] if act["kind"] == "void" else hashlib.sha256(text.encode()).hexdigest()
        self.queue.append(SignedText(text, self.signed(text)))
        return act["id"]

    def voids(self, place: int) -> None:
        """Void an act that was never reported: another one takes its place and names its digest."""
        was = json.loads(self.queue[place].text)
        digest = hashlib.sha256(self.queue[place].text.encode()).hexdigest()
        act = {**was, "kind": "void", "id": secrets.token_hex(16), "what": {"was": digest, "was_kind": was["kind"]}}
        text = json.dumps(act, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.queue[place] = SignedText(text, self.signed(text))
