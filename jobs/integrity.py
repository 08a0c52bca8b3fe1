"""What must hold of long work, as queries that find whatever breaks it: one column, one row per fault."""

INVARIANTS = {
    "nobody works on a job more often than it is tried": """
        SELECT 'job ' || j.id FROM jobs_job j WHERE j.attempts > 3
    """,
    "a job that was started has been begun by a worker, in this order": """
        SELECT 'job ' || j.id FROM jobs_job j
        WHERE j.started_at < j.created_at OR j.beat_at < j.started_at OR j.finished_at < j.created_at
            OR (j.state = 'done' AND j.started_at IS NULL)
    """,
    "only a job that is done has results": """
        SELECT 'job ' || j.id FROM jobs_job j JOIN jobs_jobfile f ON f.job_id = j.id
        WHERE NOT f.is_input AND j.state <> 'done'
    """,
}
