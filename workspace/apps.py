from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkspaceConfig(AppConfig):
    name = "workspace"
    verbose_name = "Workspace"

    def ready(self) -> None:
        from workspace import checks  # noqa: F401  (registers the system checks)
        from workspace.roles import rights_apply

        post_migrate.connect(rights_apply, dispatch_uid="workspace.roles")
