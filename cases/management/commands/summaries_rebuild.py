from typing import Any

from django.core.management.base import BaseCommand

from cases.services import summaries_rebuild


class Command(BaseCommand):
    help = "Make the queue's projection anew, from facts and events."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{summaries_rebuild()} cases read again.")
