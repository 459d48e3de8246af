"""Addresses of the office."""

from django.urls import path

from projects.office.views import certificates, checklists, custody, manifests, payments

app_name = "office"
urlpatterns = [
    path("checklists/", checklists.checklists, name="checklists"),
    path("custody/<str:code>/", custody.custody, name="custody"),
    path("custody/<str:code>/bags/", custody.fill_bags_page, name="fill_bags"),
    path("custody/<str:code>/labels/", custody.labels, name="labels"),
    path("custody/<str:code>/manifest/", manifests.draft_manifest_page, name="draft_manifest"),
    path("items/<int:pk>/", custody.custody_item, name="custody_item"),
    path("items/<int:pk>/return/", custody.return_bag_page, name="return_bag"),
    path("custody/<str:code>/units/<int:pk>/", certificates.certificates, name="certificates"),
    path("custody/<str:code>/units/<int:pk>/note/", certificates.note_certificate, name="note_certificate"),
    path("custody/<str:code>/units/<int:pk>/hand-over/", certificates.hand_over, name="hand_over"),
    path("money/<str:code>/", payments.money, name="money"),
    path("money/<str:code>/remit/", payments.remit_payments_page, name="remit_payments"),
    path("money/<str:code>/units/<int:pk>/", payments.note_payment_page, name="note_payment"),
    path("certificates/", certificates.waiting, name="waiting_certificates"),
    path("blanks/", certificates.blanks, name="blanks"),
    path("blanks/new/", certificates.take_in_blanks_page, name="take_in_blanks"),
    path("blanks/spoil/", certificates.spoil_blank_page, name="spoil_blank"),
    path("blanks/destroy/", certificates.destroy_blanks_page, name="destroy_blanks"),
    path("manifests/", manifests.manifests, name="manifests"),
    path("manifests/<int:pk>/", manifests.manifest, name="manifest"),
    path("manifests/<int:pk>/held/", manifests.list_held, name="list_held"),
    path("manifests/<int:pk>/send/", manifests.send_manifest_page, name="send_manifest"),
    path("manifests/<int:pk>/sign/", manifests.sign_manifest_page, name="sign_manifest"),
    path("manifests/<int:pk>/withdraw/", manifests.withdraw_manifest_page, name="withdraw_manifest"),
    path("manifests/<int:pk>/lines/<int:position>/strike/", manifests.strike_line_page, name="strike_line"),
    path("manifests/<int:pk>/lines/<int:position>/account/", manifests.account_for_line_page, name="account_for_line"),
]
