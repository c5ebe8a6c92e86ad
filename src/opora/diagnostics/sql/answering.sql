-- What a link asks, for whoever has its token. Nobody needs an account.
CREATE FUNCTION opora_survey(given text)
RETURNS TABLE (form text, way text, school text, title text, state text, opens_on date, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.form, l.way, coalesce(nullif(s.short_name, ''), s.name), c.title, c.state, c.opens_on,
         coalesce(c.closed_on, c.closes_on)
  FROM diagnostics_surveylink l
  JOIN diagnostics_campaign c ON c.id = l.campaign_id
  JOIN registry_school s ON s.id = l.school_id
  WHERE l.token = given
$$;

-- Takes a sheet once. A code is used, or a receipt kept, and the sheet waits, in one statement's transaction.
-- The same receipt again is the same sheet again: its device did not hear that it was taken.
-- Answers: taken, again, used (the code opened another sheet), no_code, early, over, unknown.
CREATE FUNCTION opora_answer(given text, code text, called text, sheet jsonb, today date, grace integer)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  at record;
  before text;
BEGIN
  SELECT l.id, l.way, c.state, c.opens_on, coalesce(c.closed_on, c.closes_on) + grace AS last_on INTO at
  FROM diagnostics_surveylink l JOIN diagnostics_campaign c ON c.id = l.campaign_id
  WHERE l.token = given;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  IF at.way = 'codes' THEN
    SELECT receipt INTO before FROM diagnostics_answercode WHERE link_id = at.id AND digest = code FOR UPDATE;
    IF NOT FOUND THEN
      RETURN 'no_code';
    ELSIF before = called THEN
      RETURN 'again';
    ELSIF before <> '' THEN
      RETURN 'used';
    END IF;
  ELSIF EXISTS (SELECT FROM diagnostics_receipt WHERE link_id = at.id AND digest = called) THEN
    RETURN 'again';
  END IF;
  IF at.state = 'draft' OR today < at.opens_on THEN
    RETURN 'early';
  ELSIF today > at.last_on THEN
    RETURN 'over';
  END IF;
  IF at.way = 'codes' THEN
    UPDATE diagnostics_answercode SET receipt = called WHERE link_id = at.id AND digest = code;
  ELSE
    INSERT INTO diagnostics_receipt (link_id, digest) VALUES (at.id, called) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RETURN 'again';
    END IF;
  END IF;
  INSERT INTO diagnostics_waitingsheet (link_id, answers) VALUES (at.id, sheet);
  RETURN 'taken';
END $$;

-- Puts waiting sheets among the others of their link, in an order by chance, where at least so many wait; those
-- of links whose campaign has ended, however few: nothing else will come; and those of questionnaires that one
-- person answers for an office, who is known anyway. One at a time: two at once could move
-- a sheet by itself. Answers how many sheets were moved.
CREATE FUNCTION opora_mix_sheets(together integer, today date, grace integer, offices text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  moved bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7004::bigint << 40);
  WITH ready AS (
    SELECT w.link_id FROM diagnostics_waitingsheet w
    JOIN diagnostics_surveylink l ON l.id = w.link_id
    JOIN diagnostics_campaign c ON c.id = l.campaign_id
    GROUP BY w.link_id
    HAVING count(*) >= together OR bool_and(l.form = ANY (offices)) OR bool_and(today > coalesce(c.closed_on, c.closes_on) + grace)
  ), gone AS (
    DELETE FROM diagnostics_waitingsheet WHERE link_id IN (SELECT link_id FROM ready)
    RETURNING link_id, answers
  ), put AS (
    INSERT INTO diagnostics_sheet (id, link_id, answers)
    SELECT gen_random_uuid(), link_id, answers FROM gone ORDER BY gen_random_uuid()
    RETURNING 1
  )
  SELECT count(*) INTO moved FROM put;
  RETURN moved;
END $$;

-- How many codes each link has and how many people answered there: numbers, never which. Only of links that lie
-- in the territory of who asks, or to a program that acts as nobody.
CREATE FUNCTION opora_answered(links bigint[])
RETURNS TABLE (link bigint, codes bigint, answered bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.id,
         (SELECT count(*) FROM diagnostics_answercode a WHERE a.link_id = l.id),
         (SELECT count(*) FROM diagnostics_answercode a WHERE a.link_id = l.id AND a.receipt <> '')
         + (SELECT count(*) FROM diagnostics_receipt r WHERE r.link_id = l.id)
  FROM diagnostics_surveylink l
  WHERE l.id = ANY (links) AND (
    current_setting('role') = 'none' OR opora_country()
    OR l.region_id = ANY (opora_regions()) OR l.municipality_id = ANY (opora_municipalities())
    OR l.school_id = ANY (opora_schools()))
$$;

-- Forgets the links and codes of a campaign that never began, where nobody can have answered; only of one that
-- lies in the territory of who asks.
CREATE FUNCTION opora_forget_links(of_campaign bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM diagnostics_answercode a USING diagnostics_surveylink l, diagnostics_campaign c
  WHERE a.link_id = l.id AND l.campaign_id = c.id AND c.id = of_campaign AND c.state = 'draft' AND (
    current_setting('role') = 'none' OR opora_country() OR c.region_id = ANY (opora_regions())
    OR c.municipality_id = ANY (opora_municipalities()));
  DELETE FROM diagnostics_surveylink l USING diagnostics_campaign c
  WHERE l.campaign_id = c.id AND c.id = of_campaign AND c.state = 'draft' AND (
    current_setting('role') = 'none' OR opora_country() OR c.region_id = ANY (opora_regions())
    OR c.municipality_id = ANY (opora_municipalities()))
$$;

-- What pages may do: call these. The tables behind them are closed to them.
REVOKE ALL ON FUNCTION opora_survey(text), opora_answer(text, text, text, jsonb, date, integer),
  opora_mix_sheets(integer, date, integer, text[]), opora_answered(bigint[]), opora_forget_links(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_survey(text), opora_answer(text, text, text, jsonb, date, integer),
  opora_mix_sheets(integer, date, integer, text[]), opora_answered(bigint[]), opora_forget_links(bigint) TO opora_app;
REVOKE ALL ON diagnostics_sheet, diagnostics_waitingsheet, diagnostics_receipt, diagnostics_answercode,
  diagnostics_countedgroups FROM opora_app;
GRANT INSERT, SELECT (id) ON diagnostics_answercode TO opora_app;
