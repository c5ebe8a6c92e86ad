"""Addresses of diagnostics. Those who answer come by the short ones, without an account."""

from django.urls import path

from opora.diagnostics.answering import views as answering
from opora.diagnostics.campaigns import views
from opora.diagnostics.own_forms import views as own_forms
from opora.diagnostics.paper import views as paper
from opora.diagnostics.profiles import views as profiles
from opora.diagnostics.verification import views as verification

app_name = "diagnostics"
urlpatterns = [
    path("a/worker.js", answering.worker, name="worker"),
    path("a/<str:token>/", answering.answer, name="answer"),
    path("questionnaires/", own_forms.forms, name="forms"),
    path("questionnaires/new/", own_forms.bring, name="bring_form"),
    path("questionnaires/<str:name>/", own_forms.form, name="form"),
    path("questionnaires/<str:name>/form.xlsx", own_forms.workbook, name="workbook"),
    path("questionnaires/<str:name>/replace/", own_forms.replaced, name="replace_form"),
    path("questionnaires/<str:name>/<str:to>/", own_forms.step, name="form_step"),
    path("surveys/", views.campaigns, name="campaigns"),
    path("surveys/new/", views.new_campaign, name="new_campaign"),
    path("surveys/<int:pk>/", views.campaign, name="campaign"),
    path("surveys/<int:pk>/drop/", views.drop, name="drop_campaign"),
    path("surveys/<int:pk>/remind/", views.remind, name="remind"),
    path("surveys/<int:pk>/schools/<int:school>/", views.school, name="school"),
    path("surveys/<int:pk>/profiles/", profiles.profiles, name="profiles"),
    path("surveys/<int:pk>/profiles/<int:school>/", profiles.profile, name="profile"),
    path("surveys/<int:pk>/profiles/<int:school>/profile.<str:kind>", profiles.printed, name="print_profile"),
    path(
        "surveys/<int:pk>/profiles/<int:school>/verification/", verification.verification, name="verification"
    ),
    path(
        "surveys/<int:pk>/profiles/<int:school>/self-diagnosis.<str:kind>",
        verification.self_diagnosis,
        name="self_diagnosis",
    ),
    path("surveys/<int:pk>/<str:to>/", views.step, name="campaign_step"),
    path("surveys/links/<int:pk>/paper.pdf", paper.printed, name="paper_form"),
    path("surveys/links/<int:pk>/paper/", paper.paper, name="paper"),
    path("surveys/packs/<int:pk>/", paper.pack, name="pack"),
    path("surveys/packs/<int:pk>/sheets/<int:number>/<str:turn>/", paper.sheet, name="sheet"),
    path("surveys/links/<int:pk>/codes.pdf", views.printed, name="codes"),
    path("surveys/links/<int:pk>/<str:what>/", views.hand_out, name="hand_out"),
]
