-- Counts pupils into outcomes: one row per outcome. The same text is for DuckDB, PostgreSQL and Spark SQL.
-- pupils: outcome (the school's number times the number of cells, plus the cell: one integer to group by),
-- mark (2–5, or empty where the assessment has no marks), low (0 or 1).
-- A pupil without a known low result is counted as unknown, one with another mark is in marked alone: whoever runs
-- this refuses both. A sum over nobody is empty.
SELECT
    outcome,
    CAST(COUNT(*) AS INTEGER) AS takers,
    CAST(SUM(low) AS INTEGER) AS low,
    CAST(SUM(CAST(mark = 2 AS INTEGER)) AS INTEGER) AS mark2,
    CAST(SUM(CAST(mark = 3 AS INTEGER)) AS INTEGER) AS mark3,
    CAST(SUM(CAST(mark = 4 AS INTEGER)) AS INTEGER) AS mark4,
    CAST(SUM(CAST(mark = 5 AS INTEGER)) AS INTEGER) AS mark5,
    CAST(COUNT(mark) AS INTEGER) AS marked,
    CAST(COUNT(*) - COUNT(low) AS INTEGER) AS unknown
FROM pupils
GROUP BY outcome
