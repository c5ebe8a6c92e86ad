-- Paper sheets: codes that are set aside for them, who types them, and how a pack is handed in.

-- As answering.sql has it, but for one line: a code that is set aside for paper opens nothing.
CREATE OR REPLACE FUNCTION opora_answer(given text, code text, called text, sheet jsonb, today date, grace integer)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  at record;
  own record;
BEGIN
  SELECT l.id, l.way, c.state, c.opens_on, coalesce(c.closed_on, c.closes_on) + grace AS last_on INTO at
  FROM diagnostics_surveylink l JOIN diagnostics_campaign c ON c.id = l.campaign_id
  WHERE l.token = given;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  IF at.way = 'codes' THEN
    SELECT receipt, on_paper INTO own FROM diagnostics_answercode
    WHERE link_id = at.id AND digest = code FOR UPDATE;
    IF NOT FOUND THEN
      RETURN 'no_code';
    ELSIF own.on_paper THEN
      RETURN 'used';
    ELSIF own.receipt = called THEN
      RETURN 'again';
    ELSIF own.receipt <> '' THEN
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

-- Whether who acts may see and type single sheets: pupils' and parents' those who run surveys at the school,
-- and its municipality; teachers' (outside) the curator, the municipality and the region, and nobody who also
-- works at that school. The same roles stand in MAY of access.py; a test holds the two together.
CREATE FUNCTION opora_enters_paper(in_region text, in_municipality bigint, at_school bigint, outside boolean)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH held AS (
    SELECT a.* FROM registry_appointment a WHERE a.person_id = opora_person()
    UNION ALL
    SELECT a.* FROM registry_deputyship d JOIN registry_appointment a ON a.id = d.appointment_id
    WHERE d.deputy_id = opora_person()
      AND (now() AT TIME ZONE 'Europe/Moscow')::date BETWEEN d.since AND d.until
  ), here AS (
    SELECT role FROM held
    WHERE since <= (now() AT TIME ZONE 'Europe/Moscow')::date
      AND (until IS NULL OR until >= (now() AT TIME ZONE 'Europe/Moscow')::date)
      AND (region_id = in_region OR municipality_id = in_municipality OR school_id = at_school)
  )
  SELECT CASE WHEN outside
    THEN EXISTS (SELECT FROM here WHERE role IN ('curator', 'municipal_coordinator', 'regional_coordinator'))
         AND NOT EXISTS (SELECT FROM here WHERE role IN ('director', 'school_team', 'psychologist'))
    ELSE EXISTS (SELECT FROM here
                 WHERE role IN ('director', 'school_team', 'psychologist', 'municipal_coordinator'))
  END
$$;

