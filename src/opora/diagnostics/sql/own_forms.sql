-- The text of a questionnaire that some territory brought, by its name, once it has been in force: whoever answers
-- has no account, and what people are asked is no secret. A draft is told to nobody.
CREATE FUNCTION opora_form(called text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT text FROM diagnostics_ownform WHERE name = called AND state <> 'draft'
$$;

-- The names of all own questionnaires that ask some groups: sheets of those that one person answers for an office
-- wait for nobody (answering.sql), in whatever territory.
CREATE FUNCTION opora_forms_for(groups text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT name FROM diagnostics_ownform WHERE audience = ANY (groups) AND state <> 'draft' ORDER BY name
$$;

-- What has been in force stays as it was: people have answered it. Only its state goes on, and never back.
CREATE FUNCTION opora_keep_own_form() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' AND current_setting('role') <> 'none' THEN
      RAISE EXCEPTION 'own form % has been in force', OLD.name USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state <> 'draft' AND (NEW.state = 'draft' OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')
     OR (NEW.name, NEW.text, NEW.digest, NEW.audience, NEW.region_id, NEW.municipality_id)
        IS DISTINCT FROM (OLD.name, OLD.text, OLD.digest, OLD.audience, OLD.region_id, OLD.municipality_id)) THEN
    RAISE EXCEPTION 'own form % has been in force', OLD.name USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER own_form_stays_as_it_was BEFORE UPDATE OR DELETE ON diagnostics_ownform
  FOR EACH ROW EXECUTE FUNCTION opora_keep_own_form();

REVOKE ALL ON FUNCTION opora_form(text), opora_forms_for(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_form(text), opora_forms_for(text[]) TO opora_app;
