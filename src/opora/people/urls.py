"""Addresses of people; an invited person comes in by ``join``."""

from django.urls import path

from opora.people import joining, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/new/", views.new, name="new"),
    path("people/import/", views.import_table, name="import"),
    path("people/import/load/", views.load_table, name="load"),
    path("people/invite/", views.invite_many, name="invite_many"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/forget/", views.forget, name="forget"),
    path("appointments/<int:pk>/end/", views.end, name="end"),
    path("appointments/<int:pk>/deputy/", views.deputy, name="deputy"),
    path("appointments/<int:pk>/invite/", views.invite_one, name="invite"),
    path("deputyships/<int:pk>/end/", views.end_deputy, name="end_deputy"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/viewers/", views.order_viewers, name="order_viewers"),
    path("join/", joining.code, name="code"),
    path("join/<str:secret>/", joining.join, name="join"),
]
