"""Pages at the root, programs under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("workspace.api.urls")),
    path("", include("workspace.pages.urls")),
]

handler400 = "workspace.pages.views.errors.bad_request"
handler403 = "workspace.pages.views.errors.forbidden"
handler404 = "workspace.pages.views.errors.not_found"
handler500 = "workspace.pages.views.errors.broken"
