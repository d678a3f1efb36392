import type { Prompt, PromptTurn } from '../../core/provider.ts';

export type ChatBodyOptions = {
  model: string;
  maxOutputTokens: number | undefined;
  /** Which field the server reads the limit from: OpenAI's newer models refuse the old one, other servers know only it. */
  limitField: 'max_tokens' | 'max_completion_tokens';
  temperature: number | undefined;
  seesImages: boolean;
  asksUsage: boolean;
};

const goOn =
  'Your last answer was cut off. Go on from exactly where it stopped: begin with its very next character, ' +
  'repeat nothing of it, and add no introduction.';

/** The vendor's request for a prompt, as JSON text. */
export const createChatBody = (prompt: Prompt, options: ChatBodyOptions): string =>
  JSON.stringify({
    model: options.model,
    messages: [...createMessages(prompt, options.seesImages)],
    stream: true,
    stream_options: options.asksUsage ? { include_usage: true } : undefined,
    [options.limitField]: options.maxOutputTokens,
    temperature: options.temperature,
  });

function* createMessages({ system, turns, continues = '' }: Prompt, seesImages: boolean): Generator<object> {
  if (system !== '') yield { role: 'system', content: system };
  const last = turns.at(-1);
  // The shown start may be there as a turn already: it is sent once.
  const isRepeated = continues !== '' && last?.role === 'assistant' && continues.startsWith(last.text);
  for (const turn of join(isRepeated ? turns.slice(0, -1) : turns)) yield createMessage(turn, seesImages);
  if (continues === '') return;
  yield { role: 'assistant', content: continues };
  yield { role: 'user', content: goOn };
}

/** Turns of one side that follow each other (a reply between them failed) become one: many models insist on taking turns. */
const join = (turns: readonly PromptTurn[]): PromptTurn[] => {
  const joined: PromptTurn[] = [];
  for (const turn of turns) {
    const before = joined.at(-1);
    const isSameSide =
      before?.role === turn.role && before.imageUrl === undefined && turn.imageUrl === undefined;
    if (isSameSide) joined.splice(-1, 1, { role: turn.role, text: `${before.text}\n\n${turn.text}` });
    else joined.push(turn);
  }
  return joined;
};

const createMessage = ({ role, text, imageUrl }: PromptTurn, seesImages: boolean): object => {
  if (imageUrl === undefined || !seesImages) return { role, content: text };
  const image = { type: 'image_url', image_url: { url: imageUrl } };
  return { role, content: text === '' ? [image] : [{ type: 'text', text }, image] };
};
