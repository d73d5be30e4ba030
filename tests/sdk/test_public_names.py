"""Connectors live in other people's packages: what they import does not change under them unnoticed."""

from connectors.sdk.kinds import KINDS
from tests.sdk.public_names import SNAPSHOT, lines

RENEW = "run python -m tests.sdk.public_names, and say in CHANGELOG.md what integrators must change"


def test_no_public_name_of_the_sdk_changes_unnoticed() -> None:
    stored, present = SNAPSHOT.read_text(encoding="utf-8").splitlines(), lines()
    gone = [line for line in stored if line not in present]
    new = [line for line in present if line not in stored]
    assert not gone, f"These are gone or take other arguments: {gone}. Bring them back; or, where it is meant, {RENEW}."
    assert not new, f"These are new: {new}. Where they are meant for integrators, {RENEW}; else begin them with _."


def test_every_name_is_there_with_its_arguments() -> None:
    text = SNAPSHOT.read_text(encoding="utf-8")
    for part in ("connectors.sdk.Row(type: 'str', id: 'str'", "connectors.sdk.Connector.lookup(self, refs",
                 "connectors.sdk.auth.Basic(user: 'str', password: 'str')", "connectors.sdk.times.instant(text",
                 "connectors.sdk.http.Http.get(self, path"):  # fmt: skip
        assert part in text
    assert text.count("\nkind ") == len(KINDS)
