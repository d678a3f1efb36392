import type { CoreDependencies } from '../dependencies.ts';
import type { Reply } from '../replies/reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import type { BackgroundQuestions } from './background-questions.ts';
import { nameChat } from './name-chat.ts';
import { summariseChat } from './summarise-chat.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** What is still to do for a chat once it was answered, as far as the operator wants it. */
export function followUp(deps: Deps, background: BackgroundQuestions, reply: Reply): void {
  const { prompt } = deps;
  if (reply.state !== 'complete') return;
  if (prompt.namesChats)
    background.ask('a chat could not be named', (signal) => nameChat(deps, reply, signal));
  if (prompt.summarises)
    background.ask('a chat could not be summarised', (signal) => summariseChat(deps, reply, signal));
}
