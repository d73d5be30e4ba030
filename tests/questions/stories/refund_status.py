"""Where is my refund?"""

from tests.questions.test_situations import STORIES

QUESTION = "refund-status"
__all__ = ["QUESTION", "STORIES"]
