-- The regions of whatever one was ever appointed to, helpers' places too: in their chains one's own deeds are
-- recorded. They open no row.
CREATE FUNCTION opora_own_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('own_regions'), ',') $$;

-- Derives the scope from the appointments in force today, one's own and those that one stands in for as a
-- deputy, those of one role where the person acts in one; answers all of them: the application reads no others.
-- The places of helpers (HELPERS of access.py) are left out of the scope: they are shown nothing of a school.
CREATE OR REPLACE FUNCTION opora_enter(who bigint, acting text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Europe/Moscow')::date;
  held jsonb;
BEGIN
  IF who IS NULL THEN  -- every request begins and ends so
    PERFORM set_config('opora.person', '', false), set_config('opora.country', '', false),
            set_config('opora.regions', '', false), set_config('opora.municipalities', '', false),
            set_config('opora.schools', '', false), set_config('opora.around_regions', '', false),
            set_config('opora.around_municipalities', '', false), set_config('opora.own_regions', '', false);
    RETURN '[]';
  END IF;
  WITH given AS (
    SELECT a.*, NULL::bigint AS behalf, '' AS behalf_name,
           a.since <= today AND (a.until IS NULL OR a.until >= today) AS in_force
    FROM registry_appointment a WHERE a.person_id = who
    UNION ALL
    SELECT a.*, a.person_id, p.full_name,
           a.since <= today AND (a.until IS NULL OR a.until >= today) AND d.since <= today AND d.until >= today
    FROM registry_deputyship d
    JOIN registry_appointment a ON a.id = d.appointment_id
    JOIN accounts_user p ON p.id = a.person_id
    WHERE d.deputy_id = who
  ), placed AS (
    SELECT g.id, g.role, g.region_id, g.municipality_id, g.school_id, r.name AS region, r.name_en AS region_en,
           m.name AS municipality, s.short_name, s.name AS school, g.behalf, g.behalf_name,
           coalesce(m.region_id, s.region_id) AS around_region, s.municipality_id AS around_municipality,
           g.in_force AND u.is_active AS is_now,
           coalesce(acting, '') IN ('', g.role)
             AND g.role NOT IN ('mentor_school', 'partner', 'student_intern') AS acted
    FROM given g
    JOIN accounts_user u ON u.id = who
    LEFT JOIN registry_region r ON r.code = g.region_id
    LEFT JOIN registry_municipality m ON m.id = g.municipality_id
    LEFT JOIN registry_school s ON s.id = g.school_id
  ), scope AS (
    SELECT
      CASE WHEN bool_or(num_nulls(region_id, municipality_id, school_id) = 3) FILTER (WHERE is_now AND acted)
           THEN 'yes' END AS country,
      string_agg(DISTINCT region_id, ',') FILTER (WHERE is_now AND acted) AS regions,
      string_agg(DISTINCT municipality_id::text, ',') FILTER (WHERE is_now AND acted) AS municipalities,
      string_agg(DISTINCT school_id::text, ',') FILTER (WHERE is_now AND acted) AS schools,
      string_agg(DISTINCT around_region, ',') FILTER (WHERE is_now AND acted) AS around_regions,
      string_agg(DISTINCT around_municipality::text, ',') FILTER (WHERE is_now AND acted)
        AS around_municipalities,
      string_agg(DISTINCT coalesce(region_id, around_region), ',') AS own_regions
    FROM placed
  ), entered AS MATERIALIZED (
    SELECT set_config('opora.person', coalesce(who::text, ''), false),
           set_config('opora.country', coalesce(country, ''), false),
           set_config('opora.regions', coalesce(regions, ''), false),
           set_config('opora.municipalities', coalesce(municipalities, ''), false),
           set_config('opora.schools', coalesce(schools, ''), false),
           set_config('opora.around_regions', coalesce(around_regions, ''), false),
           set_config('opora.around_municipalities', coalesce(around_municipalities, ''), false),
           set_config('opora.own_regions', coalesce(own_regions, ''), false)
    FROM scope
  )
  SELECT coalesce(jsonb_agg(jsonb_build_array(
           id, role, region_id, municipality_id, school_id, region, region_en, municipality, short_name, school,
           behalf, behalf_name
         ) ORDER BY behalf NULLS FIRST, id), '[]') INTO held
  FROM entered CROSS JOIN LATERAL (SELECT * FROM placed WHERE placed.is_now) AS told;
  RETURN held;
END $$;

-- In which role to ask after ``opora_enter``: the whole country is open without a question of each row.
CREATE FUNCTION opora_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN opora_country() THEN 'opora_country' ELSE 'opora_app' END $$;

-- The places of one's own appointments, whenever they hold and whatever they open: an office says them, and a
-- deed on them is recorded in their region.
CREATE FUNCTION opora_own_places(OUT appointment bigint, OUT region varchar, OUT municipality bigint,
                                 OUT school bigint, OUT name varchar, OUT around varchar)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, coalesce(a.region_id, m.region_id, s.region_id), coalesce(a.municipality_id, s.municipality_id),
         a.school_id, coalesce(m.name, nullif(s.short_name, ''), s.name), around.name
  FROM registry_appointment a
  LEFT JOIN registry_municipality m ON m.id = a.municipality_id
  LEFT JOIN registry_school s ON s.id = a.school_id
  LEFT JOIN registry_municipality around ON around.id = s.municipality_id
  WHERE a.person_id = opora_person()
     OR EXISTS (SELECT FROM registry_deputyship d WHERE d.appointment_id = a.id AND d.deputy_id = opora_person())
$$;

-- Whether somebody has an appointment that has not ended, wherever it is: one who works is not forgotten.
CREATE FUNCTION opora_is_appointed(who bigint, today date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM registry_appointment WHERE person_id = who AND (until IS NULL OR until >= today))
      OR EXISTS (SELECT FROM registry_deputyship WHERE deputy_id = who AND until >= today)
$$;

REVOKE ALL ON FUNCTION opora_own_places(), opora_is_appointed(bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_own_places(), opora_is_appointed(bigint, date) TO opora_app;
