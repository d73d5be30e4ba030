"""What runs on the event loop: streams, and answers that wait."""

import re

from workspace.live.holding import ANSWER, answer
from workspace.live.sse import STREAM, stream

routes: list[tuple[re.Pattern[str], object]] = [(STREAM, stream), (ANSWER, answer)]
