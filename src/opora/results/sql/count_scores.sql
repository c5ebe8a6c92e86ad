-- Counts pupils by primary score: one row per school, cell and score that somebody has. Apart from the counts of
-- outcomes because it makes fifteen times as many rows and costs several times as much.
SELECT
    school,
    cell,
    score,
    CAST(COUNT(*) AS INTEGER) AS pupils
FROM pupils
WHERE score IS NOT NULL
GROUP BY school, cell, score
