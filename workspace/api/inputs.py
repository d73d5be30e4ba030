"""The shapes of what programs send. Nothing is converted: a number is not text, and unknown names are refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from workspace.api import vocabulary as words

MAX_TEXT = 10_000


class Words(serializers.CharField):
    """Text that is really text."""

    default_error_messages = {"invalid": "This must be text, in quotes."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of an enumeration; the refusal lists it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            there = ", ".join(map(str, self.choices))
            raise serializers.ValidationError(f"{str(data)[:40]!r} is not known here. Use one of: {there}.")
        return data


class Body(serializers.Serializer):
    """Base: an object with known names only."""

    default_error_messages = {"invalid": "The body must be a JSON object, e.g. {{}}."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                there = ", ".join(self.fields) or "none"
                raise serializers.ValidationError(
                    {
                        name[:100]: [f"There is no field {name[:40]!r} here. There are: {there}."]
                        for name in unknown[:20]
                    }
                )
        return super().to_internal_value(data)


def text(**more: Any) -> Words:
    return Words(max_length=MAX_TEXT, trim_whitespace=False, **more)


def refs() -> serializers.ListField:
    return serializers.ListField(
        child=Words(max_length=400), min_length=1, max_length=20, help_text="scheme:value, e.g. order:48-1193"
    )


class CaseIn(Body):
    question = Choice(
        choices=words.QUESTIONS, required=False, default="",
        help_text="left out, the message proposes it, and the references in its words are the case's too",
    )  # fmt: skip
    refs = refs()
    message = text(required=False, default="", allow_blank=True, help_text="The customer's words")
    channel = Choice(choices=words.CHANNELS, required=False, default="api")


class KeptIn(Body):
    key = Words(max_length=2000, help_text="of the finding")
    why = Words(max_length=2000, help_text="why it is sent all the same")


class CopyIn(Body):
    ref = Words(max_length=400, help_text="email:partner@example.com")
    how = Choice(choices=("cc", "bcc"), required=False, default="cc")


class PromisedIn(Body):
    words = Words(max_length=2000, help_text="as the draft's check gives them: data.words of a finding of kind promise")
    instead = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, help_text="the open promise whose place it takes"
    )  # fmt: skip


class MessageIn(Body):
    direction = Choice(
        choices=words.DIRECTIONS, required=False, default="out",
        help_text="out: a reply to the customer; in: the customer has written",
    )  # fmt: skip
    text = text()
    digest = Words(
        required=False, default="", allow_blank=True, max_length=64,
        help_text="out: the digest of the answer that the reply was written from",
    )  # fmt: skip
    recipient = Words(
        required=False, default="", allow_blank=True, max_length=400,
        help_text="out, by e-mail: email:maya@example.com; left out, the one address that is known",
    )  # fmt: skip
    channel = Choice(choices=words.CHANNELS, required=False)
    author = Words(
        required=False, default="", allow_blank=True, max_length=200, help_text="in: what the writer is called"
    )
    author_ref = Words(
        required=False, default="", allow_blank=True, max_length=400,
        help_text="in: who wrote, scheme:value; where that is not the customer of the case, it is a third party's",
    )  # fmt: skip
    undo_s = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=60,
        help_text="out, by e-mail: seconds in which it can be taken back before it leaves",
    )  # fmt: skip
    kept = serializers.ListField(
        child=KeptIn(), required=False, default=list, max_length=50,
        help_text="out: a reason for each finding of the draft's check that needs one",
    )  # fmt: skip
    promises = serializers.ListField(
        child=PromisedIn(), required=False, default=list, max_length=20,
        help_text="out: promises read in its words that the writer confirms; the others are not held to",
    )  # fmt: skip
    copies = serializers.ListField(
        child=CopyIn(), required=False, default=list, max_length=20, help_text="out: who else it goes to"
    )
    settles = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=list, max_length=50,
        help_text="out: statements that this message puts right",
    )  # fmt: skip
    since = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=2**31 - 1,
        help_text="out: number of the last event that the writer has seen; another's reply after it is read first",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.setdefault("channel", "email" if attrs["direction"] == "out" else "api")
        if attrs["direction"] == "out" and not attrs["digest"]:
            said = "A reply carries the digest of the answer it was written from. Read …/answer/ first."
            raise serializers.ValidationError({"digest": [said]})
        return attrs


class NoteIn(Body):
    text = text()


class CallIn(Body):
    text = text(help_text="what was said, as the caller notes it")
    direction = Choice(choices=words.DIRECTIONS, required=False, default="in", help_text="in: the customer called")
    reached = serializers.BooleanField(required=False, default=True)
    minutes = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0, max_value=600)


class VerifyIn(Body):
    how = Choice(choices=words.WAYS_TO_VERIFY)


class WhyIn(Body):
    why = Words(required=False, default="", allow_blank=True, max_length=2000)


class RefsIn(Body):
    refs = refs()


class CustomerIn(Body):
    customer = serializers.IntegerField(min_value=1, help_text="one of the case's candidates")
    why = Words(max_length=1000, help_text="how you know that the others are other people")


class MergeIn(Body):
    keep = serializers.IntegerField(min_value=1, help_text="by whose name they go")
    other = serializers.IntegerField(min_value=1)
    why = Words(max_length=1000, help_text="how you know that they are one person")
    case = Words(required=False, default="", allow_blank=True, max_length=18, help_text="in which it was seen")


class UnmergeIn(Body):
    merge = serializers.IntegerField(min_value=1)
    why = Words(max_length=1000, help_text="how you know that they are two people")
    case = Words(required=False, default="", allow_blank=True, max_length=18, help_text="in which it was seen")


class QuestionIn(Body):
    question = Choice(choices=words.QUESTIONS)
    added = serializers.BooleanField(
        required=False, default=False, help_text="true: asked as well; else the case is about this instead"
    )
    why = Words(required=False, default="", allow_blank=True, max_length=2000)


class OwnerIn(Body):
    owner = Words(max_length=150, help_text="The user name of the person who is accountable from now on")
    why = Words(max_length=2000, help_text="Why they are not asked first")


class NothingIn(Body):
    """An empty object, or no body at all."""
