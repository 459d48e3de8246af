"""Addresses of the office."""

from django.urls import path

from projects.office.views import board, checklists, counter, custody, manifests, queue

app_name = "office"
urlpatterns = [
    path("checklists/", checklists.checklists, name="checklists"),
    path("custody/<str:code>/", custody.custody, name="custody"),
    path("custody/<str:code>/bags/", custody.fill_bags_page, name="fill_bags"),
    path("custody/<str:code>/labels/", custody.labels, name="labels"),
    path("custody/<str:code>/manifest/", manifests.draft_manifest_page, name="draft_manifest"),
    path("items/<int:pk>/", custody.custody_item, name="custody_item"),
    path("items/<int:pk>/return/", custody.return_bag_page, name="return_bag"),
    path("manifests/", manifests.manifests, name="manifests"),
    path("manifests/<int:pk>/", manifests.manifest, name="manifest"),
    path("manifests/<int:pk>/held/", manifests.list_held, name="list_held"),
    path("manifests/<int:pk>/send/", manifests.send_manifest_page, name="send_manifest"),
    path("manifests/<int:pk>/sign/", manifests.sign_manifest_page, name="sign_manifest"),
    path("manifests/<int:pk>/withdraw/", manifests.withdraw_manifest_page, name="withdraw_manifest"),
    path("manifests/<int:pk>/lines/<int:position>/strike/", manifests.strike_line_page, name="strike_line"),
    path("manifests/<int:pk>/lines/<int:position>/account/", manifests.account_for_line_page, name="account_for_line"),
    path("<str:code>/", counter.counter, name="counter"),
    path("<str:code>/board/", board.board, name="board"),
    path("<str:code>/board/sheet/", board.fallback_sheet, name="sheet"),
    path("<str:code>/queue/", queue.office_queue, name="queue"),
    path("<str:code>/queue/screen/", queue.waiting_screen, name="screen"),
    path("<str:code>/queue/shut/", queue.shut_day_page, name="shut"),
    path("<str:code>/queue/tickets/<int:pk>/", queue.ticket_step, name="ticket"),
    path("<str:code>/queue/bookings/<int:pk>/", queue.keep_booking, name="keep_booking"),
    path("<str:code>/queue/bookings/<int:pk>/end/", queue.end_booking_page, name="end_booking"),
    path("<str:code>/calls/", queue.calls, name="calls"),
    path("<str:code>/calls/<int:pk>/", queue.call_page, name="call"),
    path("<str:code>/calls/<int:pk>/book/", queue.book_page, name="book"),
    path("<str:code>/calls/<int:pk>/prefer/", queue.prefer_page, name="prefer"),
    path("<str:code>/order/", queue.fair_order, name="order"),
    path("<str:code>/order/<int:pk>/end/", queue.end_preference_page, name="end_preference"),
    path("<str:code>/scan/", counter.scan, name="scan"),
    path("<str:code>/family/<int:pk>/", counter.family, name="family"),
    path("<str:code>/family/<int:pk>/join/", counter.join_family, name="join"),
    path("<str:code>/family/<int:pk>/facts/", counter.family_facts, name="facts"),
    path("<str:code>/family/<int:pk>/part/<int:link>/", counter.part_family, name="part"),
    path("<str:code>/visits/<int:pk>/", counter.visit, name="visit"),
]
