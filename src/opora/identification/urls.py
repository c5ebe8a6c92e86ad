"""Addresses of identification."""

from django.urls import path

from opora.identification import views
from opora.identification.choosing import views as choosing
from opora.identification.context import views as context
from opora.identification.exporting import views as exporting
from opora.identification.signs import views as signs
from opora.identification.what_if import views as what_if

app_name = "identification"
urlpatterns = [
    path("", views.home, name="home"),
    path("territory/<str:code>/", views.territory, name="territory"),
    path("list/", views.schools, name="list"),
    path("schools/<int:pk>/", views.school, name="school"),
    path("schools/<int:pk>/viewers/", views.school_viewers, name="school_viewers"),
    path("schools/<int:pk>/signs/", signs.school_signs, name="school_signs"),
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.new_run, name="new_run"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/viewers/", views.run_viewers, name="run_viewers"),
    path("runs/<int:pk>/compare/", views.compare, name="compare"),
    path("runs/<int:pk>/order/", views.run_order, name="run_order"),
    path("runs/<int:pk>/export/", exporting.export, name="export"),
    path("runs/<int:pk>/context/", context.context, name="context"),
    path("runs/<int:pk>/signs/", signs.signs, name="signs"),
    path("runs/<int:pk>/what-if/", what_if.what_if, name="what_if"),
    path("runs/<int:pk>/what-if/numbers/", what_if.numbers, name="what_if_numbers"),
    path("runs/<int:pk>/what-if/stabilised/", what_if.stabilised, name="stabilised"),
    path("runs/<int:pk>/what-if/scenarios/", what_if.save, name="save_scenario"),
    path("scenarios/<int:pk>/drop/", what_if.drop, name="drop_scenario"),
    path("runs/<int:pk>/choices/", choosing.choices, name="choices"),
    path("choices/<int:pk>/", choosing.choice, name="choice"),
    path("choices/<int:pk>/fix/", choosing.fix, name="fix_participant"),
    path("choices/<int:pk>/drop/", choosing.drop, name="drop_choice"),
    path("runs/<int:pk>/what-if/draft/", what_if.draft, name="what_if_draft"),
    path("runs/<int:pk>/schools/<int:school>/object/", views.object_to, name="object"),
    path("runs/<int:pk>/schools/<int:school>/amend/", views.amend, name="amend"),
    path("objections/<int:pk>/", views.objection, name="objection"),
    path("runs/<int:pk>/log/", views.run_log, name="run_log"),
]
