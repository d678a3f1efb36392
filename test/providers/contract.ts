import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/core/provider.ts';
import { ask, collect } from './collect.ts';

/** A provider under test, fresh for each case, and prompts that its world answers. */
export type ContractSubject = {
  provider: Provider;
  /** A prompt with a long answer. */
  long: string;
  close(): Promise<void>;
};

/** What every provider promises, whatever stands behind it. */
export const describeContract = (name: string, create: () => Promise<ContractSubject>): void => {
  describe(`${name} keeps the contract`, () => {
    let subject: ContractSubject;
    beforeEach(async () => {
      subject = await create();
    });
    afterEach(async () => {
      await subject.provider.close();
      await subject.close();
    });

    it('is named as in the list', () => {
      expect(subject.provider.name).toBe(name);
      expect(typeof subject.provider.seesImages).toBe('boolean');
    });

    it('says text, at most one usage, exactly one finish, and nothing after', async () => {
      const { events, text, thrown } = await collect(subject.provider, ask('Hello'));
      expect(thrown).toBeUndefined();
      expect(text).not.toBe('');
      const order = events.map((event) => event.type).filter((type, index, all) => type !== all[index - 1]);
      expect(['text-delta finish', 'text-delta usage finish']).toContain(order.join(' '));
      expect(events.filter((event) => event.type === 'finish')).toEqual([{ type: 'finish', reason: 'stop' }]);
      expect(events.filter((event) => event.type === 'usage').length).toBeLessThanOrEqual(1);
    });

    it('never says an empty delta or half a character', async () => {
      const { events } = await collect(subject.provider, ask(subject.long));
      const texts = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => text === '' || !isWellFormed(text))).toEqual([]);
    });

    it('says the same to the same prompt', async () => {
      const first = await collect(subject.provider, ask('Tell me a joke'));
      const second = await collect(subject.provider, ask('Tell me a joke'));
      expect(second.text).toBe(first.text);
    });

    it('says nothing when it is stopped before it starts', async () => {
      const { events, thrown } = await collect(subject.provider, ask('Hello'), AbortSignal.abort());
      expect({ events, thrown }).toEqual({ events: [], thrown: undefined });
    });

    it('ends without a finish and without an error when it is stopped midway', async () => {
      const stop = new AbortController();
      const types: string[] = [];
      for await (const event of subject.provider.stream(ask(subject.long), stop.signal)) {
        types.push(event.type);
        stop.abort();
      }
      expect(types).toEqual(['text-delta']);
    });

    it('can be left midway', async () => {
      for await (const event of subject.provider.stream(ask(subject.long), new AbortController().signal)) {
        expect(event.type).toBe('text-delta');
        break;
      }
      const { thrown } = await collect(subject.provider, ask('Hello'));
      expect(thrown).toBeUndefined();
    });

    it('answers many at once, each with its own text', async () => {
      const prompts = Array.from({ length: 40 }, () => ask('Hello'));
      const answers = await Promise.all(prompts.map((prompt) => collect(subject.provider, prompt)));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.every(({ events }) => events.at(-1)?.type === 'finish')).toBe(true);
    });

    it('goes on after a shown start without saying it again', async () => {
      const whole = await collect(subject.provider, ask('Hello'));
      const rest = await collect(subject.provider, ask('Hello', { continues: whole.text.slice(0, 4) }));
      expect(rest.thrown).toBeUndefined();
      expect(rest.events.at(-1)?.type).toBe('finish');
    });

    it('names its models, the one that answers among them', async () => {
      const models = await subject.provider.models();
      await collect(subject.provider, ask('Hello'));
      expect(models.map(({ id }) => id)).toContain(subject.provider.model);
    });
  });
};

const isWellFormed = (text: string): boolean => !/[\p{Surrogate}\0]/u.test(text);
