"""Addresses of quality checks."""

from django.urls import path

from opora.quality.checks import views as checks
from opora.quality.marks import views as marks
from opora.quality.repairs import views as repairs
from opora.quality.sheets import views as sheets

app_name = "quality"
urlpatterns = [
    path("quality/", checks.checks, name="checks"),
    path("quality/new/", checks.new_check, name="new_check"),
    path("quality/<int:pk>/", checks.check, name="check"),
    path("quality/<int:pk>/summary.<str:kind>", checks.summary, name="print_summary"),
    path("quality/<int:pk>/schools/<int:school>/", sheets.sheet, name="sheet"),
    path("quality/<int:pk>/schools/<int:school>/sheet.<str:kind>", sheets.printed, name="print_sheet"),
    path("quality/<int:pk>/schools/<int:school>/plan/", repairs.plan, name="plan"),
    path(
        "quality/<int:pk>/schools/<int:school>/plan/<str:criterion>/", repairs.new_repair, name="new_repair"
    ),
    path("quality/<int:pk>/schools/<int:school>/<str:section>/", sheets.section, name="section"),
    path("quality/repairs/<int:pk>/", repairs.repair, name="repair"),
    path("quality/schools/<int:school>/marks/", marks.marks, name="marks"),
    path("quality/<int:pk>/<str:to>/", checks.step, name="check_step"),
]
