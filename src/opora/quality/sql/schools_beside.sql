-- The numbers of the schools of a region, for whoever sees one of them: what is usual beside a school is read
-- from results that lie by these numbers. Nothing else of the others is told.
CREATE FUNCTION opora_schools_beside(of_school bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(other.id ORDER BY other.id), '{}')
  FROM registry_school s JOIN registry_school other ON other.region_id = s.region_id
  WHERE s.id = of_school AND (
    (current_setting('role') = 'none' AND session_user = current_user)
    OR opora_country() OR s.region_id = ANY (opora_regions())
    OR s.municipality_id = ANY (opora_municipalities()) OR s.id = ANY (opora_schools())
  )
$$;
REVOKE ALL ON FUNCTION opora_schools_beside(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opora_schools_beside(bigint) TO opora_app;