-- How many codes of each link are set aside for paper, how many of them sheets have used up, and the numbers of
-- those that are set aside: no invitation is printed with them. Only of links in the territory of who asks.
CREATE FUNCTION opora_on_paper(links bigint[])
RETURNS TABLE (link bigint, aside bigint, taken bigint, numbers integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT l.id, count(a.id), count(a.id) FILTER (WHERE a.receipt <> ''),
         coalesce(array_agg(a.number ORDER BY a.number) FILTER (WHERE a.id IS NOT NULL), '{}')
  FROM diagnostics_surveylink l
  LEFT JOIN diagnostics_answercode a ON a.link_id = l.id AND a.on_paper
  WHERE l.id = ANY (links) AND (
    current_setting('role') = 'none' OR opora_country()
    OR l.region_id = ANY (opora_regions()) OR l.municipality_id = ANY (opora_municipalities())
    OR l.school_id = ANY (opora_schools()))
  GROUP BY l.id
$$;

-- Sets so many codes of a link aside for paper: the last free ones, whose invitations are printed last; or gives
-- some back. Answers: done, few (fewer are free), taken (sheets have used up more), unknown.
CREATE FUNCTION opora_set_aside(of_link bigint, wanted integer) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  aside integer;
  used integer;
BEGIN
  PERFORM FROM diagnostics_surveylink l
  WHERE l.id = of_link AND l.way = 'codes' AND (
    current_setting('role') = 'none' OR opora_country()
    OR l.region_id = ANY (opora_regions()) OR l.municipality_id = ANY (opora_municipalities())
    OR l.school_id = ANY (opora_schools()))
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  PERFORM FROM diagnostics_answercode WHERE link_id = of_link ORDER BY id FOR UPDATE;  -- nobody answers meanwhile
  SELECT count(*), count(*) FILTER (WHERE receipt <> '') INTO aside, used
  FROM diagnostics_answercode WHERE link_id = of_link AND on_paper;
  IF wanted < used THEN
    RETURN 'taken';
  ELSIF wanted - aside > (SELECT count(*) FROM diagnostics_answercode
                          WHERE link_id = of_link AND NOT on_paper AND receipt = '') THEN
    RETURN 'few';
  END IF;
  UPDATE diagnostics_answercode SET on_paper = true WHERE id IN (
    SELECT id FROM diagnostics_answercode WHERE link_id = of_link AND NOT on_paper AND receipt = ''
    ORDER BY number DESC LIMIT greatest(wanted - aside, 0));
  UPDATE diagnostics_answercode SET on_paper = false WHERE id IN (
    SELECT id FROM diagnostics_answercode WHERE link_id = of_link AND on_paper AND receipt = ''
    ORDER BY number LIMIT greatest(aside - wanted, 0));
  RETURN 'done';
END $$;

-- Hands a pack in, once: its sheets wait among those that came by phone, in an order by chance; codes that were
-- set aside are used up, or receipts by chance are kept; and what was typed is deleted, with its numbers and with
-- who typed it. All in one transaction: nothing is left of which sheet was which.
-- Answers: taken, again, empty, undecided (a sheet is not typed twice or not agreed on), no_codes, early, over,
-- unknown.
CREATE FUNCTION opora_take_pack(of_pack bigint, today date, grace integer) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  pack record;
  at record;
  all_sheets integer;
  ready integer;
  free bigint[];
BEGIN
  SELECT p.* INTO pack FROM diagnostics_paperpack p
  WHERE p.id = of_pack AND (
    current_setting('role') = 'none' OR opora_enters_paper(p.region_id, p.municipality_id, p.school_id, p.outside))
  FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'unknown';
  ELSIF pack.finished_on IS NOT NULL THEN
    RETURN 'again';
  END IF;
  SELECT l.way, c.state, c.opens_on, coalesce(c.closed_on, c.closes_on) + grace AS last_on INTO at
  FROM diagnostics_surveylink l JOIN diagnostics_campaign c ON c.id = l.campaign_id
  WHERE l.id = pack.link_id FOR NO KEY UPDATE OF l;  -- one pack of a link at a time uses codes up
  IF at.state = 'draft' OR today < at.opens_on THEN
    RETURN 'early';
  ELSIF today > at.last_on THEN
    RETURN 'over';
  END IF;
  PERFORM FROM diagnostics_papersheet WHERE pack_id = of_pack ORDER BY id FOR UPDATE;
  SELECT count(*), count(decided) INTO all_sheets, ready FROM diagnostics_papersheet WHERE pack_id = of_pack;
  IF all_sheets = 0 THEN
    RETURN 'empty';
  ELSIF ready < all_sheets THEN
    RETURN 'undecided';
  END IF;
  IF at.way = 'codes' THEN
    SELECT array_agg(id) INTO free FROM (
      SELECT id FROM diagnostics_answercode WHERE link_id = pack.link_id AND on_paper AND receipt = ''
      ORDER BY id LIMIT all_sheets) AS found;
    IF coalesce(cardinality(free), 0) < all_sheets THEN
      RETURN 'no_codes';
    END IF;
    UPDATE diagnostics_answercode SET receipt = replace(gen_random_uuid()::text, '-', '') WHERE id = ANY (free);
  ELSE
    INSERT INTO diagnostics_receipt (link_id, digest)
    SELECT pack.link_id, replace(gen_random_uuid()::text, '-', '') FROM generate_series(1, all_sheets);
  END IF;
  INSERT INTO diagnostics_waitingsheet (link_id, answers)
  SELECT pack.link_id, decided FROM diagnostics_papersheet WHERE pack_id = of_pack ORDER BY gen_random_uuid();
  UPDATE diagnostics_paperpack p SET finished_on = today, sheets = all_sheets,
    entered = (SELECT sum(s.entered) FROM diagnostics_papersheet s WHERE s.pack_id = of_pack),
    differing = (SELECT sum(s.differing) FROM diagnostics_papersheet s WHERE s.pack_id = of_pack)
  WHERE p.id = of_pack;
  DELETE FROM diagnostics_papersheet WHERE pack_id = of_pack;
  RETURN 'taken';
END $$;

-- Forgets what was typed and not handed in while it could be: single sheets lie nowhere longer than they must.
-- Answers how many sheets that were.
CREATE FUNCTION opora_forget_packs(today date, grace integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM diagnostics_papersheet s USING diagnostics_paperpack p, diagnostics_surveylink l, diagnostics_campaign c
  WHERE s.pack_id = p.id AND p.link_id = l.id AND l.campaign_id = c.id
    AND today > coalesce(c.closed_on, c.closes_on) + grace;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM diagnostics_paperpack p USING diagnostics_surveylink l, diagnostics_campaign c
  WHERE p.finished_on IS NULL AND p.link_id = l.id AND l.campaign_id = c.id
    AND today > coalesce(c.closed_on, c.closes_on) + grace;
  RETURN gone;
END $$;

REVOKE ALL ON FUNCTION opora_enters_paper(text, bigint, bigint, boolean), opora_on_paper(bigint[]),
  opora_set_aside(bigint, integer), opora_take_pack(bigint, date, integer), opora_forget_packs(date, integer)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_enters_paper(text, bigint, bigint, boolean), opora_on_paper(bigint[]),
  opora_set_aside(bigint, integer), opora_take_pack(bigint, date, integer), opora_forget_packs(date, integer)
  TO opora_app;
