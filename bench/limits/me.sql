-- `me` of one person: query in src/store/holders.rs.
SELECT "sessions"."id" AS "A_id", "sessions"."user_id" AS "A_user_id", "sessions"."generation" AS "A_generation",
    "sessions"."rotated_at" AS "A_rotated_at", "sessions"."device_name" AS "A_device_name",
    "sessions"."user_agent" AS "A_user_agent", "sessions"."ip_address" AS "A_ip_address",
    "sessions"."created_at" AS "A_created_at", "sessions"."last_seen_at" AS "A_last_seen_at",
    "sessions"."expires_at" AS "A_expires_at", "sessions"."ends_at" AS "A_ends_at",
    "sessions"."revoked_at" AS "A_revoked_at", "sessions"."sweep_at" AS "A_sweep_at", "users"."id" AS "B_id",
    "users"."email" AS "B_email", "users"."email_identity" AS "B_email_identity", "users"."phone" AS "B_phone", "users"."locale" AS "B_locale",
    "users"."created_at" AS "B_created_at"
FROM "sessions" LEFT JOIN "users" ON "sessions"."user_id" = "users"."id"
WHERE "sessions"."id" IN (:id) AND "sessions"."revoked_at" IS NULL AND "sessions"."expires_at" > :now
    AND EXISTS(SELECT :one FROM "signing_keys" WHERE "signing_keys"."kid" = :kid
        AND "signing_keys"."revoked_at" IS NULL)
