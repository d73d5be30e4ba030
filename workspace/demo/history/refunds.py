"""How cases about refunds went: each a sequence of what was done, with the moments between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cases import services
from workspace.demo.history.desk import Desk

Steps = Iterator[datetime]


def ended(d: Desk, day: int, hour: int, why: str = "") -> Steps:
    """On that day the sources are asked once more, the customer is told, and it is done."""
    yield d.on(day, hour)
    d.look()
    d.reply()
    d.close(why)


def answered(d: Desk) -> Steps:
    """Asked, answered, done."""
    yield d.soon()
    d.look()
    d.reply()
    d.close()


def paid_later(d: Desk) -> Steps:
    """Told by when they hear again; finance pays; told so, in time."""
    yield d.soon()
    d.look()
    due = d.on(2, 17, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Write when it is paid")
    yield from ended(d, 2, 9, "Paid")


def late(d: Desk) -> Steps:
    """The day that was promised passes; the customer comes back; it is paid a day later."""
    yield d.soon()
    d.look()
    due = d.on(2, 12, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Send the refund")
    yield d.on(2, 15)
    d.says(f"It is {d.day_words(d.now())} and there is nothing. What now?")
    yield d.later(50)
    d.look()
    d.reply("I have asked finance again this afternoon.")
    yield from ended(d, 4, 9, "Paid, late")


def renegotiated(d: Desk) -> Steps:
    """It can't be kept, and the customer hears so before its day."""
    yield d.soon()
    d.look()
    due = d.on(2, 17, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Send the refund")
    yield d.on(1, 10)
    d.look()
    new, promise = d.on(4, 17, 0), d.promise_open()
    services.call_note(case=d.case, text="Told the customer that finance needs two more days.", direction="out",
                       minutes=4, actor=d.me)  # fmt: skip
    if promise is not None:
        services.commitment_renegotiate(commitment=promise, due_at=new, why="Finance is two days behind", told="phone",
                                        actor=d.me)  # fmt: skip
    yield from ended(d, 4, 10, "Paid by the new day")


def broken(d: Desk) -> Steps:
    """A call that was promised and never made."""
    yield d.soon()
    d.look()
    due = d.on(1, 15, 0)
    d.reply(f"I will call you by {d.day_words(due)}.", due=due, what="Call the customer")
    yield d.on(2, 10)
    d.says("Nobody has called me.")
    yield d.later(35)
    d.look()
    promise = d.promise_open()
    if promise is not None:
        services.commitment_break(commitment=promise, why="Nobody called, and the day is over", actor=d.me)
    d.reply("Nobody called you as I had said.")
    yield from ended(d, 4, 11)


def kind(d: Desk) -> Steps:
    """Kind words first; help when the customer came back."""
    yield d.soon()
    d.look()
    d.reply(words="I am so sorry about this, and I understand how frustrating it is. Thank you for your patience.")
    yield d.on(1, 10)
    d.says("That is kind, but where is my money?")
    yield d.soon()
    d.look()
    d.reply()
    yield from ended(d, 3, 10, "Paid")


def undated(d: Desk) -> Steps:
    """A promise that names no day."""
    yield d.soon()
    d.look()
    d.reply("I will get back to you as soon as possible.")
    yield from ended(d, 2, 11, "Paid")


def failed(d: Desk) -> Steps:
    """The bank sent it back; finance pays again; the case goes to a colleague meanwhile."""
    yield d.soon()
    d.look()
    due = d.on(3, 12, 0)
    d.reply(f"Finance will send it again by {d.day_words(due)}.", due=due, keeps="refund.paid",
            what="Send the refund again")  # fmt: skip
    yield d.on(1, 9)
    d.hand("tom" if d.rep != "tom" else "dana", "Off tomorrow; finance pays again on the next day")
    yield from ended(d, 3, 9, "Paid again")


def uninspected(d: Desk) -> Steps:
    """The warehouse was late, and so was what we had promised for it."""
    yield d.soon()
    d.look()
    due = d.on(1, 16, 0)
    d.reply(f"The warehouse will inspect it by {d.day_words(due)}.", due=due, keeps="return.inspected",
            what="Have the return inspected")  # fmt: skip
    yield d.on(2, 11)
    d.says("Has it been inspected now?")
    yield d.soon()
    d.look()
    d.reply("The warehouse is three days behind, which we learned only this morning.")
    yield d.on(3, 15)
    d.look()
    d.reply()
    yield from ended(d, 5, 10, "Inspected and paid, late")


def disagree(d: Desk) -> Steps:
    """The shop says refunded, finance knows of nothing, until it pays."""
    yield d.soon()
    d.look()
    due = d.on(2, 18, 0)
    d.reply(words=f"Two of our systems disagree. I have asked finance which is right and will write to you by"
            f" {d.day_words(due)}.", due=due, what="Write which system is right",
            why="What the shop says is in doubt")  # fmt: skip
    yield d.on(2, 17, 5)
    d.look()
    d.reply()
    promise = d.promise_open()
    if promise is not None:
        services.commitment_keep(commitment=promise, why="Written today: finance has paid", actor=d.me)
    yield d.on(3, 9)
    d.close("Finance paid; the shop has corrected its note")


def corrected(d: Desk) -> Steps:
    """What was told holds no longer: finance takes the label off. Found, and put right."""
    yield d.soon()
    d.look()
    due = d.on(3, 12, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Write when it is paid")
    yield d.on(1, 17)
    d.news()
    yield d.on(2, 9)
    d.look()
    d.reply("The amount has changed since I wrote to you: the return label was taken off.",
            why="This says what has changed")  # fmt: skip
    yield from ended(d, 3, 10, "Paid, with the label taken off")


def caught(d: Desk) -> Steps:
    """A wrong amount is written, and left out when the warning comes."""
    yield d.soon()
    d.look()
    wrong = d.told.story.refunds[0].amount + 10
    d.reply(words=f"We have paid you back €{wrong}.")
    d.close()


def overridden(d: Desk) -> Steps:
    """Words that no fact backs are sent all the same, with a reason."""
    yield d.soon()
    d.look()
    d.reply("Your invoice was sent, too.", why="Sent by hand this morning; finance knows of no invoices")
    d.close()


def withdrawn(d: Desk) -> Steps:
    """A reply is taken back before it leaves, and another one goes."""
    yield d.soon()
    d.look()
    d.channel = "email"
    sent = d.reply("By the way, the boots are on sale now.", undo_s=30)
    d.pause(8)
    services.message_withdraw(statement=sent, actor=d.me)
    d.reply()
    yield from ended(d, 2, 10, "Paid")


def passed_on(d: Desk) -> Steps:
    """From hand to hand: three transfers, and a customer who tells everything again."""
    yield d.soon()
    d.look()
    d.hand("tom" if d.rep != "tom" else "dana", "Finance does not answer me")
    d.look()
    d.reply()
    yield d.on(1, 11)
    d.hand("amir", "On leave from tomorrow")
    yield d.on(2, 10)
    d.says("Whom do I ask now?")
    yield d.later(70)
    d.look()
    d.hand("dana", "Knows this customer")
    d.look()
    due = d.on(4, 16, 0)
    d.reply(f"I will write to you by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Write when it is paid")
    yield from ended(d, 4, 9, "Paid")


def outage(d: Desk) -> Steps:
    """Finance can't be reached: the picture has a hole, and what is said rests on what was known before."""
    yield d.soon()
    d.look()
    d.reply(words="I am looking into it. Could you tell me whether the card on your account has changed?")
    yield d.later(170)
    d.says("No, it is the same card.")
    yield d.soon()
    d.look(down=("finance",))
    d.reply(words=f"Your refund of €{d.told.story.refunds[0].amount} is approved.", down=("finance",),
            why="Finance said so three hours ago")  # fmt: skip
    yield d.later(140)
    d.look(down=("finance",))
    yield from ended(d, 2, 11, "Paid")


def again(d: Desk) -> Steps:
    """Closed too early: the customer opens another case about the same order."""
    yield d.soon()
    d.look()
    d.reply()
    d.close()
    yield d.on(1, 14)
    d.open_again("You wrote to me yesterday, and there is no money on my account.")
    yield d.soon()
    d.look()
    d.reply()
    yield from ended(d, 3, 9, "Paid")


def lost_parcel(d: Desk) -> Steps:
    """Refunded without a return; the case goes to the team that can."""
    yield d.soon()
    d.look()
    due = d.on(3, 12, 0)
    d.reply(f"Finance will send the money by {d.day_words(due)}.", due=due, keeps="refund.paid", what="Send the refund")
    d.hand("tom" if d.rep != "tom" else "dana", "The refund is for your team")
    yield from ended(d, 3, 9, "Paid")
