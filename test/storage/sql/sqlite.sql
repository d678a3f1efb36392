-- users.insert
insert into "users" ("uuid", "username", "username_key", "email", "email_key", "first_name", "password_hash", "role", "created_at", "updated_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- users.lock
select "id"
  from "users"
  where "id" = ?;

-- users.findById
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "id" = ?;

-- users.findByUuid
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "uuid" = ?;

-- users.findByLogin
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at", "password_hash"
  from "users"
  where ("username_key" = ?
  or "email_key" = ?);

-- users.passwordHash
select "password_hash"
  from "users"
  where "id" = ?;

-- users.list
select "id", "uuid", "username", "email", "first_name", "role", "disabled_at", "created_at", "updated_at"
  from "users"
  where "id" > ?
  order by "id"
  limit ?;

-- users.remove
delete
  from "users"
  where "id" = ?;

-- users.patch
update "users"
  set "updated_at" = ?
  where "id" = ?;

-- sessions.insert
insert into "sessions" ("uuid", "user_id", "kind", "secret_hash", "generation", "used_generation", "created_at", "expires_at", "lifetime_ms")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- sessions.lock
select "id"
  from "sessions"
  where "uuid" = ?;

-- sessions.findByUuid
select "sessions"."id", "sessions"."uuid", "sessions"."user_id", "sessions"."kind", "sessions"."generation", "sessions"."used_generation", "sessions"."created_at", "sessions"."expires_at", "sessions"."lifetime_ms", "sessions"."ended_at", "users"."uuid" as "user_uuid", "users"."username", "users"."email", "users"."first_name", "users"."role", "users"."disabled_at", "users"."created_at" as "user_created_at", "users"."updated_at" as "user_updated_at"
  from "sessions"
  inner join "users"
  on "users"."id" = "sessions"."user_id"
  where "sessions"."uuid" = ?;

-- sessions.findBySecret
select "sessions"."id", "sessions"."uuid", "sessions"."user_id", "sessions"."kind", "sessions"."generation", "sessions"."used_generation", "sessions"."created_at", "sessions"."expires_at", "sessions"."lifetime_ms", "sessions"."ended_at", "users"."uuid" as "user_uuid", "users"."username", "users"."email", "users"."first_name", "users"."role", "users"."disabled_at", "users"."created_at" as "user_created_at", "users"."updated_at" as "user_updated_at"
  from "sessions"
  inner join "users"
  on "users"."id" = "sessions"."user_id"
  where "sessions"."secret_hash" = ?;

-- sessions.patch
update "sessions"
  set "expires_at" = ?
  where "id" = ?;

-- sessions.end
update "sessions"
  set "ended_at" = ?
  where "id" = ?
  and "ended_at" is null;

-- sessions.living
select "id"
  from "sessions"
  where "user_id" = ?
  and "ended_at" is null
  and "id" <> ?
  order by "id";

-- sessions.livingBeyond
select "id"
  from "sessions"
  where "user_id" = ?
  and "ended_at" is null
  order by "id" desc
  limit ?
  offset ?;

-- sessions.endedSince
select "id"
  from "sessions"
  where "ended_at" >= ?;

-- sessions.endedBefore
select "id"
  from "sessions"
  where "ended_at" < ?
  limit ?;

-- sessions.expiredBefore
select "id"
  from "sessions"
  where "expires_at" < ?
  limit ?;

-- sessions.remove
delete
  from "sessions"
  where "id" in (?, ?);

-- chats.insert
insert into "chats" ("uuid", "user_id", "title", "titled", "pinned", "model", "system_prompt", "temperature_milli", "max_output_tokens", "message_count", "last_message_text", "revision", "created_at", "updated_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- chats.findById
select *
  from "chats"
  where "id" = ?
  and "user_id" = ?;

-- chats.findByUuid
select *
  from "chats"
  where "uuid" = ?
  and "user_id" = ?;

-- chats.ownerById
select "user_id"
  from "chats"
  where "id" = ?;

-- chats.ownerByUuid
select "user_id"
  from "chats"
  where "uuid" = ?;

-- chats.first
select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  union all select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  order by "updated_at" desc, "id" desc
  limit ?
  offset ?;

-- chats.next
select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  and "updated_at" <= ?
  and ("updated_at" < ?
  or "id" < ?)
  union all select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  and "updated_at" <= ?
  and ("updated_at" < ?
  or "id" < ?)
  order by "updated_at" desc, "id" desc
  limit ?
  offset ?;

-- chats.firstPinned
select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  order by "updated_at" desc, "id" desc
  limit ?
  offset ?;

-- chats.nextPinned
select *
  from "chats"
  where "user_id" = ?
  and "pinned" = ?
  and "updated_at" <= ?
  and ("updated_at" < ?
  or "id" < ?)
  order by "updated_at" desc, "id" desc
  limit ?
  offset ?;

-- chats.count
select count(*) as "total"
  from "chats"
  where "user_id" = ?;

-- chats.patch
update "chats"
  set "updated_at" = ?
  where "id" = ?;

-- chats.remove
delete
  from "chats"
  where "id" = ?;

-- messages.insert
insert into "messages" ("uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "active", "revision", "created_at", "updated_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- messages.findById
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "id" = ?
  and "user_id" = ?;

-- messages.findByUuid
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "uuid" = ?
  and "user_id" = ?;

-- messages.oldest
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  and "id" < ?
  and ("state" <> ?
  or "text" <> ?
  or exists (select "reply_deltas"."start"
  from "replies"
  inner join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null))
  order by "id"
  limit ?;

-- messages.newest
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  and "id" < ?
  and ("state" <> ?
  or "text" <> ?
  or exists (select "reply_deltas"."start"
  from "replies"
  inner join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null))
  order by "id" desc
  limit ?;

-- messages.finished
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  and "state" <> ?
  order by "id"
  limit ?
  offset ?;

-- messages.turns
select "role", "text", "image_url", "media"
  from "messages"
  where "chat_id" = ?
  and "active" = ?
  and "deleted_at" is null
  and "id" > ?
  and "id" < ?
  and "state" <> ?
  order by "id" desc
  limit ?;

-- messages.last
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = ?
  and "active" = ?
  order by "id" desc
  limit ?;

-- messages.lastId
select "id"
  from "messages"
  where "deleted_at" is null
  and "chat_id" = ?
  and "active" = ?
  order by "id" desc
  limit ?;

-- messages.textSoFar
select "messages"."id", "messages"."state", "messages"."text", "messages"."revision", "messages"."updated_at", "reply_deltas"."start", "reply_deltas"."text" as "delta"
  from "messages"
  left join "replies"
  on "replies"."message_id" = "messages"."id"
  and "replies"."ended_at" is null
  left join "reply_deltas"
  on "reply_deltas"."reply_id" = "replies"."id"
  where "messages"."id" in (?, ?);

-- messages.twigs
select "id", "parent_id", "role", "active", "deleted_at"
  from "messages"
  where "chat_id" = ?
  and "id" > ?;

-- messages.besides
select "id", "parent_id", "role", "active"
  from "messages"
  where "chat_id" = ?
  and "active" in (?, ?)
  and "deleted_at" is null
  and "id" > ?
  and coalesce("parent_id", 0) in (?, ?);

-- messages.setActivity
update "messages"
  set "active" = ?
  where "id" in (?, ?);

-- messages.patch
update "messages"
  set "updated_at" = ?
  where "id" = ?;

-- messages.finish
update "messages"
  set "text" = ?, "state" = ?, "revision" = "revision" + 1, "updated_at" = ?
  where "id" = ?;

-- messages.bury
update "messages"
  set "text" = ?, "image_url" = ?, "media" = ?, "deleted_at" = ?, "updated_at" = ?
  where "id" = ?;

-- messages.removeReplies
delete
  from "replies"
  where "chat_id" = ?;

-- messages.removeAll
delete
  from "messages"
  where "chat_id" = ?;

-- replies.insert
insert into "replies" ("uuid", "chat_id", "chat_uuid", "user_id", "answers_id", "message_id", "state", "node_id", "provider", "model", "reserved_tokens", "started_at", "created_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- replies.findById
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "id" = ?
  and "user_id" = ?;

-- replies.findByUuid
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "uuid" = ?
  and "user_id" = ?;

-- replies.findByMessage
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "message_id" = ?
  order by "id" desc
  limit ?;

-- replies.lastAnswering
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "chat_id" = ?
  and "ended_at" is not null
  and "answers_id" = ?
  order by "ended_at" desc, "id" desc
  limit ?;

-- replies.openInChat
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "chat_id" = ?
  order by "id";

-- replies.writingOf
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "user_id" = ?
  and "state" = ?
  order by "id";

-- replies.requestStop
update "replies"
  set "stop_requested" = ?
  where "id" = ?
  and "ended_at" is null;

-- replies.stopRequested
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "node_id" = ?
  and "stop_requested" = ?;

-- replies.countOpen
select count(*) as "count"
  from "replies"
  where "user_id" = ?
  and "ended_at" is null;

-- replies.writtenBy
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = ?
  and "node_id" = ?
  limit ?;

-- replies.orphans
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = ?
  and not exists (select "nodes"."id" as "node"
  from "nodes"
  where "nodes"."id" = "replies"."node_id")
  order by "id"
  limit ?;

-- replies.stalled
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "ended_at" is null
  and "state" = ?
  and not exists (select "other"."id" as "other_id"
  from "replies" as "other"
  where "other"."chat_id" = "replies"."chat_id"
  and "other"."ended_at" is null
  and ("other"."state" = ?
  or "other"."id" < "replies"."id"))
  order by "id"
  limit ?;

-- replies.claim
update "replies"
  set "state" = ?, "node_id" = ?, "provider" = ?, "model" = ?, "started_at" = ?
  where "id" = ?
  and "state" = ?;

-- replies.endWaiting
update "replies"
  set "state" = ?, "error_code" = ?, "provider" = ?, "model" = ?, "prompt_tokens" = ?, "completion_tokens" = ?, "tokens_estimated" = ?, "first_text_at" = ?, "ended_at" = ?
  where "id" = ?
  and "ended_at" is null
  and "state" = ?;

-- replies.endWriting
update "replies"
  set "state" = ?, "error_code" = ?, "provider" = ?, "model" = ?, "prompt_tokens" = ?, "completion_tokens" = ?, "tokens_estimated" = ?, "first_text_at" = ?, "ended_at" = ?
  where "id" = ?
  and "ended_at" is null
  and "node_id" = ?;

-- replies.dropMessage
update "replies"
  set "message_id" = ?
  where "id" = ?;

-- replyLog.lengths
select "replies"."id", (select "start" + "length" as "length"
  from "reply_deltas"
  where "reply_deltas"."reply_id" = "replies"."id"
  order by "start" desc
  limit ?) as "length"
  from "replies"
  where "replies"."id" in (?, ?)
  and "replies"."ended_at" is null;

-- replyLog.append
insert into "reply_deltas" ("reply_id", "start", "length", "text")
  values (?, ?, ?, ?), (?, ?, ?, ?);

-- replyLog.textFrom
select "start", "text"
  from "reply_deltas"
  where "reply_id" = ?
  and "start" >= coalesce((select "start"
  from "reply_deltas"
  where "reply_id" = ?
  and "start" <= ?
  order by "start" desc
  limit ?), 0)
  order by "start";

-- replyLog.drop
delete
  from "reply_deltas"
  where "reply_id" = ?;

-- nodes.insert
insert into "nodes" ("id", "beat_at")
  values (?, ?);

-- nodes.beat
update "nodes"
  set "beat_at" = ?
  where "id" = ?;

-- nodes.holds
select "beat_at"
  from "nodes"
  where "id" = ?;

-- nodes.list
select "id", "beat_at"
  from "nodes";

-- nodes.remove
delete
  from "nodes"
  where "id" = ?;

-- nodes.removeSilent
delete
  from "nodes"
  where "id" = ?
  and "beat_at" = ?;

-- attachments.insert
insert into "attachments" ("uuid", "user_id", "name", "media_type", "size_bytes", "sha256", "storage_key", "width", "height", "created_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- attachments.find
select "id", "uuid", "user_id", "message_id", "name", "media_type", "size_bytes", "sha256", "width", "height", "created_at"
  from "attachments"
  where "uuid" = ?
  and "user_id" = ?;

-- attachments.exists
select "id"
  from "attachments"
  where "uuid" = ?;

-- attachments.countLoose
select count(*) as "count"
  from "attachments"
  where "user_id" = ?
  and "message_id" is null;

-- attachments.attach
update "attachments"
  set "message_id" = ?
  where "uuid" = ?
  and "user_id" = ?
  and "message_id" is null;

-- attachments.handOver
update "attachments"
  set "message_id" = ?
  where "uuid" = ?
  and "message_id" = ?;

-- attachments.totalBytes
select sum("size_bytes") as "total"
  from "attachments"
  where "user_id" = ?;

-- attachments.ofMessage
select "id", "uuid"
  from "attachments"
  where "message_id" = ?;

-- attachments.ofChat
select "id", "uuid"
  from "attachments"
  where "user_id" = ?
  and (select "chat_id"
  from "messages"
  where "messages"."id" = "attachments"."message_id") = ?;

-- attachments.ofUser
select "id", "uuid"
  from "attachments"
  where "user_id" = ?;

-- attachments.loose
select "id", "uuid", "user_id", "message_id", "name", "media_type", "size_bytes", "sha256", "width", "height", "created_at"
  from "attachments"
  where "message_id" is null
  and "created_at" < ?
  order by "id"
  limit ?;

-- attachments.remove
delete
  from "attachments"
  where "id" = ?;

-- attachments.removeLoose
delete
  from "attachments"
  where "id" = ?
  and "message_id" is null;

-- idempotencyKeys.find
select "content_hash", "message_id", "reply_id"
  from "idempotency_keys"
  where "user_id" = ?
  and "key" = ?;

-- idempotencyKeys.insert
insert into "idempotency_keys" ("user_id", "key", "content_hash", "message_id", "reply_id", "created_at")
  values (?, ?, ?, ?, ?, ?);

-- idempotencyKeys.createdBefore
select "user_id", "key"
  from "idempotency_keys"
  where "created_at" < ?
  limit ?;

-- idempotencyKeys.remove
delete
  from "idempotency_keys"
  where "user_id" = ?
  and "key" = ?;

-- usage.add
update "usage_days"
  set "replies" = "replies" + ?, "prompt_tokens" = "prompt_tokens" + ?, "completion_tokens" = "completion_tokens" + ?, "duration_ms" = "duration_ms" + ?
  where "user_id" = ?
  and "day" = ?
  and "provider" = ?
  and "model" = ?;

-- usage.begin
insert into "usage_days" ("user_id", "day", "provider", "model", "replies", "prompt_tokens", "completion_tokens", "duration_ms")
  values (?, ?, ?, ?, ?, ?, ?, ?);

-- usage.list
select *
  from "usage_days"
  where "user_id" = ?
  and "day" >= ?
  and "day" <= ?
  order by "day", "provider", "model";

-- usage.taken
select "tokens", "replies"
  from "allowances"
  where "user_id" = ?
  and "day" = ?;

-- usage.take
update "allowances"
  set "tokens" = "tokens" + ?, "replies" = "replies" + ?
  where "user_id" = ?
  and "day" = ?
  and "tokens" <= ?
  and "replies" <= ?;

-- usage.open
insert into "allowances" ("user_id", "day", "tokens", "replies")
  values (?, ?, ?, ?);

-- usage.hold
insert into "held_usage" ("uuid", "node_id", "user_id", "day", "tokens")
  values (?, ?, ?, ?, ?);

-- usage.release
delete
  from "held_usage"
  where "uuid" = ?;

-- usage.orphans
select *
  from "held_usage"
  where not exists (select "nodes"."id" as "node"
  from "nodes"
  where "nodes"."id" = "held_usage"."node_id")
  order by "uuid"
  limit ?;

-- usage.before
select "user_id", "day"
  from "allowances"
  where "day" < ?
  limit ?;

-- usage.remove
delete
  from "allowances"
  where "user_id" = ?
  and "day" = ?;

-- search.mark
select *
  from "search_marks"
  where "user_id" = ?;

-- search.begin
insert into "search_marks" ("user_id", "position", "built_chat_id", "built_message_id", "version", "indexed_at")
  values (?, ?, ?, ?, ?, ?);

-- search.turn
update "search_marks"
  set "version" = "version" + ?
  where "user_id" = ?
  and "version" = ?;

-- search.move
update "search_marks"
  set "position" = ?, "built_chat_id" = ?, "built_message_id" = ?, "indexed_at" = ?
  where "user_id" = ?;

-- search.newest
select "first_id", "ids", "term"
  from "search_terms"
  where "user_id" = ?
  and "kind" = ?
  and "term" = ?
  and "first_id" = ?
  union all select "first_id", "ids", "term"
  from "search_terms"
  where "user_id" = ?
  and "kind" = ?
  and "term" = ?
  and "first_id" = ?;

-- search.older
select "first_id", "ids"
  from "search_terms"
  where "user_id" = ?
  and "kind" = ?
  and "term" = ?
  and "first_id" > ?
  and "first_id" <= ?
  order by "first_id" desc
  limit ?;

-- search.younger
select "first_id", "ids"
  from "search_terms"
  where "user_id" = ?
  and "kind" = ?
  and "term" = ?
  and "first_id" > ?
  order by "first_id"
  limit ?;

-- search.writeBlocks
insert into "search_terms" ("user_id", "kind", "term", "first_id", "ids")
  values (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)
  on conflict ("user_id", "kind", "term", "first_id") do update
  set "ids" = "excluded"."ids";

-- search.removeBlock
delete
  from "search_terms"
  where "user_id" = ?
  and "kind" = ?
  and "term" = ?
  and "first_id" = ?;

-- search.someBlocks
select "kind", "term", "first_id"
  from "search_terms"
  where "user_id" = ?
  limit ?;

-- search.keepMessage
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 0 as "kind", "id", "text"
  from "messages"
  where "text" <> ?
  and "id" = ?;

-- search.keepMessagesOfChat
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 0 as "kind", "id", "text"
  from "messages"
  where "text" <> ?
  and "chat_id" = ?;

-- search.keepTitle
insert into "search_formers" ("user_id", "kind", "subject_id", "text") select "user_id", 1 as "kind", "id", "title"
  from "chats"
  where "id" = ?
  and "titled" = ?;

-- search.formers
select *
  from "search_formers"
  where "user_id" = ?
  order by "id"
  limit ?;

-- search.dropFormers
delete
  from "search_formers"
  where "id" in (?, ?);

-- search.nextWithFormers
select "user_id"
  from "search_formers"
  where "user_id" > ?
  order by "user_id"
  limit ?;

-- search.touchedFirst
select "position", "type", "chat_id", "message_id"
  from "changes"
  where "user_id" = ?
  and "position" > ?
  order by "position"
  limit ?;

-- search.touchedLast
select "position", "type", "chat_id", "message_id"
  from "changes"
  where "user_id" = ?
  and "position" > ?
  order by "position" desc
  limit ?;

-- search.messages
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> ?
  and "user_id" = ?
  and "id" in (?, ?);

-- search.activeOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> ?
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  order by "id"
  limit ?;

-- search.restingOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> ?
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  order by "id"
  limit ?;

-- search.inactiveOfChat
select "id", "uuid", "chat_id", "chat_uuid", "role", "text", "active", "created_at"
  from "messages"
  where "deleted_at" is null
  and "state" <> ?
  and "chat_id" = ?
  and "active" = ?
  and "id" > ?
  order by "id"
  limit ?;

-- search.chats
select "id", "uuid", "title", "titled", "created_at"
  from "chats"
  where "user_id" = ?
  and "id" in (?, ?);

-- search.chatIds
select "id"
  from "chats"
  where "user_id" = ?;

-- search.lags
select "users"."id", "users"."feed_position", "search_marks"."position", "search_marks"."built_chat_id", "search_marks"."indexed_at"
  from "users"
  left join "search_marks"
  on "search_marks"."user_id" = "users"."id"
  where "users"."id" > ?
  order by "users"."id"
  limit ?;

-- feed.lock
select "feed_position"
  from "users"
  where "id" = ?;

-- feed.position
select "feed_position"
  from "users"
  where "id" = ?;

-- feed.append
insert into "changes" ("user_id", "position", "type", "chat_id", "message_id", "reply_id", "chat_uuid", "message_uuid", "created_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- feed.advance
update "users"
  set "feed_position" = ?
  where "id" = ?;

-- feed.after
select *
  from "changes"
  where "user_id" = ?
  and "position" > ?
  order by "position"
  limit ?;

-- feed.oldest
select "position"
  from "changes"
  where "user_id" = ?
  order by "position"
  limit ?;

-- feed.createdBefore
select "user_id", "position"
  from "changes"
  where "created_at" < ?
  limit ?;

-- feed.remove
delete
  from "changes"
  where "user_id" = ?
  and "position" = ?;

-- hydration.chats
select *
  from "chats"
  where "id" in (?, ?);

-- hydration.messages
select "id", "uuid", "chat_id", "chat_uuid", "user_id", "parent_id", "role", "state", "text", "image_url", "kind", "media", "reply_to_uuid", "delivery_status", "active", "revision", "created_at", "updated_at"
  from "messages"
  where "id" in (?, ?)
  and "deleted_at" is null;

-- hydration.replies
select "replies".*, (select "messages"."uuid"
  from "messages"
  where "messages"."id" = "replies"."answers_id") as "answers_uuid"
  from "replies"
  where "id" in (?, ?);
