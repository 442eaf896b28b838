-- The reference of benchmarks/scoring.py: two sheets of eight items as somebody would write them by hand for DuckDB.
-- One scan a sheet, integers of 1/10,000, at most so many a quarter, reversals, rank, grade bands.
-- The benchmark puts values for :facts, :subjects, :start, :until and :result.

-- sheet: member
-- A member's facts are those about the member; the rank is within the branch.
COPY (
  WITH kept AS (
    SELECT subject AS subject, kind,
           CASE WHEN occurred_at < TIMESTAMPTZ '2024-04-01 00:00:00+08' THEN 0
                WHEN occurred_at < TIMESTAMPTZ '2024-07-01 00:00:00+08' THEN 1
                WHEN occurred_at < TIMESTAMPTZ '2024-10-01 00:00:00+08' THEN 2
                WHEN occurred_at < TIMESTAMPTZ '2025-01-01 00:00:00+08' THEN 3
                WHEN occurred_at < TIMESTAMPTZ '2025-04-01 00:00:00+08' THEN 4
                WHEN occurred_at < TIMESTAMPTZ '2025-07-01 00:00:00+08' THEN 5
                WHEN occurred_at < TIMESTAMPTZ '2025-10-01 00:00:00+08' THEN 6
                ELSE 7 END AS quarter
      FROM read_parquet(:facts) AS fact
     WHERE occurred_at >= TIMESTAMPTZ :start AND occurred_at < TIMESTAMPTZ :until AND reverses IS NULL
       AND NOT EXISTS (SELECT 1 FROM read_parquet(:facts) AS undo WHERE undo.reverses = fact.id)
  ), by_quarter AS (
    SELECT subject, quarter,
           sum(CASE WHEN kind IN ('kind.k00', 'kind.k01', 'kind.k02') THEN 10000 ELSE 0 END)::BIGINT AS item_0,
           sum(CASE WHEN kind IN ('kind.k03', 'kind.k04', 'kind.k05') THEN 10000 ELSE 0 END)::BIGINT AS item_1,
           sum(CASE WHEN kind IN ('kind.k06', 'kind.k07', 'kind.k08') THEN 10000 ELSE 0 END)::BIGINT AS item_2,
           sum(CASE WHEN kind IN ('kind.k09', 'kind.k10', 'kind.k11') THEN 10000 ELSE 0 END)::BIGINT AS item_3,
           sum(CASE WHEN kind IN ('kind.k12', 'kind.k13', 'kind.k14') THEN 10000 ELSE 0 END)::BIGINT AS item_4,
           sum(CASE WHEN kind IN ('kind.k15', 'kind.k16', 'kind.k17') THEN 10000 ELSE 0 END)::BIGINT AS item_5,
           sum(CASE WHEN kind IN ('kind.k18', 'kind.k19', 'kind.k20') THEN 10000 ELSE 0 END)::BIGINT AS item_6,
           sum(CASE WHEN kind IN ('kind.k21', 'kind.k22', 'kind.k23') THEN 10000 ELSE 0 END)::BIGINT AS item_7
      FROM kept GROUP BY subject, quarter
  ), by_subject AS (
    SELECT subject,
           sum(least(item_0, 20000))::BIGINT AS item_0,
           sum(least(item_1, 20000))::BIGINT AS item_1,
           sum(least(item_2, 30000))::BIGINT AS item_2,
           sum(least(item_3, 10000))::BIGINT AS item_3,
           sum(least(item_4, 20000))::BIGINT AS item_4,
           sum(least(item_5, 20000))::BIGINT AS item_5,
           sum(least(item_6, 40000))::BIGINT AS item_6,
           sum(least(item_7, 10000))::BIGINT AS item_7
      FROM by_quarter GROUP BY subject
  ), scored AS (
    SELECT known.subject, known.body,
           least(coalesce(item_0, 0) * 1, 120000) AS item_0,
           least(coalesce(item_1, 0) * 2, 160000) AS item_1,
           least(coalesce(item_2, 0) * 1, 120000) AS item_2,
           least(coalesce(item_3, 0) * 3, 120000) AS item_3,
           least(coalesce(item_4, 0) * 2, 160000) AS item_4,
           least(coalesce(item_5, 0) * 1, 120000) AS item_5,
           least(coalesce(item_6, 0) * 1, 160000) AS item_6,
           least(coalesce(item_7, 0) * 2, 120000) AS item_7
      FROM read_parquet(:subjects) AS known LEFT JOIN by_subject USING (subject)
     WHERE known.level = 'member'
  ), totals AS (
    SELECT *, item_0 + item_1 + item_2 + item_3 + item_4 + item_5 + item_6 + item_7 AS total FROM scored
  )
  SELECT *, rank() OVER (PARTITION BY body ORDER BY total DESC) AS rank,
         CASE WHEN total >= 300000 THEN 0 WHEN total >= 150000 THEN 1 ELSE 2 END AS band
    FROM totals
) TO :result (FORMAT parquet);

