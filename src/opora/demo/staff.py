"""What happens among the people of the demo: an order, a deputy, an invitation, somebody who has left."""

from datetime import date, timedelta

from opora.accounts.actions import add_person
from opora.accounts.models import User
from opora.demo.order_file import order_file
from opora.language import _
from opora.people.actions import invite
from opora.registry.actions import appoint, end_appointment, keep_order, name_deputy
from opora.registry.models import Appointment, Region, School
from opora.registry.roles import Role


def live(region: Region, school: School, coordinator: User, today: date, domain: str) -> None:
    """Let the coordinator appoint by an order, invite, and end; the curator stands in for a coordinator."""
    told = [
        _("Приказ № 17-К (выдуман для демонстрации)"),
        _("1. Назначить куратора и психолога школы, которая нуждается в поддержке."),
        _("2. Контроль за исполнением приказа оставляю за собой."),
    ]
    file = order_file(_("Приказ 17-К.docx"), told)
    order = keep_order("17-К", today, coordinator, region=region, file=file)
    newcomer = add_person(f"newcomer@{domain}", "Новосёлова Тамара Фёдоровна", None, coordinator)
    held = appoint(newcomer, Role.CURATOR, school=school, order=order, by=coordinator)
    invite(held, "letter", coordinator)
    uninvited = add_person(f"uninvited@{domain}", "Тетрадкина Софья Егоровна", None, coordinator)
    soon = today + timedelta(days=20)
    appoint(uninvited, Role.PSYCHOLOGIST, school=school, order=order, until=soon, by=coordinator)
    former = add_person(f"former@{domain}", "Каникулов Борис Ильич", None, coordinator)
    left = appoint(former, Role.CURATOR, school=school, since=today - timedelta(days=200), by=coordinator)
    end_appointment(left, today - timedelta(days=30), "переход в другую школу", coordinator, order)
    municipal = Appointment.objects.get(role=Role.MUNICIPAL_COORDINATOR, municipality__region=region)
    curator = User.objects.get(email=f"curator@{domain}")
    name_deputy(municipal, curator, today, today + timedelta(days=14), coordinator)
