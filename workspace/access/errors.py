"""What rights refuse, in sentences."""


class AccessError(Exception):
    """What was asked for can't be done; says why and what to do. ``field`` names what was given wrongly."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


class NotYours(AccessError):
    """It needs another person: nobody grants access to themselves."""