-- sheet: branch
-- A branch's facts are those that its body held; the rank is among all branches.
COPY (
  WITH kept AS (
    SELECT body AS subject, kind,
           CASE WHEN occurred_at < TIMESTAMPTZ '2024-04-01 00:00:00+08' THEN 0
                WHEN occurred_at < TIMESTAMPTZ '2024-07-01 00:00:00+08' THEN 1
                WHEN occurred_at < TIMESTAMPTZ '2024-10-01 00:00:00+08' THEN 2
                WHEN occurred_at < TIMESTAMPTZ '2025-01-01 00:00:00+08' THEN 3
                WHEN occurred_at < TIMESTAMPTZ '2025-04-01 00:00:00+08' THEN 4
                WHEN occurred_at < TIMESTAMPTZ '2025-07-01 00:00:00+08' THEN 5
                WHEN occurred_at < TIMESTAMPTZ '2025-10-01 00:00:00+08' THEN 6
                ELSE 7 END AS quarter
      FROM read_parquet(:facts) AS fact
     WHERE occurred_at >= TIMESTAMPTZ :start AND occurred_at < TIMESTAMPTZ :until AND reverses IS NULL
       AND NOT EXISTS (SELECT 1 FROM read_parquet(:facts) AS undo WHERE undo.reverses = fact.id)
  ), by_quarter AS (
    SELECT subject, quarter,
           sum(CASE WHEN kind IN ('kind.k00', 'kind.k01', 'kind.k02') THEN 10000 ELSE 0 END)::BIGINT AS item_0,
           sum(CASE WHEN kind IN ('kind.k03', 'kind.k04', 'kind.k05') THEN 10000 ELSE 0 END)::BIGINT AS item_1,
           sum(CASE WHEN kind IN ('kind.k06', 'kind.k07', 'kind.k08') THEN 10000 ELSE 0 END)::BIGINT AS item_2,
           sum(CASE WHEN kind IN ('kind.k09', 'kind.k10', 'kind.k11') THEN 10000 ELSE 0 END)::BIGINT AS item_3,
           sum(CASE WHEN kind IN ('kind.k12', 'kind.k13', 'kind.k14') THEN 10000 ELSE 0 END)::BIGINT AS item_4,
           sum(CASE WHEN kind IN ('kind.k15', 'kind.k16', 'kind.k17') THEN 10000 ELSE 0 END)::BIGINT AS item_5,
           sum(CASE WHEN kind IN ('kind.k18', 'kind.k19', 'kind.k20') THEN 10000 ELSE 0 END)::BIGINT AS item_6,
           sum(CASE WHEN kind IN ('kind.k21', 'kind.k22', 'kind.k23') THEN 10000 ELSE 0 END)::BIGINT AS item_7
      FROM kept GROUP BY subject, quarter
  ), by_subject AS (
    SELECT subject,
           sum(least(item_0, 120000))::BIGINT AS item_0,
           sum(least(item_1, 120000))::BIGINT AS item_1,
           sum(least(item_2, 150000))::BIGINT AS item_2,
           sum(least(item_3, 100000))::BIGINT AS item_3,
           sum(least(item_4, 120000))::BIGINT AS item_4,
           sum(least(item_5, 120000))::BIGINT AS item_5,
           sum(least(item_6, 140000))::BIGINT AS item_6,
           sum(least(item_7, 100000))::BIGINT AS item_7
      FROM by_quarter GROUP BY subject
  ), scored AS (
    SELECT known.subject, known.body,
           least(coalesce(item_0, 0) * 1, 600000) AS item_0,
           least(coalesce(item_1, 0) * 2, 800000) AS item_1,
           least(coalesce(item_2, 0) * 1, 600000) AS item_2,
           least(coalesce(item_3, 0) * 3, 600000) AS item_3,
           least(coalesce(item_4, 0) * 2, 800000) AS item_4,
           least(coalesce(item_5, 0) * 1, 600000) AS item_5,
           least(coalesce(item_6, 0) * 1, 800000) AS item_6,
           least(coalesce(item_7, 0) * 2, 600000) AS item_7
      FROM read_parquet(:subjects) AS known LEFT JOIN by_subject USING (subject)
     WHERE known.level = 'branch'
  ), totals AS (
    SELECT *, item_0 + item_1 + item_2 + item_3 + item_4 + item_5 + item_6 + item_7 AS total FROM scored
  )
  SELECT *, rank() OVER (ORDER BY total DESC) AS rank,
         CASE WHEN total >= 300000 THEN 0 WHEN total >= 150000 THEN 1 ELSE 2 END AS band
    FROM totals
) TO :result (FORMAT parquet);
