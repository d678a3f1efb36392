-- users.insert
insert into "users" ("uuid", "username", "username_key", "email", "email_key", "first_name", "password_hash", "role", "created_at", "updated_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- users.lock
select "id"
  from "users"
  where "id" = $1
  for no key update;

-- users.findById
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "id" = $1;

-- users.findByUuid
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "uuid" = $1;

-- users.findByLogin
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at", "password_hash"
  from "users"
  where ("username_key" = $1
  or "email_key" = $2);

-- users.passwordHash
select "password_hash"
  from "users"
  where "id" = $1;

-- users.list
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "id" > $1
  order by "id"
  limit $2;

-- users.remove
delete
  from "users"
  where "id" = $1;

-- users.patch
update "users"
  set "updated_at" = $1
  where "id" = $2;

-- sessions.insert
insert into "sessions" ("uuid", "user_id", "kind", "secret_hash", "generation", "used_generation", "created_at", "expires_at", "lifetime_ms")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- sessions.lock
select "id"
  from "sessions"
  where "uuid" = $1
  for no key update;

-- sessions.findByUuid
select "sessions"."id", "sessions"."uuid", "sessions"."user_id", "sessions"."kind", "sessions"."generation", "sessions"."used_generation", "sessions"."created_at", "sessions"."expires_at", "sessions"."lifetime_ms", "sessions"."ended_at", "users"."uuid" as "user_uuid", "users"."username", "users"."email", "users"."first_name", "users"."role", "users"."disabled_at", "users"."created_at" as "user_created_at", "users"."updated_at" as "user_updated_at"
  from "sessions"
  inner join "users"
  on "users"."id" = "sessions"."user_id"
  where "sessions"."uuid" = $1;

-- sessions.findBySecret
select "sessions"."id", "sessions"."uuid", "sessions"."user_id", "sessions"."kind", "sessions"."generation", "sessions"."used_generation", "sessions"."created_at", "sessions"."expires_at", "sessions"."lifetime_ms", "sessions"."ended_at", "users"."uuid" as "user_uuid", "users"."username", "users"."email", "users"."first_name", "users"."role", "users"."disabled_at", "users"."created_at" as "user_created_at", "users"."updated_at" as "user_updated_at"
  from "sessions"
  inner join "users"
  on "users"."id" = "sessions"."user_id"
  where "sessions"."secret_hash" = $1;

-- sessions.patch
update "sessions"
  set "expires_at" = $1
  where "id" = $2;

-- sessions.end
update "sessions"
  set "ended_at" = $1
  where "id" = $2
  and "ended_at" is null;

-- sessions.living
select "id"
  from "sessions"
  where "user_id" = $1
  and "ended_at" is null
  and "id" <> $2
  order by "id";

-- sessions.livingBeyond
select "id"
  from "sessions"
  where "user_id" = $1
  and "ended_at" is null
  order by "id" desc
  limit $2
  offset $3;

-- sessions.endedSince
select "id"
  from "sessions"
  where "ended_at" >= $1;

-- sessions.endedBefore
select "id"
  from "sessions"
  where "ended_at" < $1
  limit $2;

-- sessions.expiredBefore
select "id"
  from "sessions"
  where "expires_at" < $1
  limit $2;

-- sessions.remove
delete
  from "sessions"
  where "id" in ($1, $2);

-- chats.insert
insert into "chats" ("uuid", "user_id", "title", "titled", "pinned", "model", "system_prompt", "temperature_milli", "max_output_tokens", "message_count", "last_message_text", "revision", "created_at", "updated_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- chats.findById
select *
  from "chats"
  where "id" = $1
  and "user_id" = $2;

-- chats.findByUuid
select *
  from "chats"
  where "uuid" = $1
  and "user_id" = $2;

-- chats.ownerById
select "user_id"
  from "chats"
  where "id" = $1;

-- chats.ownerByUuid
select "user_id"
  from "chats"
  where "uuid" = $1;

-- chats.first
select *
  from "chats"
  where "user_id" = $1
  and "pinned" = $2
  union all select *
  from "chats"
  where "user_id" = $3
  and "pinned" = $4
  order by "updated_at" desc, "id" desc
  limit $5
  offset $6;

-- chats.next
select *
  from "chats"
  where "user_id" = $1
  and "pinned" = $2
  and "updated_at" <= $3
  and ("updated_at" < $4
  or "id" < $5)
  union all select *
  from "chats"
  where "user_id" = $6
  and "pinned" = $7
  and "updated_at" <= $8
  and ("updated_at" < $9
  or "id" < $10)
  order by "updated_at" desc, "id" desc
  limit $11
  offset $12;

-- chats.firstPinned
select *
  from "chats"
  where "user_id" = $1
  and "pinned" = $2
  order by "updated_at" desc, "id" desc
  limit $3
  offset $4;

-- chats.nextPinned
select *
  from "chats"
  where "user_id" = $1
  and "pinned" = $2
  and "updated_at" <= $3
  and ("updated_at" < $4
  or "id" < $5)
  order by "updated_at" desc, "id" desc
  limit $6
  offset $7;

-- chats.count
select count(*) as "total"
  from "chats"
  where "user_id" = $1;

-- chats.patch
update "chats"
  set "updated_at" = $1
  where "id" = $2;

-- chats.remove
delete
  from "chats"
  where "id" = $1;

-- messages.insert
insert into "messages" ("uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "active", "revision", "created_at", "updated_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- messages.findById
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "id" = $1
  and "user_id" = $2;

-- messages.findByUuid
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "uuid" = $1
  and "user_id" = $2;

-- messages.oldest
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = $1
  and "active" = $2
  and "id" > $3
  and "id" < $4
  and ("state" <> $5
  or "text" <> $6
  or exists (select "reply_deltas"."start"
  from "replies"
  inner join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null))
  order by "deleted_at", "id"
  limit $7;

-- messages.newest
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = $1
  and "active" = $2
  and "id" > $3
  and "id" < $4
  and ("state" <> $5
  or "text" <> $6
  or exists (select "reply_deltas"."start"
  from "replies"
  inner join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null))
  order by "deleted_at" desc, "id" desc
  limit $7;

-- messages.finished
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = $1
  and "active" = $2
  and "id" > $3
  and "state" <> $4
  order by "deleted_at", "id"
  limit $5
  offset $6;

-- messages.turns
select "role", "text", "image_url", "media"
  from "messages"
  where "chat_id" = $1
  and "active" = $2
  and "deleted_at" is null
  and "id" > $3
  and "id" < $4
  and "state" <> $5
  order by "deleted_at" desc, "id" desc
  limit $6;

-- messages.last
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = $1
  and "active" = $2
  order by "deleted_at" desc, "id" desc
  limit $3;

-- messages.lastId
select "id"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = $1
  and "active" = $2
  order by "deleted_at" desc, "id" desc
  limit $3;

-- messages.textSoFar
select "messages"."id", "messages"."state", "messages"."text", "messages"."revision", "messages"."updated_at", "reply_deltas"."start", "reply_deltas"."text" as "delta"
  from "messages"
  left join "replies"
  on "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null
  left join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "messages"."id" in ($1, $2);

-- messages.twigs
select "id", "parent_id", "role", "active", "deleted_at"
  from "messages"
  where "chat_id" = $1
  and "id" > $2;

-- messages.besides
select "id", "parent_id", "role", "active"
  from "messages"
  where "chat_id" = $1
  and "active" in ($2, $3)
  and "deleted_at" is null
  and "id" > $4
  and coalesce("parent_id", 0) in ($5, $6);

-- messages.setActivity
update "messages"
  set "active" = $1
  where "id" in ($2, $3);

-- messages.patch
update "messages"
  set "updated_at" = $1
  where "id" = $2;

-- messages.finish
update "messages"
  set "text" = $1, "state" = $2, "revision" = "revision" + 1, "updated_at" = $3
  where "id" = $4;

-- messages.bury
update "messages"
  set "text" = $1, "image_url" = $2, "media" = $3, "deleted_at" = $4, "updated_at" = $5
  where "id" = $6;

-- messages.removeReplies
delete
  from "replies"
  where "chat_id" = $1;

-- messages.removeAll
delete
  from "messages"
  where "chat_id" = $1;

-- replies.insert
insert into "replies" ("uuid", "chat_id", "chat_uuid", "user_id", "answers_id", "message_id", "state", "node_id", "provider", "model", "reserved_tokens", "started_at", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- replies.findById
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "id" = $1
  and "user_id" = $2;

-- replies.findByUuid
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "uuid" = $1
  and "user_id" = $2;

-- replies.findByMessage
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "message_id" = $1
  order by "id" desc
  limit $2;

-- replies.lastAnswering
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "chat_id" = $1
  and "ended_at" is not null
  and "answers_id" = $2
  order by "ended_at" desc, "id" desc
  limit $3;

-- replies.openInChat
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "chat_id" = $1
  order by "id";

-- replies.writingOf
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "user_id" = $1
  and "state" = $2
  order by "id";

-- replies.requestStop
update "replies"
  set "stop_requested" = $1
  where "id" = $2
  and "ended_at" is null;

-- replies.stopRequested
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "node_id" = $1
  and "stop_requested" = $2;

-- replies.countOpen
select count(*) as "count"
  from "replies"
  where "user_id" = $1
  and "ended_at" is null;

-- replies.writtenBy
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = $1
  and "node_id" = $2
  limit $3;

-- replies.orphans
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = $1
  and not exists (select "nodes"."id" as "node"
  from "nodes"
  where "nodes"."id" = "replies"."node_id")
  order by "id"
  limit $2;

-- replies.stalled
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = $1
  and not exists (select "other"."id" as "other_id"
  from "replies" as "other"
  where "other"."chat_id" = "replies"."chat_id"
  and "other"."ended_at" is null
  and ("other"."state" = $2
  or "other"."id" < "replies"."id"))
  order by "id"
  limit $3;

-- replies.claim
update "replies"
  set "state" = $1, "node_id" = $2, "provider" = $3, "model" = $4, "started_at" = $5
  where "id" = $6
  and "state" = $7;

-- replies.endWaiting
update "replies"
  set "state" = $1, "error_code" = $2, "provider" = $3, "model" = $4, "prompt_tokens" = $5, "completion_tokens" = $6, "tokens_estimated" = $7, "first_text_at" = $8, "ended_at" = $9
  where "id" = $10
  and "ended_at" is null
  and "state" = $11;

-- replies.endWriting
update "replies"
  set "state" = $1, "error_code" = $2, "provider" = $3, "model" = $4, "prompt_tokens" = $5, "completion_tokens" = $6, "tokens_estimated" = $7, "first_text_at" = $8, "ended_at" = $9
  where "id" = $10
  and "ended_at" is null
  and "node_id" = $11;

-- replies.dropMessage
update "replies"
  set "message_id" = $1
  where "id" = $2;

-- replyLog.lengths
select "replies"."id", (select "start" + "length" as "length"
  from "reply_deltas"
  where "reply_deltas"."reply_id" = "replies"."id"
  order by "start" desc
  limit $1) as "length"
  from "replies"
  where "replies"."id" in ($2, $3)
  and "replies"."ended_at" is null;

-- replyLog.append
insert into "reply_deltas" ("reply_id", "start", "length", "text")
  values ($1, $2, $3, $4), ($5, $6, $7, $8);

-- replyLog.textFrom
select "start", "text"
  from "reply_deltas"
  where "reply_id" = $1
  and "start" >= coalesce((select "start"
  from "reply_deltas"
  where "reply_id" = $2
  and "start" <= $3
  order by "start" desc
  limit $4), 0)
  order by "start";

-- replyLog.drop
delete
  from "reply_deltas"
  where "reply_id" = $1;

-- nodes.insert
insert into "nodes" ("id", "beat_at")
  values ($1, $2);

-- nodes.beat
update "nodes"
  set "beat_at" = $1
  where "id" = $2;

-- nodes.holds
select "beat_at"
  from "nodes"
  where "id" = $1
  for key share;

-- nodes.list
select "id", "beat_at"
  from "nodes";

-- nodes.remove
delete
  from "nodes"
  where "id" = $1;

-- nodes.removeSilent
delete
  from "nodes"
  where "id" = $1
  and "beat_at" = $2;

-- attachments.insert
insert into "attachments" ("uuid", "user_id", "name", "media_type", "size_bytes", "sha256", "storage_key", "width", "height", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- attachments.find
select "id", "uuid", "user_id", "message_id", "name", "media_type", "size_bytes", "sha256", "width", "height", "created_at"
  from "attachments"
  where "uuid" = $1
  and "user_id" = $2;

-- attachments.exists
select "id"
  from "attachments"
  where "uuid" = $1;

-- attachments.countLoose
select count(*) as "count"
  from "attachments"
  where "user_id" = $1
  and "message_id" is null;

-- attachments.attach
update "attachments"
  set "message_id" = $1
  where "uuid" = $2
  and "user_id" = $3
  and "message_id" is null;

-- attachments.handOver
update "attachments"
  set "message_id" = $1
  where "uuid" = $2
  and "message_id" = $3;

-- attachments.totalBytes
select sum("size_bytes") as "total"
  from "attachments"
  where "user_id" = $1;

-- attachments.ofMessage
select "id", "uuid"
  from "attachments"
  where "message_id" = $1;

-- attachments.ofChat
select "id", "uuid"
  from "attachments"
  where "user_id" = $1
  and (select "chat_id"
  from "messages"
  where "messages"."id" = "attachments"."message_id") = $2;

-- attachments.ofUser
select "id", "uuid"
  from "attachments"
  where "user_id" = $1;

-- attachments.loose
select "id", "uuid", "user_id", "message_id", "name", "media_type", "size_bytes", "sha256", "width", "height", "created_at"
  from "attachments"
  where "message_id" is null
  and "created_at" < $1
  order by "id"
  limit $2;

-- attachments.remove
delete
  from "attachments"
  where "id" = $1;

-- attachments.removeLoose
delete
  from "attachments"
  where "id" = $1
  and "message_id" is null;

-- idempotencyKeys.find
select "content_hash", "message_id", "reply_id"
  from "idempotency_keys"
  where "user_id" = $1
  and "key" = $2;

-- idempotencyKeys.insert
insert into "idempotency_keys" ("user_id", "key", "content_hash", "message_id", "reply_id", "created_at")
  values ($1, $2, $3, $4, $5, $6);

-- idempotencyKeys.createdBefore
select "user_id", "key"
  from "idempotency_keys"
  where "created_at" < $1
  limit $2;

-- idempotencyKeys.remove
delete
  from "idempotency_keys"
  where "user_id" = $1
  and "key" = $2;

-- usage.add
update "usage_days"
  set "replies" = "replies" + $1, "prompt_tokens" = "prompt_tokens" + $2, "completion_tokens" = "completion_tokens" + $3, "duration_ms" = "duration_ms" + $4
  where "user_id" = $5
  and "day" = $6
  and "provider" = $7
  and "model" = $8;

-- usage.begin
insert into "usage_days" ("user_id", "day", "provider", "model", "replies", "prompt_tokens", "completion_tokens", "duration_ms")
  values ($1, $2, $3, $4, $5, $6, $7, $8);

-- usage.list
select *
  from "usage_days"
  where "user_id" = $1
  and "day" >= $2
  and "day" <= $3
  order by "day", "provider", "model";

-- usage.taken
select "tokens", "replies"
  from "allowances"
  where "user_id" = $1
  and "day" = $2;

-- usage.take
update "allowances"
  set "tokens" = "tokens" + $1, "replies" = "replies" + $2
  where "user_id" = $3
  and "day" = $4
  and "tokens" <= $5
  and "replies" <= $6;

-- usage.open
insert into "allowances" ("user_id", "day", "tokens", "replies")
  values ($1, $2, $3, $4);

-- usage.hold
insert into "held_usage" ("uuid", "node_id", "user_id", "day", "tokens")
  values ($1, $2, $3, $4, $5);

-- usage.release
delete
  from "held_usage"
  where "uuid" = $1;

-- usage.orphans
select *
  from "held_usage"
  where not exists (select "nodes"."id" as "node"
  from "nodes"
  where "nodes"."id" = "held_usage"."node_id")
  order by "uuid"
  limit $1;

-- usage.before
select "user_id", "day"
  from "allowances"
  where "day" < $1
  limit $2;

-- usage.remove
delete
  from "allowances"
  where "user_id" = $1
  and "day" = $2;

-- search.mark
select *
  from "search_marks"
  where "user_id" = $1;

-- search.begin
insert into "search_marks" ("user_id", "position", "built_chat_id", "built_message_id", "version", "indexed_at")
  values ($1, $2, $3, $4, $5, $6);

-- search.turn
update "search_marks"
  set "version" = "version" + $1
  where "user_id" = $2
  and "version" = $3;

-- search.move
update "search_marks"
  set "position" = $1, "built_chat_id" = $2, "built_message_id" = $3, "indexed_at" = $4
  where "user_id" = $5;

-- search.newest
select "first_id", "ids", "term"
  from "search_terms"
  where "user_id" = $1
  and "kind" = $2
  and "term" = $3
  and "first_id" = $4
  union all select "first_id", "ids", "term"
  from "search_terms"
  where "user_id" = $5
  and "kind" = $6
  and "term" = $7
  and "first_id" = $8;

-- search.older
select "first_id", "ids"
  from "search_terms"
  where "user_id" = $1
  and "kind" = $2
  and "term" = $3
  and "first_id" > $4
  and "first_id" <= $5
  order by "first_id" desc
  limit $6;

-- search.younger
select "first_id", "ids"
  from "search_terms"
  where "user_id" = $1
  and "kind" = $2
  and "term" = $3
  and "first_id" > $4
  order by "first_id"
  limit $5;

-- search.writeBlocks
insert into "search_terms" ("user_id", "kind", "term", "first_id", "ids")
  values ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10)
  on conflict ("user_id", "kind", "term", "first_id") do update
  set "ids" = "excluded"."ids";

-- search.removeBlock
delete
  from "search_terms"
  where "user_id" = $1
  and "kind" = $2
  and "term" = $3
  and "first_id" = $4;

-- search.someBlocks
select "kind", "term", "first_id"
  from "search_terms"
  where "user_id" = $1
  limit $2;

-- search.keepMessage
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 0 as "kind", "id", "text"
  from "messages"
  where "text" <> $1
  and "id" = $2;

-- search.keepMessagesOfChat
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 0 as "kind", "id", "text"
  from "messages"
  where "text" <> $1
  and "chat_id" = $2;

-- search.keepTitle
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 1 as "kind", "id", "title"
  from "chats"
  where "id" = $1
  and "titled" = $2;

-- search.formers
select *
  from "search_formers"
  where "user_id" = $1
  order by "id"
  limit $2;

-- search.dropFormers
delete
  from "search_formers"
  where "id" in ($1, $2);

-- search.nextWithFormers
select "user_id"
  from "search_formers"
  where "user_id" > $1
  order by "user_id"
  limit $2;

-- search.touchedFirst
select "position", "type", "chat_id", "message_id"
  from "changes"
  where "user_id" = $1
  and "position" > $2
  order by "position"
  limit $3;

-- search.touchedLast
select "position", "type", "chat_id", "message_id"
  from "changes"
  where "user_id" = $1
  and "position" > $2
  order by "position" desc
  limit $3;

-- search.messages
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> $1
  and "user_id" = $2
  and "id" in ($3, $4);

-- search.activeOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> $1
  and "chat_id" = $2
  and "active" = $3
  and "id" > $4
  order by "id"
  limit $5;

-- search.restingOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> $1
  and "chat_id" = $2
  and "active" = $3
  and "id" > $4
  order by "id"
  limit $5;

-- search.inactiveOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> $1
  and "chat_id" = $2
  and "active" = $3
  and "id" > $4
  order by "id"
  limit $5;

-- search.chats
select "id", "uuid", "title", "titled", "created_at"
  from "chats"
  where "user_id" = $1
  and "id" in ($2, $3);

-- search.chatIds
select "id"
  from "chats"
  where "user_id" = $1;

-- search.lags
select "users"."id", "users"."feed_position", "search_marks"."position", "search_marks"."built_chat_id", "search_marks"."indexed_at"
  from "users"
  left join "search_marks"
  on "search_marks"."user_id" = "users"."id"
  where "users"."id" > $1
  order by "users"."id"
  limit $2;

-- feed.lock
select "feed_position"
  from "users"
  where "id" = $1
  for no key update;

-- feed.position
select "feed_position"
  from "users"
  where "id" = $1;

-- feed.append
insert into "changes" ("user_id", "position", "type", "chat_id", "message_id", "reply_id", "chat_uuid", "message_uuid", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9), ($10, $11, $12, $13, $14, $15, $16, $17, $18);

-- feed.advance
update "users"
  set "feed_position" = $1
  where "id" = $2;

-- feed.after
select *
  from "changes"
  where "user_id" = $1
  and "position" > $2
  order by "position"
  limit $3;

-- feed.oldest
select "position"
  from "changes"
  where "user_id" = $1
  order by "position"
  limit $2;

-- feed.createdBefore
select "user_id", "position"
  from "changes"
  where "created_at" < $1
  limit $2;

-- feed.remove
delete
  from "changes"
  where "user_id" = $1
  and "position" = $2;

-- hydration.chats
select *
  from "chats"
  where "id" in ($1, $2);

-- hydration.messages
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "id" in ($1, $2)
  and "deleted_at" is null;

-- hydration.replies
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "id" in ($1, $2);
