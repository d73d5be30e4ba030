"""How cases about orders, parcels and returns went."""

from __future__ import annotations

from cases import services
from workspace.demo.history.desk import Desk
from workspace.demo.history.refunds import Steps, ended


def on_its_way(d: Desk) -> Steps:
    """Answered, and closed once it is there."""
    yield d.soon()
    d.look()
    d.reply()
    yield d.on(1, 16)
    d.news()
    d.close("Delivered")


def late_parcel(d: Desk) -> Steps:
    """A parcel that is late, with a promise that holds but in the week in which nothing did."""
    yield d.soon()
    d.look()
    bad = d.told.week == 5
    due = d.on(1, 17, 0) if bad else d.on(2, 18, 0)
    d.reply(f"The carrier will deliver it by {d.day_words(due)}.", due=due, keeps="shipment.delivered",
            what="Have the parcel delivered")  # fmt: skip
    if bad:
        yield d.on(2, 9)
        d.says("Still no parcel.")
        yield d.soon()
        d.look()
        d.reply()
    yield from ended(d, 2, 15, "Delivered")


def cancel(d: Desk) -> Steps:
    """Asked in the morning, cancelled after noon, paid back the day after."""
    yield d.soon()
    d.look()
    services.note_add(case=d.case, text="Asked the shop to stop the parcel.", actor=d.me)
    yield d.on(0, 14)
    d.look()
    d.reply()
    yield from ended(d, 1, 17, "Cancelled and paid back")


def arrived(d: Desk) -> Steps:
    """Its way through the warehouse, told twice."""
    yield d.soon()
    d.look()
    d.reply()
    yield from ended(d, 2, 10)


def lagged(d: Desk) -> Steps:
    """Told a day that the warehouse's feed had wrong; put right once the feed was."""
    yield d.soon()
    d.look()
    d.reply()
    yield d.on(3, 13)
    d.news()
    yield d.later(90)
    d.look()
    d.reply("I had named another day before: our warehouse's list was wrong. I am sorry for that.",
            why="This says what was wrong")  # fmt: skip
    yield from ended(d, 5, 10, "Arrived; the warehouse had dated it wrongly")


def dark(d: Desk) -> Steps:
    """The warehouse can't be asked: what is missing is said, and told when it is there."""
    yield d.soon()
    d.look(down=("warehouse",))
    d.reply(down=("warehouse",), why="The warehouse will tell us tomorrow")
    yield from ended(d, 1, 10)


def return_lost(d: Desk) -> Steps:
    """It never arrived; what was promised is no longer owed once the carrier pays."""
    yield d.soon()
    d.look()
    due = d.on(3, 17, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, what="Write what the carrier says")
    yield d.on(2, 11)
    d.look()
    services.note_add(case=d.case, text="The carrier has lost it and pays the customer directly.", actor=d.me)
    promise = d.promise_open()
    if promise is not None:
        services.commitment_withdraw(commitment=promise, why="The carrier settles it with the customer", actor=d.me)
    d.reply()
    d.close("Settled by the carrier")


def call(d: Desk) -> Steps:
    """They asked for a call and got one, on the day that was promised."""
    yield d.soon()
    d.look()
    due = d.on(0, 17, 30)
    d.reply(f"I will call you by {d.day_words(due)}, 17:30.", due=due, what="Call the customer")
    yield d.later(55)
    d.look()
    services.call_note(case=d.case, text="Explained how far the return is and what comes next.", direction="out",
                       minutes=6, actor=d.me)  # fmt: skip
    promise = d.promise_open()
    if promise is not None:
        services.commitment_keep(commitment=promise, why="Called and reached the customer", actor=d.me)
    d.close("Called")
