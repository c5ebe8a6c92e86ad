"""Addresses of identification."""

from django.urls import path

from opora.identification import views

app_name = "identification"
urlpatterns = [
    path("", views.home, name="home"),
    path("territory/<str:code>/", views.territory, name="territory"),
    path("list/", views.schools, name="list"),
    path("schools/<int:pk>/", views.school, name="school"),
    path("schools/<int:pk>/viewers/", views.school_viewers, name="school_viewers"),
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.new_run, name="new_run"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/viewers/", views.run_viewers, name="run_viewers"),
    path("runs/<int:pk>/compare/", views.compare, name="compare"),
    path("runs/<int:pk>/order/", views.run_order, name="run_order"),
    path("runs/<int:pk>/schools/<int:school>/object/", views.object_to, name="object"),
    path("runs/<int:pk>/schools/<int:school>/amend/", views.amend, name="amend"),
    path("objections/<int:pk>/", views.objection, name="objection"),
    path("runs/<int:pk>/log/", views.run_log, name="run_log"),
]
