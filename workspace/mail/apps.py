from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "workspace.mail"
    label = "mail"
