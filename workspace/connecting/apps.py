from django.apps import AppConfig


class ConnectingConfig(AppConfig):
    name = "workspace.connecting"
