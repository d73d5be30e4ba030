"""Routes of the pages. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import include, path, re_path

from workspace.metrics import metrics
from workspace.pages.views import acting, case, cases, owning, promises, sign, teams, verbs

urlpatterns = [
    path("", sign.home, name="home"),
    path("healthz", sign.healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("sign-in/", sign.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign.SignOut.as_view(), name="sign_out"),
    path("cases/", cases.queue, name="cases"),
    path("cases/matches", cases.matches, name="cases_matches"),
    path("cases/queue", cases.queue_part, name="cases_queue"),
    path("cases/stream", case.stream_elsewhere, name="cases_stream"),
    path("cases/find/", cases.find, name="cases_find"),
    path("cases/open/", cases.open_case, name="cases_open"),
    path("cases/next/", owning.next_one, name="cases_next"),
    path("cases/<str:reference>/", case.page, name="case"),
    path("cases/<str:reference>/live", case.live, name="case_live"),
    path("cases/<str:reference>/stream", case.stream_elsewhere, name="case_stream"),
    path("cases/<str:reference>/reply/", verbs.reply, name="case_reply"),
    path("cases/<str:reference>/verify/", verbs.verify, name="case_verify"),
    path("cases/<str:reference>/refs/", verbs.refs, name="case_refs"),
    path("cases/<str:reference>/refresh/", verbs.refresh, name="case_refresh"),
    path("cases/<str:reference>/close/", verbs.close, name="case_close"),
    path("cases/<str:reference>/reopen/", verbs.reopen, name="case_reopen"),
    path("cases/<str:reference>/promises/", promises.make, name="case_promise"),
    path("cases/<str:reference>/promises/read", promises.read, name="case_promises_read"),
    re_path(
        r"^cases/(?P<reference>[^/]+)/promises/(?P<id>[0-9]{1,18})/(?P<verb>keep|renegotiate|withdraw|break)/$",
        promises.answer, name="case_promise_answer",
    ),
    path("day/", promises.day, name="day"),
    path("day/live", promises.day_part, name="day_live"),
    path("day/bell", promises.bell, name="bell"),
    path("day/seen/", promises.seen, name="day_seen"),
    path("cases/<str:reference>/actions/", acting.actions, name="case_actions"),
    path("cases/<str:reference>/actions/<slug:source>/<slug:action>/", acting.act, name="case_act"),
    path("cases/<str:reference>/actions/<int:id>/", acting.again, name="case_act_again"),
    path("cases/<str:reference>/handover/", owning.handover, name="case_handover"),
    path("cases/<str:reference>/handover/<int:id>/", owning.answer, name="case_offer"),
    path("cases/<str:reference>/draft/", owning.draft, name="case_draft"),
    path("cases/<str:reference>/present", owning.present, name="case_present"),
    path("teams/", teams.teams, name="teams"),
    path("teams/add/", teams.team, name="team_add"),
    path("teams/<slug:name>/", teams.team, name="team"),
    path("teams/<slug:name>/members/", teams.member, name="team_member"),
    path("people/<str:username>/leave/", teams.leave, name="person_leave"),
    path("sources/", include("workspace.pages.sources.urls")),
    path("subscriptions/", include("workspace.pages.outbound.urls")),
]
