"""Pages at the root, programs under /api/v1/, what sources send by themselves under /in/."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from workspace.inbound.views import door

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("workspace.api.urls")),
    re_path(r"^in/(?P<address>(?s:.*))$", door, name="inbound"),
    path("", include("workspace.pages.urls")),
]

handler400 = "workspace.pages.views.errors.bad_request"
handler403 = "workspace.pages.views.errors.forbidden"
handler404 = "workspace.pages.views.errors.not_found"
handler500 = "workspace.pages.views.errors.broken"
