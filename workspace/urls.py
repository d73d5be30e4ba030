"""Pages at the root, programs under /api/v1/."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("workspace.api.urls"):
    urlpatterns.append(path("api/v1/", include("workspace.api.urls")))
if find_spec("workspace.pages.urls"):
    urlpatterns.append(path("", include("workspace.pages.urls")))

handler400 = "workspace.pages.views.errors.bad_request"
handler403 = "workspace.pages.views.errors.forbidden"
handler404 = "workspace.pages.views.errors.not_found"
handler500 = "workspace.pages.views.errors.broken"
