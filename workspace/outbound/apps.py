from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "workspace.outbound"
    label = "outbound"
