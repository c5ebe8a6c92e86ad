-- What the acting person may see, as settings of the session that policies read. Nothing set is nothing seen.
CREATE FUNCTION opora_scope(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('opora.' || name, true), '') $$;
CREATE FUNCTION opora_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT opora_scope('person')::bigint $$;
CREATE FUNCTION opora_country() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(opora_scope('country') = 'yes', false) $$;
CREATE FUNCTION opora_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('regions'), ',') $$;
CREATE FUNCTION opora_municipalities() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('municipalities'), ',')::bigint[] $$;
CREATE FUNCTION opora_schools() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('schools'), ',')::bigint[] $$;
-- The regions and municipalities that contain what is one's own: their names, their runs, their coordinators.
CREATE FUNCTION opora_around_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('around_regions'), ',') $$;
CREATE FUNCTION opora_around_municipalities() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(opora_scope('around_municipalities'), ',')::bigint[] $$;
CREATE FUNCTION opora_sees_anything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(opora_scope('country'), opora_scope('regions'), opora_scope('municipalities'),
                        opora_scope('schools')) IS NOT NULL $$;

-- Derives the scope from the appointments in force today, those of one role where the person acts in one, and
-- answers all of them: the application reads no others. Nobody (NULL) is a person, too: one who sees nothing.
CREATE FUNCTION opora_enter(who bigint, acting text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  today date := (now() AT TIME ZONE 'Europe/Moscow')::date;
  held jsonb;
BEGIN
  WITH mine AS (
    SELECT a.id, a.role, a.region_id, a.municipality_id, a.school_id, r.name AS region, r.name_en AS region_en,
           m.name AS municipality, s.short_name, s.name AS school,
           coalesce(m.region_id, s.region_id) AS around_region, s.municipality_id AS around_municipality,
           coalesce(acting, '') IN ('', a.role) AS acted
    FROM registry_appointment a
    JOIN accounts_user u ON u.id = a.person_id AND u.is_active
    LEFT JOIN registry_region r ON r.code = a.region_id
    LEFT JOIN registry_municipality m ON m.id = a.municipality_id
    LEFT JOIN registry_school s ON s.id = a.school_id
    WHERE a.person_id = who AND a.since <= today AND (a.until IS NULL OR a.until >= today)
  ), scope AS (
    SELECT
      CASE WHEN bool_or(num_nulls(region_id, municipality_id, school_id) = 3) THEN 'yes' END AS country,
      string_agg(DISTINCT region_id, ',') AS regions,
      string_agg(DISTINCT municipality_id::text, ',') AS municipalities,
      string_agg(DISTINCT school_id::text, ',') AS schools,
      string_agg(DISTINCT around_region, ',') AS around_regions,
      string_agg(DISTINCT around_municipality::text, ',') AS around_municipalities
    FROM mine WHERE acted
  ), entered AS MATERIALIZED (
    SELECT set_config('opora.person', coalesce(who::text, ''), false),
           set_config('opora.country', coalesce(country, ''), false),
           set_config('opora.regions', coalesce(regions, ''), false),
           set_config('opora.municipalities', coalesce(municipalities, ''), false),
           set_config('opora.schools', coalesce(schools, ''), false),
           set_config('opora.around_regions', coalesce(around_regions, ''), false),
           set_config('opora.around_municipalities', coalesce(around_municipalities, ''), false)
    FROM scope
  )
  SELECT coalesce(jsonb_agg(jsonb_build_array(
           role, region_id, municipality_id, school_id, region, region_en, municipality, short_name, school
         ) ORDER BY id), '[]') INTO held
  FROM entered CROSS JOIN LATERAL (SELECT * FROM mine) AS told;
  RETURN held;
END $$;
REVOKE ALL ON FUNCTION opora_enter(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_enter(bigint, text) TO opora_app;
