"""The form of a list's next step: when it is shown, agreed, published; one form on the page at a time."""

from datetime import date

from django.forms import Form

from opora.accounts.requests import SignedIn
from opora.identification.actions import agree_list, publish_list, send_for_agreement
from opora.identification.forms import OrderForm, SendForm
from opora.identification.models import Run
from opora.language import _


class StepForms:
    """What may be sent from the page of a run; ``step`` in what was sent says which step is meant."""

    def __init__(self, request: SignedIn, run: Run, today: date) -> None:
        self.run, self.by = run, request.user
        self.step = request.POST.get("step", "") if request.method == "POST" else ""
        sent = {name: request.POST if self.step == name else None for name in ("send", "publish")}
        self.send = SendForm(sent["send"], today=today)
        self.publish = OrderForm(sent["publish"], request.FILES or None)

    def is_valid(self) -> bool:
        """Say whether the form that was sent is whole; an unknown step is none."""
        form: Form | None = {"send": self.send, "publish": self.publish}.get(self.step)
        return form.is_valid() if form else self.step == "agree"

    def take(self) -> str:
        """Take the step and answer what to say.

        Raises: CannotPublish.
        """
        if self.step == "send":
            send_for_agreement(self.run, self.send.cleaned_data["until"], self.by)
            return _("Перечень на согласовании: его видят школы и муниципалитеты")
        if self.step == "agree":
            agree_list(self.run, self.by)
            return _("Перечень согласован")
        told = self.publish.cleaned_data
        publish_list(
            self.run, told["number"], told["day"], self.by, valid_until=told["valid_until"], file=told["file"]
        )
        return _("Перечень утверждён")
