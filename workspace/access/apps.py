from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "workspace.access"
    label = "access"
    verbose_name = "Rights and sign-in"
