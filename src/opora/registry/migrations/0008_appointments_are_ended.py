"""What no constraint of the framework says: no overlaps, nothing deleted, only an end changes."""

from typing import ClassVar

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

DAYS = "daterange(since, until + 1, '[)')"
PLACE = "coalesce(region_id, '') WITH =, coalesce(municipality_id, 0) WITH =, coalesce(school_id, 0) WITH ="

OVERLAPS = f"""
ALTER TABLE registry_appointment ADD CONSTRAINT appointments_of_a_person_do_not_overlap
  EXCLUDE USING gist (person_id WITH =, role WITH =, subject WITH =, {PLACE}, {DAYS} WITH &&);
ALTER TABLE registry_appointment ADD CONSTRAINT one_director_of_a_school_at_a_time
  EXCLUDE USING gist (school_id WITH =, {DAYS} WITH &&) WHERE (role = 'director');
ALTER TABLE registry_deputyship ADD CONSTRAINT one_deputy_at_a_time
  EXCLUDE USING gist (appointment_id WITH =, {DAYS} WITH &&);
"""
NO_OVERLAPS = """
ALTER TABLE registry_appointment DROP CONSTRAINT appointments_of_a_person_do_not_overlap;
ALTER TABLE registry_appointment DROP CONSTRAINT one_director_of_a_school_at_a_time;
ALTER TABLE registry_deputyship DROP CONSTRAINT one_deputy_at_a_time;
"""

KEPT = """
CREATE FUNCTION registry_row_is_ended_not_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'row_is_ended_not_deleted: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER appointment_is_ended_not_deleted BEFORE DELETE ON registry_appointment
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_ended_not_deleted();
CREATE TRIGGER deputyship_is_ended_not_deleted BEFORE DELETE ON registry_deputyship
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_ended_not_deleted();
CREATE TRIGGER order_is_kept BEFORE DELETE ON registry_order
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_ended_not_deleted();

CREATE FUNCTION registry_appointment_changes_only_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.person_id, NEW.role, NEW.region_id, NEW.municipality_id, NEW.school_id, NEW.subject, NEW.since)
     IS DISTINCT FROM
     (OLD.person_id, OLD.role, OLD.region_id, OLD.municipality_id, OLD.school_id, OLD.subject, OLD.since)
     OR (OLD.order_id IS NOT NULL AND NEW.order_id IS DISTINCT FROM OLD.order_id)
  THEN
    RAISE EXCEPTION 'appointment_changes_only_its_end' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER appointment_changes_only_its_end BEFORE UPDATE ON registry_appointment
  FOR EACH ROW EXECUTE FUNCTION registry_appointment_changes_only_its_end();

CREATE FUNCTION registry_deputyship_stands_in_its_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held registry_appointment;
BEGIN
  SELECT * INTO held FROM registry_appointment WHERE id = NEW.appointment_id;
  IF NEW.deputy_id = held.person_id OR NEW.since < held.since OR NEW.until > coalesce(held.until, NEW.until)
     OR (NEW.region_id, NEW.municipality_id, NEW.school_id)
        IS DISTINCT FROM (held.region_id, held.municipality_id, held.school_id)
  THEN
    RAISE EXCEPTION 'deputyship_stands_in_its_appointment' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deputyship_stands_in_its_appointment BEFORE INSERT OR UPDATE ON registry_deputyship
  FOR EACH ROW EXECUTE FUNCTION registry_deputyship_stands_in_its_appointment();
"""
NOT_KEPT = """
DROP TRIGGER appointment_is_ended_not_deleted ON registry_appointment;
DROP TRIGGER deputyship_is_ended_not_deleted ON registry_deputyship;
DROP TRIGGER order_is_kept ON registry_order;
DROP FUNCTION registry_row_is_ended_not_deleted();
DROP TRIGGER appointment_changes_only_its_end ON registry_appointment;
DROP FUNCTION registry_appointment_changes_only_its_end();
DROP TRIGGER deputyship_stands_in_its_appointment ON registry_deputyship;
DROP FUNCTION registry_deputyship_stands_in_its_appointment();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0007_people")]

    operations: ClassVar = [
        BtreeGistExtension(),
        migrations.RunSQL(OVERLAPS, NO_OVERLAPS),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
