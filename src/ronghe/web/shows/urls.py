"""Addresses below /shows/."""

from __future__ import annotations

from django.urls import path

from ronghe.web.shows import campaign_views, card_views, wall_views

urlpatterns = [
    path("", campaign_views.campaign_list, name="shows"),
    path("new/", campaign_views.campaign_create, name="show_campaign_create"),
    path("<int:pk>/", campaign_views.campaign_detail, name="show_campaign"),
    path("<int:pk>/edit/", campaign_views.campaign_edit, name="show_campaign_edit"),
    path("<int:pk>/end/", campaign_views.campaign_end, name="show_campaign_end"),
    path("<int:pk>/print.<fileform:form>", campaign_views.campaign_print, name="show_campaign_print"),
    path("wall/", wall_views.promise_wall, name="promise_wall"),
    path("wall/export/", wall_views.wall_export, name="promise_wall_export"),
    path("wall/print.<fileform:form>", wall_views.wall_print, name="promise_wall_print"),
    path("wall/screen/", wall_views.wall_screen, name="promise_wall_screen"),
    path("standards/", card_views.standards, name="post_standards"),
    path("standards/set/", card_views.standard_set, name="post_standard_set"),
    path("card/", card_views.own_card, name="own_show_card"),
    path("card/agree/", card_views.agree, name="badge_agree"),
    path("card/withdraw/", card_views.withdraw, name="badge_withdraw"),
    path("people/<int:pk>/card/", card_views.card, name="show_card"),
    path("people/<int:pk>/badge/", card_views.badge_issue, name="badge_issue"),
    path("people/<int:pk>/badge.pdf", card_views.badge_print, name="badge_print"),
    path("people/<int:pk>/badge/renew/", card_views.badge_renew, name="badge_renew"),
    path("bodies/<int:pk>/badges/", card_views.badges_issue, name="badges_issue"),
    path("bodies/<int:pk>/badges.pdf", card_views.badges_print, name="badges_print"),
]
