"""Reviews: found by rule, taken by one, signed off by one, answered by whoever is reviewed."""

from cases.services.reviewing.answering import review_answer, review_decide
from cases.services.reviewing.claiming import review_next, review_take
from cases.services.reviewing.sampling import reviews_sweep
from cases.services.reviewing.signing import review_sign

__all__ = ["review_answer", "review_decide", "review_next", "review_sign", "review_take", "reviews_sweep"]
