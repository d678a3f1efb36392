import type { Store } from '../core/store.ts';
import type { Provider } from '../core/provider.ts';

export type PartState = 'ok' | 'unreachable';
export type Readiness = { ready: boolean; parts: { database: PartState; ai: PartState } };
export type ReadinessOptions = {
  store: Pick<Store, 'ping'>;
  provider: Pick<Provider, 'models'>;
  /** How long one look counts for everybody who asks. */
  keepMs?: number;
  /** How long a part may take to answer. */
  timeoutMs?: number;
};

/** Looks whether the database and the AI answer: at most one look at a time, and one per `keepMs`. */
export function createReadiness({ store, provider, keepMs = 3_000, timeoutMs = 2_000 }: ReadinessOptions) {
  let last: { at: number; looked: Promise<Readiness> } | undefined;

  return (): Promise<Readiness> => {
    const now = performance.now();
    if (last === undefined || now - last.at > keepMs) last = { at: now, looked: look() };
    return last.looked;
  };

  async function look(): Promise<Readiness> {
    const [database, ai] = await Promise.all([
      answers(() => store.ping()),
      answers((signal) => provider.models(signal)),
    ]);
    return { ready: database === 'ok' && ai === 'ok', parts: { database, ai } };
  }

  /** A part that ignores its signal is given up all the same. */
  async function answers(ask: (signal: AbortSignal) => Promise<unknown>): Promise<PartState> {
    const signal = AbortSignal.timeout(timeoutMs);
    const givenUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('No answer in time')), { once: true });
    });
    try {
      await Promise.race([ask(signal), givenUp]);
      return 'ok';
    } catch {
      return 'unreachable';
    }
  }
}
