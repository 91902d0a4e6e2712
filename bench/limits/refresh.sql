-- `refreshToken` of one person: update in src/store/rotations.rs. The generation stays, so that the
-- next one finds the row as this one did; what is written is as much.
UPDATE "sessions" SET "generation" = "generation" + :none, "rotated_at" = :now, "last_seen_at" = :now,
    "expires_at" = (CASE WHEN ("ends_at" < :later) THEN "ends_at" ELSE :later END),
    "sweep_at" = (CASE WHEN ("ends_at" < :midnight) THEN "ends_at" ELSE :midnight END)
WHERE "sessions"."id" IN (:id) AND ("sessions"."id" = :id AND "sessions"."generation" = :generation)
    AND "sessions"."revoked_at" IS NULL AND "sessions"."expires_at" > :now
RETURNING "id", "user_id", "generation", "rotated_at", "device_name", "user_agent", "ip_address", "created_at",
    "last_seen_at", "expires_at", "ends_at", "revoked_at", "sweep_at"
