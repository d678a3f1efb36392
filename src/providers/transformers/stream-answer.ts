import { DomainError } from '../../core/errors.ts';
import type { Prompt, ProviderEvent } from '../../core/provider.ts';
import type { ProviderSettings } from '../define-provider.ts';
import { Patience } from '../stream/patience.ts';
import { WholeCharacters } from '../stream/whole-characters.ts';
import type { ChatMessage, Report } from './library.ts';
import type { ModelThread } from './model-thread.ts';

/** The longest answer of a model that nobody has set a bound for, in tokens. */
const usualTokens = 1024;

/** The answer as it is computed. Loading takes as long as it takes; the times for the first token begin after it. @throws DomainError `ai-*` */
export async function* streamAnswer(
  { thread, settings }: { thread: ModelThread; settings: ProviderSettings },
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  await aborted(signal, thread.loaded);
  if (signal.aborted) return;
  const patience = new Patience(settings, signal);
  const maxTokens = prompt.maxOutputTokens ?? settings.maxOutputTokens ?? usualTokens;
  const temperature = prompt.temperature ?? settings.temperature;
  const reports: Report[] = [];
  let wake: () => void = () => undefined;
  patience.signal.addEventListener('abort', () => wake(), { once: true });
  const order = { messages: messagesOf(prompt), start: prompt.continues ?? '', maxTokens, temperature };
  const id = thread.generate(order, (report) => {
    reports.push(report);
    wake();
  });
  const characters = new WholeCharacters();
  try {
    let hasText = false;
    for (;;) {
      patience.wait();
      if (reports.length === 0 && !patience.signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      patience.heard();
      if (signal.aborted) return;
      patience.signal.throwIfAborted();
      const news = reports.splice(0);
      for (const report of news) if (report.type === 'text') characters.add(report.text);
      const last = news.at(-1);
      const isOver = last?.type === 'end' || last?.type === 'broke';
      const text = characters.take(isOver);
      hasText ||= text !== '';
      if (text !== '') yield { type: 'text-delta', text };
      if (signal.aborted) return;
      if (text !== '') patience.spoke();
      if (last?.type === 'broke')
        throw new DomainError(hasText ? 'ai-broke-off' : 'ai-unreachable', {
          cause: new Error(last.message.slice(0, 300)),
        });
      if (last?.type !== 'end') continue;
      const { promptTokens, completionTokens } = last;
      yield { type: 'usage', promptTokens, completionTokens };
      yield { type: 'finish', reason: completionTokens >= maxTokens ? 'length' : 'stop' };
      return;
    }
  } finally {
    patience.stop();
    thread.stop(id);
  }
}

/** Waits for something, or for the signal. */
const aborted = (signal: AbortSignal, something: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    something.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

const messagesOf = ({ system, turns, continues = '' }: Prompt): ChatMessage[] => {
  const last = turns.at(-1);
  // The shown start may be there as a turn already: it is where the model goes on from.
  const isRepeated = continues !== '' && last?.role === 'assistant' && continues.startsWith(last.text);
  const said = (isRepeated ? turns.slice(0, -1) : turns).map(({ role, text }) => ({ role, content: text }));
  return system === '' ? said : [{ role: 'system', content: system }, ...said];
};
