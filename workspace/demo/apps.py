from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Gives ``manage.py demo`` and ``manage.py facts_forget``; it has no tables."""

    name = "workspace.demo"
    label = "demo"
