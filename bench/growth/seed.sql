-- People 0 to :last, as the tables have them on a day on which each of them has signed in, on a :device
-- by an :agent. Ids, addresses and generations are those of bench/people.py, so that it can write their
-- tokens; times are such that the sweeper leaves everything alone while something is measured.
SET synchronous_commit = off;

CREATE FUNCTION pg_temp.id(number bigint, kind int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1760000000000 + number), 12, '0') || '70008'
        || lpad(to_hex(number * 2 + kind), 15, '0'))::uuid
$$;
SELECT (extract(epoch FROM now()) * 1e6)::bigint AS now \gset
\set second '1000000::bigint'
\set day '(86400 * 1000000::bigint)'

-- An index is made anew faster than it is kept. Those behind constraints stay.
CREATE TEMP TABLE indexes AS
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND NOT EXISTS
        (SELECT FROM pg_constraint WHERE conindid = indexname::regclass);
SELECT format('DROP INDEX %I', indexname) FROM indexes \gexec

BEGIN;
INSERT INTO users (id, email, email_identity, created_at)
    SELECT pg_temp.id(n, 0), 'p@k' || n || '.bench.example', 'p@k' || n || '.bench.example', :now
    FROM generate_series(0, :last::bigint) n;
INSERT INTO sessions (id, user_id, generation, rotated_at, device_name, user_agent, ip_address,
        created_at, last_seen_at, expires_at, sweep_at, ends_at)
    SELECT pg_temp.id(n, 1), pg_temp.id(n, 0), 0, :now, :'device', :'agent', '203.0.113.' || n % 250,
        :now, :now, :now + 7 * :day, (:now / :day + 8) * :day, :now + 90 * :day
    FROM generate_series(0, :last::bigint) n;
INSERT INTO challenges (id, channel, contact, secret_id, locale, attempts_left, open_attempts_left, decoy,
        created_at, expires_at, consumed_at)
    SELECT pg_temp.id(n, 0), 'email', 'p@k' || n || '.bench.example', '00000000', 'en', 4, 5, FALSE,
        :now, :now + 3600 * :second + n, :now
    FROM generate_series(0, :last::bigint) n;
INSERT INTO deliveries (id, challenge_id, channel, recipient, purpose, language, user_agent, ip_address,
        created_at, due_at, deadline, tries, settled_at, outcome, courier)
    SELECT id, id, channel, contact, 'code', locale, :'agent', '203.0.113.' || created_at % 250,
        created_at, created_at, expires_at, 1, created_at, 'sent', 'smtp'
    FROM challenges WHERE created_at = :now;
INSERT INTO limits (key, full_at)
    SELECT 'p@k' || n || '.bench.example:' || limited, :now + n
    FROM generate_series(0, :last::bigint) n, (VALUES ('send-hour'), ('send-day')) AS of (limited);
INSERT INTO audit_events (id, at, kind, outcome, user_id, session_id, contact_hash, ip_address, user_agent, request_id)
    SELECT pg_temp.id(n * 2 + at, 2 + at), :now, kind, NULL, pg_temp.id(n, 0), pg_temp.id(n, 1),
        md5(n::text) || '00000000000', '203.0.113.' || n % 250, :'agent', gen_random_uuid()
    FROM generate_series(0, :last::bigint) n,
        (VALUES (0, 'code_requested'), (1, 'session_opened')) AS events (at, kind);
COMMIT;

SELECT indexdef FROM indexes \gexec
VACUUM (ANALYZE);
CHECKPOINT;
