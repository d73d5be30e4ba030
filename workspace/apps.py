from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkspaceConfig(AppConfig):
    name = "workspace"
    verbose_name = "Workspace"

    def ready(self) -> None:
        # Registers the system checks, and the application that tasks are rung through.
        from workspace import celery, checks, erasing  # noqa: F401
        from workspace.env import env
        from workspace.roles import rights_apply
        from workspace.tracing import tracing_start

        tracing_start(env().otel_exporter_otlp_endpoint)
        post_migrate.connect(rights_apply, dispatch_uid="workspace.roles")
