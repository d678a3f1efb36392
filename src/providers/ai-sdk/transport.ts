import { DomainError } from '../../core/errors.ts';
import { askAgain } from '../http/ask-again.ts';
import { checkStatus } from '../http/check-status.ts';
import { type Exchange, openExchange } from '../http/exchange.ts';
import { type Failure, networkFailure } from '../http/vendor-error.ts';
import type { Patience } from '../stream/patience.ts';
import { AnswerBody } from './answer-body.ts';
import type { Vendor } from './vendor.ts';

/** The connection of one answer: a `fetch` for the vendor's package that asks as every other provider asks. */
export class Transport {
  readonly #vendor: Vendor;
  readonly #patience: Patience;
  #exchange: Exchange | undefined;
  #body: AnswerBody | undefined;
  #failure: DomainError | undefined;

  constructor(vendor: Vendor, patience: Patience) {
    this.#vendor = vendor;
    this.#patience = patience;
  }

  /** Why the answer ended before its time, as far as the network knows. */
  get failure(): DomainError | undefined {
    return this.#failure ?? this.#body?.failure;
  }

  /** Whether the vendor closed the connection without having said anything. */
  get isEmpty(): boolean {
    return this.#body?.isEmpty ?? true;
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    try {
      const ask = () => this.#ask(input instanceof Request ? input.url : input, init);
      this.#exchange = await askAgain(ask, { ...this.#vendor, patience: this.#patience });
      refuseWebPage(this.#exchange);
    } catch (thrown) {
      if (thrown instanceof DomainError) this.#failure = thrown;
      throw thrown;
    }
    this.#body = new AnswerBody(this.#exchange, this.#patience);
    return new Response(this.#body.open(), { headers: { 'content-type': 'text/event-stream' } });
  };

  /** Keeps the connection for the next answer where this one is `complete`; closes it where not. */
  close(complete: boolean): void {
    if (complete) this.#exchange?.leave();
    else this.#exchange?.abort();
  }

  async #ask(url: string | URL, init: RequestInit): Promise<Exchange | Failure> {
    const { agent, apiKey, surroundings } = this.#vendor;
    const { origin, pathname, search } = new URL(url);
    try {
      const request = {
        origin,
        path: pathname + search,
        method: 'POST' as const,
        headers: {
          ...Object.fromEntries(new Headers(init.headers)),
          accept: 'text/event-stream, application/json',
          'user-agent': 'parlance',
        },
        body: typeof init.body === 'string' ? init.body : '',
      };
      const exchange = await openExchange(agent, request, this.#patience.signal);
      return (await checkStatus(exchange, { secret: apiKey, now: surroundings.now() })) ?? exchange;
    } catch (thrown) {
      return networkFailure(thrown);
    }
  }
}

const refuseWebPage = ({ headers }: Exchange): void => {
  if ((headers['content-type'] ?? '').toLowerCase().includes('html'))
    throw new DomainError('ai-answer-unreadable', {
      cause: new Error('The vendor answered with a web page'),
    });
};
