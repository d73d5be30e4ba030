from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "workspace.pages"
    label = "pages"
