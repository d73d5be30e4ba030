"""A recorded answer, made whole again for the page, and where today's rules say otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cases.answers import Answer, Claim, Gap, Next, Step, Text
from connectors.host.views import Evidence


def answer_of(content: Mapping[str, Any], now: Answer, then: Evidence) -> Answer:
    """The answer as it was shown: its words are the recorded ones, whatever the rules say today.

    What the record does not hold (the draft, values shown by themselves) is left out, but for what the same claims
    name in today's answer.
    """
    following = content.get("next")
    return Answer(
        question=str(content["question"]), rules=str(content["rules"]), state=content["state"],
        situation=str(content["situation"]), headline=_said(content["headline"]),
        steps=tuple(Step(key, _said(label), state, _said(when)) for key, label, state, when in content["steps"]),
        claims=tuple(
            Claim(c["key"], _said(c["text"]), c["domain"], tuple(c["facts"]), tuple(c["checks"]), str(c["rule"]))
            for c in content["claims"]
        ),
        gaps=tuple(_gap(source, reason, can, now, then) for source, reason, can in content["gaps"]),
        next=Next(_said(following[0]), str(following[1]), _said(following[2])) if following else None,
        flags=tuple(content["flags"]), choices=now.choices if now.situation == content["situation"] else (),
        witnesses=now.witnesses if now.state == content["state"] else (),
    )  # fmt: skip


def _said(words: object) -> Text:
    return Text((str(words),)) if words else Text()


def _gap(source: str, reason: str, can_change: bool, now: Answer, then: Evidence) -> Gap:
    alike = next((g for g in now.gaps if (g.source, g.reason) == (source, reason)), None)
    if alike is not None:
        return alike
    view = then.source(source)
    return Gap(source, view.title if view else source, view.domain if view else "", reason, can_change=can_change)


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Contents of two answers over the same facts, ``was`` as recorded: what today's rules would say otherwise."""
    found = []
    if was["headline"] != now["headline"]:
        found.append(f"Today’s rules would say: “{now['headline']}”")
    before, after = ({c["key"]: c["text"] for c in x["claims"]} for x in (was, now))
    found += [f"No longer claimed: “{before[k]}”" for k in before if k not in after]
    found += [f"Claimed today: “{after[k]}”" for k in after if k not in before]
    found += [f"Said differently today: “{after[k]}”" for k in after if k in before and before[k] != after[k]]
    if _steps(was) != _steps(now):
        found.append("The steps shown are others today.")
    if was.get("next") != now.get("next") and now.get("next"):
        found.append(f"What comes next would be: “{now['next'][0]}”")
    if was["rules"] != now["rules"]:
        same = "" if found else " They say the same."
        found.insert(0, f"Composed by rules {was['rules']}; today it is rules {now['rules']}.{same}")
    return tuple(found)


def _steps(content: Mapping[str, Any]) -> Sequence[Any]:
    return [list(step) for step in content["steps"]]
