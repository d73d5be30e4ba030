"""Verifies the bundle of a case without Throughline: Python and the package ``cryptography`` are all it needs.

    python verify_bundle.py bundle.json [--key PUBLIC_KEY] [--anchors anchors.json]

``--key`` is the ledger's public key (64 hexadecimal digits, or the 16 of its id) as you were given it by another way;
``--anchors`` is a file that ``manage.py ledger export`` wrote and you kept. Without either, the bundle is held against
the keys that it brings along itself, which is said. Exit status: 0 where everything holds, 1 where something does not,
2 where the bundle can't be read. Everything is written out here on purpose, so that one page can be read and trusted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from datetime import datetime, timezone
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGE = 10**16


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def sha(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def is_signed(public: str, signature: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: str) -> str:
    return sha(bytes.fromhex(public))[:16]


class Report:
    """What holds and what does not, line by line."""

    def __init__(self) -> None:
        self.lines: list[tuple[bool, str]] = []
        self.left_out: Counter[str] = Counter()

    def say(self, faults: list[str], good: str) -> None:
        self.lines += [(False, fault) for fault in faults] or [(True, good)]

    @property
    def holds(self) -> bool:
        return all(good for good, _ in self.lines)


def signature_faults(bundle: dict[str, Any], trusted: set[str]) -> list[str]:
    signed = bundle.get("signature")
    if not signed:
        return ["The bundle is not signed."]
    plain = {name: value for name, value in bundle.items() if name != "signature"}
    if key_id(signed["public"]) != signed["key"]:
        return ["The bundle's key does not go with its id."]
    if trusted and signed["key"] not in trusted:
        return [f"The bundle is signed by the key {signed['key']}, which is not the one that you trust."]
    message = canonical(plain)
    if sha(message) != signed["digest"] or not is_signed(signed["public"], signed["signature"], message):
        return ["The bundle was changed after it was signed."]
    return []


def chain_faults(bundle: dict[str, Any], report: Report) -> list[str]:
    before = ""
    for number, event in enumerate(bundle["events"], start=1):
        row = event["row"]
        if row["seq"] != number or str(row["case"]) != bundle["case"]:
            return [f"Event {number} is missing."]
        if row["prev_digest"] != before:
            return [f"Event {number} does not continue the event before it."]
        if sha(canonical(row)) != event["digest"]:
            return [f"Event {number} was changed."]
        if "left_out" in event:
            report.left_out[event["left_out"]] += 1
        elif sha(event["salt"].encode(), canonical(event["content"])) != row["payload_digest"]:
            return [f"The content of event {number} was changed."]
        before = event["digest"]
    return []


def floats(value: Any) -> Any:
    """Large whole numbers as the floats that they may have been."""
    if isinstance(value, dict):
        return {name: floats(one) for name, one in value.items()}
    if isinstance(value, list):
        return [floats(one) for one in value]
    return float(value) if type(value) is int and LARGE <= abs(value) < 10**309 else value


def fact_content(row: dict[str, Any], content: dict[str, Any], data: Any) -> bytes:
    occurred = row["day"]
    if row["occurred"]:
        occurred = datetime.fromisoformat(row["occurred"]).astimezone(timezone.utc).isoformat()  # noqa: UP017
    refs = [f"{scheme}:{value}" for scheme, value in content["refs"] or []]
    return canonical(
        {"data": data, "implied": row["implied"], "occurred": occurred, "refs": refs, "said": content["said"]}
    )


def content_faults(kind: str, name: str, entry: dict[str, Any], report: Report) -> list[str]:
    row = entry["row"]
    if "left_out" in entry:
        report.left_out[entry["left_out"]] += 1
    if "content" not in entry:
        return []
    salt, content = entry["salt"].encode(), entry["content"]
    if kind == "facts":
        found = {sha(salt, fact_content(row, content, data)) for data in (content["data"], floats(content["data"]))}
        return [] if row["payload_digest"] in found else [f"The content of {name} {row['id']} was changed."]
    if entry["proof"] and sha(salt, canonical(content)) != entry["content_digest"]:
        return [f"The content of {name} {row['id']} was changed."]
    return []


def proof_faults(
    kind: str, name: str, row: dict[str, Any], proof: dict[str, Any], anchors: dict[str, Any], erased: bool
) -> list[str]:
    leaf = sha(b"\0", canonical([kind, row]))
    if not erased and leaf != proof["leaf"]:
        return [f"{name[0].upper()}{name[1:]} {row['id']} was changed."]
    found = bytes.fromhex(proof["leaf"])
    for side, other in proof["path"]:
        pair = (bytes.fromhex(other), found) if side == "left" else (found, bytes.fromhex(other))
        found = hashlib.sha256(b"\1" + pair[0] + pair[1]).digest()
    anchor = anchors.get(proof["day"])
    if anchor is None:
        return []
    if anchor["body"]["digests"].get(kind, {}).get("root") != found.hex():
        return [f"{name[0].upper()}{name[1:]} {row['id']} does not lead to the anchor of {proof['day']}."]
    return []


def rows_faults(bundle: dict[str, Any], part: str, kind: str, name: str, report: Report) -> list[str]:
    anchors = {a["body"]["day"]: a for a in bundle["anchors"]}
    for entry in bundle[part]:
        found = content_faults(kind, name, entry, report)
        if not found and entry.get("proof"):
            row, erased = dict(entry["row"]), entry.get("left_out") == "erased" and not entry.get("content_digest")
            if kind in ("raw_rows", "checks", "statements"):
                row["content"] = entry["content_digest"]
            found = proof_faults(kind, name, row, entry["proof"], anchors, erased and kind != "facts")
        if not found and entry.get("closing_proof"):
            what = f"the closing of {name}"
            found = proof_faults("closings", what, entry["closing"], entry["closing_proof"], anchors, False)
        if not found and part != "heads":
            found = unproved(kind, name, entry, anchors)
        if found:
            return found
    return []


def unproved(kind: str, name: str, entry: dict[str, Any], anchors: dict[str, Any]) -> list[str]:
    """What is of an anchored day leads to its anchor: what has no way there was put in later."""
    row, closing = entry["row"], entry.get("closing")
    if not entry.get("proof") and covers(anchors, str(row.get("learned_at") or row.get("at")), kind):
        return [f"{name[0].upper()}{name[1:]} {row['id']} does not lead to the anchor of its day."]
    if closing and not entry.get("closing_proof") and covers(anchors, str(closing["superseded_at"]), "closings"):
        return [f"The closing of {name} {row['id']} does not lead to the anchor of its day."]
    return []


def covers(anchors: dict[str, Any], at: str, kind: str) -> bool:
    anchor = anchors.get(at[:10])
    return anchor is not None and kind in anchor["body"]["digests"]


def heads_faults(bundle: dict[str, Any]) -> list[str]:
    digests = {event["row"]["seq"]: event["digest"] for event in bundle["events"]}
    for head in bundle["heads"]:
        if digests.get(head["row"]["seq"]) != head["row"]["digest"]:
            return [f"The chain does not lead to where it ended on {head['proof']['day']}."]
    anchors = {a["body"]["day"]: a for a in bundle["anchors"]}
    days = {event["row"]["at"][:10] for event in bundle["events"] if covers(anchors, event["row"]["at"], "heads")}
    left = days - {head["proof"]["day"] for head in bundle["heads"]} - {bundle["as_of"][:10]}
    if left:  # on the moment's own day more may have happened than the bundle has
        return [f"Nothing says where the chain ended on {min(left)}, though that day is anchored."]
    return rows_faults(bundle, "heads", "heads", "the chain of case", Report())


def told_faults(bundle: dict[str, Any]) -> list[str]:
    """What was told is what its event says was told. Their order is the same, and each statement names its event."""
    said = {e["content"]["told_digest"] for e in bundle["events"] if "told_digest" in e.get("content", {})}
    withheld = any("left_out" in e for e in bundle["events"] if e["row"]["kind"] == "message.out")
    for entry in bundle["statements"]:
        if "left_out" in entry or withheld:
            continue
        told, row = entry["content"], entry["row"]
        more = {"said": told["said"], "kept": told["kept"], "helped": row["helped"], "recipients": told["recipients"]}
        parts = [told["words"], told["claims"], told["unchecked"]]
        if not said & {sha(canonical(parts)), sha(canonical([*parts, more]))}:
            return [f"Statement {row['id']} is not what its event says was told."]
    return []


def anchors_faults(bundle: dict[str, Any], trusted: set[str], kept: dict[str, Any]) -> list[str]:
    keys = {key_id(key["public"]): key["public"] for key in bundle["keys"]}
    for anchor in bundle["anchors"]:
        day, message = anchor["body"]["day"], canonical(anchor["body"])
        if day in kept and kept[day] != anchor:
            return [f"The anchor of {day} is not the one that you kept."]
        if sha(message) != anchor["digest"] or anchor["body"]["key"] != anchor["key"]:
            return [f"The anchor of {day} was changed."]
        if anchor["key"] not in keys or not is_signed(keys[anchor["key"]], anchor["signature"], message):
            return [f"The signature of the anchor of {day} does not hold."]
        if trusted and anchor["key"] not in trusted:
            return [f"The anchor of {day} is signed by the key {anchor['key']}, which is not one that you trust."]
    return []


def verified(bundle: dict[str, Any], trusted: set[str], kept: dict[str, Any]) -> Report:
    report = Report()
    signer = (bundle.get("signature") or {}).get("key", "")
    report.say(signature_faults(bundle, trusted), f"The bundle is as the key {signer} signed it.")
    report.say(chain_faults(bundle, report), f"{len(bundle['events'])} events are one unbroken chain.")
    report.say(told_faults(bundle), "What was told is what its events say was told.")
    days = len(bundle["anchors"])
    mine = {anchor["body"]["day"] for anchor in bundle["anchors"]}
    left_out = [anchor for day, anchor in kept.items() if day not in mine]
    held = {**bundle, "anchors": [*bundle["anchors"], *left_out]}
    anchored = {anchor["body"]["day"] for anchor in held["anchors"]}
    for part, kind, name in (
        ("facts", "facts", "fact version"), ("raw_rows", "raw_rows", "raw row"), ("checks", "checks", "check"),
        ("statements", "statements", "statement"),
    ):  # fmt: skip
        proved = sum((entry.get("proof") or {}).get("day") in anchored for entry in bundle[part])
        good = f"{len(bundle[part])} × {name}: content and digests hold, {proved} lead to an anchor."
        report.say(rows_faults(held, part, kind, name, report), good)
    report.say(heads_faults(held), f"The chain ended where {len(bundle['heads'])} anchored days say.")
    report.say(anchors_faults(bundle, trusted, kept), f"{days} anchors are signed, and each root is theirs.")
    return report


def trust(given: list[str], anchors: str) -> tuple[set[str], dict[str, Any]]:
    keys, kept = {one.lower() if len(one) == 16 else key_id(one) for one in given}, {}
    if anchors:
        with open(anchors, encoding="utf-8") as file:
            found = json.load(file)
        kept = {anchor["body"]["day"]: anchor for anchor in found["anchors"]}
        keys |= {key_id(key["public"]) for key in found["keys"]}
    return keys, kept


def main() -> int:
    parser = argparse.ArgumentParser(description="Verifies the bundle of a case offline.")
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", default=[], help="a public key that you trust, or its id")
    parser.add_argument("--anchors", default="", help="anchors that you kept")
    given = parser.parse_args()
    try:
        trusted, kept = trust(given.key, given.anchors)
        with open(given.bundle, encoding="utf-8") as file:
            bundle = json.load(file)
        report = verified(bundle, trusted, kept)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"This can't be read as a bundle: {type(error).__name__}: {error}")
        return 2
    for good, line in report.lines:
        print(f"{'holds ' if good else 'BROKEN'}  {line}")
    for why, number in sorted(report.left_out.items()):
        print(f"        Left out, with their digests: {number} ({why}).")
    if not trusted:
        print("        No key was given to trust: compare the key above with the one that you know of.")
    print("Everything holds." if report.holds else "This bundle does not hold.")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
