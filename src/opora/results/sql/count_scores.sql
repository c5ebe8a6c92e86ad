-- Counts pupils by primary score: one row per outcome and score that somebody has. Apart from the counts of
-- outcomes because it makes fifteen times as many rows and costs several times as much.
SELECT
    outcome,
    score,
    CAST(COUNT(*) AS INTEGER) AS pupils
FROM pupils
WHERE score IS NOT NULL
GROUP BY outcome, score
