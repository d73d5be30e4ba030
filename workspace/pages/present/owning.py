"""What the case page says about its owner: an open offer, what others wrote meanwhile, who is here, a kept draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases import selectors
from cases.selectors import Packet, replies_since
from cases.services import Actor
from cases.views import CaseView, DraftView, EventView, OfferView, PresentView, TeamName


@dataclass(frozen=True)
class OwnView:
    """Everything about one person's place in one case."""

    mine: bool
    may_hand_over: bool
    offer: OfferView | None
    may_take: bool
    may_decline: bool
    packet: Packet | None
    news: int
    """How many events came after the offer: its packet does not know them."""
    draft: DraftView | None
    since: int
    """The last event that the writer has seen."""
    meanwhile: tuple[EventView, ...]
    here: tuple[PresentView, ...]
    supervises: bool = False
    digest: str = ""
    """Of the answer on the page."""
    elsewhere: TeamName | None = None
    """Another team whose question this is: the case can be offered to it."""

    @property
    def seen(self) -> int:
        """What the writer has seen once they have read what others wrote."""
        return max((e.seq for e in self.meanwhile), default=self.since)

    @property
    def draft_changed(self) -> bool:
        """The kept draft was written from another answer."""
        return bool(self.draft and self.draft.answer_digest and self.draft.answer_digest != self.digest)

def own_view(view: CaseView, user: Any, roles: frozenset[str], since: int | None = None) -> OwnView:
    """``since`` is what an open page says its writer has seen; a fresh page takes it from the kept draft, else all."""
    draft = selectors.draft_of(case=view.id, author=user) if view.live else None
    last = max((e.seq for e in view.events if not e.quiet), default=0)
    since = since if since is not None else draft.since_seq if draft else last
    offer, mine = view.offer if view.live else None, view.owner.id == user.pk
    take, decline = selectors.offer_answerable(offer, user) if offer else (False, False)
    actor, may = Actor.person(user), view.live and view.state != "closed" and (mine or "supervisor" in roles)
    elsewhere = selectors.team_elsewhere(question=view.question, owner=view.owner.id) if may and not offer else None
    return OwnView(
        mine=mine, may_hand_over=may, offer=offer, elsewhere=elsewhere,
        may_take=take, may_decline=decline, packet=selectors.offer_packet(offer.id) if offer else None,
        news=sum(e.seq > offer.seq and not e.quiet for e in view.events) if offer else 0, draft=draft, since=since,
        meanwhile=replies_since(view.events, since, actor) if view.live else (), here=others_here(view.reference, user),
        supervises="supervisor" in roles, digest=view.answer.digest,
    )  # fmt: skip


def others_here(reference: str, user: Any) -> tuple[PresentView, ...]:
    """Who has the case open besides this person."""
    return tuple(one for one in selectors.present(reference) if one.id != user.pk)
