import { requireLoose } from '../attachments/require-loose.ts';
import { requireChat } from '../chats/require-chat.ts';
import type { RecordChange } from '../commit-changes.ts';
import type { BranchMessage, SentMessage } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../ports.ts';
import { commitClaims } from '../replies/commit-claims.ts';
import { openReply, requireRoom } from '../replies/open-reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { Tables } from '../store.ts';
import { appendMessage } from './append-message.ts';
import { checkMessage } from './check-message.ts';
import { checkPictures } from './check-pictures.ts';
import { findMessage } from './find-message.ts';
import type { Message, MessageKey } from './message.ts';
import { openOnce } from './once.ts';
import { switchBranch } from './switch-branch.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };
type InTransaction = { tables: Tables; record: RecordChange };

/** Says a user's message otherwise, or has an assistant's written anew, anywhere in its chat. @throws see `Messages.branch` in `core.ts` */
export async function branchMessage(
  deps: Deps,
  actor: Actor,
  { key, input }: { key: MessageKey; input: BranchMessage },
): Promise<SentMessage> {
  const { idempotencyKey, ...content } = input;
  const once = openOnce(actor, { key: idempotencyKey, parts: ['branch', key, content] });
  await checkPictures(deps, content);

  const sent = await commitClaims(deps, actor.userId, async (tables, record) => {
    const first = await once.first(tables);
    if (first?.reply) return { message: first.message, reply: first.reply, duplicate: true };
    const former = await findMessage(tables, actor, key);
    const open = await requireRoom(deps, tables, former);
    if (open.length > 0) throw new DomainError('reply-running', { retryAfterSeconds: 1 });
    const { answers, chat } =
      former.role === 'user'
        ? await sayOtherwise(deps, { tables, record }, { actor, former, content })
        : await leaveAnswer(deps, { tables, record }, { actor, former, content });
    const reply = await openReply(deps, { tables, record }, { chat, answers, open });
    await once.remember(tables, { message: answers, replyId: reply.id });
    return { message: answers, reply, duplicate: false };
  });

  if (!sent.duplicate && sent.reply.state === 'writing') deps.writers.start(sent.reply);
  return sent;
}

type Branch = { actor: Actor; former: Message; content: Omit<BranchMessage, 'idempotencyKey'> };

/** What its new version does not say stays as the former has it. */
async function sayOtherwise(deps: Deps, { tables, record }: InTransaction, branch: Branch) {
  const { actor, former, content: given } = branch;
  const content = checkMessage({ ...former, ...given }, deps.limits);
  const { attachments } = given;
  await requireLoose(tables, actor, attachments ?? []);
  const chat = await leave(deps, { tables, record }, branch);
  const said = { chat, role: 'user' as const, content, parentId: former.parentId, attachments };
  const answers = await appendMessage(deps, { tables, record }, said);
  return { answers, chat: await requireChat(tables, actor, chat.id) };
}

async function leaveAnswer(deps: Deps, { tables, record }: InTransaction, branch: Branch) {
  const { actor, former, content } = branch;
  if (Object.values(content).some((value) => value !== undefined && value !== null))
    throw new DomainError('field-invalid', {
      details: [{ field: 'text', problem: "cannot be given for an assistant's message" }],
    });
  const written = await tables.replies.findByMessage(former.id);
  if (!written) throw new DomainError('reply-not-found');
  const answers = await findMessage(tables, actor, written.answersId);
  return { answers, chat: await leave(deps, { tables, record }, branch) };
}

/** Ends the active branch right before the former version. */
async function leave(deps: Deps, { tables, record }: InTransaction, { actor, former }: Branch) {
  const chat = await requireChat(tables, actor, former.chatId);
  const isActive = former.activity === 'active';
  return switchBranch(deps, { tables, record }, { chat, through: former.parentId, isActive, isEnd: true });
}
