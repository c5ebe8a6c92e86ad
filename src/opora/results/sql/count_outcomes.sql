-- Counts pupils into outcomes: one row per outcome. DuckDB, Spark SQL and PostgreSQL read the same text.
-- pupils: outcome (the school's number times the number of cells, plus the cell: one integer to group by),
-- mark (2–5, or empty where the assessment has no marks), low (0 or 1).
-- The four counts of marks lie in one number, each in 13 binary digits: one sum costs a third of four. A group of
-- more than 8191 pupils does not fit, and whoever runs this refuses it. Another mark makes the sum negative.
-- A pupil without a known low result is counted as unknown, and whoever runs this refuses the rows.
SELECT
    outcome,
    CAST(COUNT(*) AS INTEGER) AS takers,
    CAST(SUM(low) AS INTEGER) AS low,
    SUM(CASE
        WHEN mark = 3 THEN 8192e0
        WHEN mark = 4 THEN 67108864e0
        WHEN mark = 5 THEN 549755813888e0
        WHEN mark = 2 THEN 1e0
        WHEN mark IS NULL THEN 0e0
        ELSE -4503599627370496e0
    END) AS marks,
    CAST(COUNT(*) - COUNT(low) AS INTEGER) AS unknown
FROM pupils
GROUP BY outcome
