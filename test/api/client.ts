import { createParser, type EventSourceMessage } from 'eventsource-parser';

export type Json = Record<string, unknown>;
export type Answer<Body> = { status: number; headers: Headers; body: Body };
export type Shown = { id: string; [key: string]: unknown };
export type ShownChat = Shown & { title: string; pinned: boolean; revision: number };
export type ShownMessage = Shown & { role: string; state: string; text: string; revision: number };
export type ShownReply = Shown & { state: string; error_code: string | null; events_url: string };
export type Sent = { message: ShownMessage; reply: ShownReply };
export type Page<Item> = {
  items: Item[];
  next_cursor: string | null;
  older_cursor: string | null;
  newer_cursor: string;
};

/** Events of a stream, one at a time. `event` and `data` as they came, `id` where one was given. */
export type Stream = {
  response: Response;
  next(): Promise<EventSourceMessage | undefined>;
  /** Every event until the stream ends. */
  rest(): Promise<EventSourceMessage[]>;
  /** Events until one of the given name, with it. */
  until(event: string): Promise<EventSourceMessage[]>;
  leave(): void;
};

/** A caller of the API with one credential, or none. */
export class Client {
  readonly url: string;
  readonly headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.headers = headers;
  }

  with(headers: Record<string, string>): Client {
    return new Client(this.url, { ...this.headers, ...headers });
  }

  async call<Body = Json>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    };
  }

  get = <Body = Json>(path: string) => this.call<Body>('GET', path);
  post = <Body = Json>(path: string, body?: unknown) => this.call<Body>('POST', path, body);
  patch = <Body = Json>(path: string, body?: unknown) => this.call<Body>('PATCH', path, body);
  delete = (path: string) => this.call('DELETE', path);

  /** A new chat's id. */
  async chat(): Promise<string> {
    return (await this.post<ShownChat>('/chats', {})).body.id;
  }

  async send(chat: string, text: string): Promise<Sent> {
    const { status, body } = await this.post<Sent>(`/chats/${chat}/messages`, { text });
    if (status !== 202) throw new Error(`Sending gave ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async stream(path: string, init: { lastEventId?: string; body?: unknown } = {}): Promise<Stream> {
    const abort = new AbortController();
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method: init.body === undefined ? 'GET' : 'POST',
      headers: {
        ...this.headers,
        accept: 'text/event-stream',
        ...(init.lastEventId === undefined ? {} : { 'last-event-id': init.lastEventId }),
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      signal: abort.signal,
    });
    const events = read(response);
    const next = async () => {
      const { value, done } = await events.next();
      return done ? undefined : value;
    };
    const until = async (event: string | undefined) => {
      const seen: EventSourceMessage[] = [];
      for (let one = await next(); one !== undefined; one = await next()) {
        seen.push(one);
        if (one.event === event) return seen;
      }
      if (event !== undefined) throw new Error(`The stream ended without ${event}: ${JSON.stringify(seen)}`);
      return seen;
    };
    return { response, next, until, rest: () => until(undefined), leave: () => abort.abort() };
  }
}

async function* read(response: Response): AsyncGenerator<EventSourceMessage, void, void> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
}

export const dataOf = <Data = Json>(event: EventSourceMessage | undefined): Data =>
  JSON.parse(event?.data ?? 'null') as Data;

/** The text that a reader of these events has seen, where each delta must go on where the one before ended. */
export function textOf(events: readonly EventSourceMessage[], from = 0): string {
  let text = '';
  for (const event of events) {
    if (event.event !== 'text-delta') continue;
    const delta = dataOf<{ start: number; text: string }>(event);
    if (delta.start !== from + text.length)
      throw new Error(`A gap: ${delta.start} after ${from + text.length}`);
    text += delta.text;
    if (event.id !== undefined && event.id !== `${from + text.length}`)
      throw new Error(`A wrong id: ${event.id}`);
  }
  return text;
}

let count = 0;
/** A new user, and a caller that is signed in as that user with tokens. */
export async function newUser(
  url: string,
): Promise<{ client: Client; username: string; password: string; refreshToken: string }> {
  const username = `user-${(count += 1)}`;
  const password = `the password of ${username}`;
  const { body } = await new Client(url).post<Record<string, string>>('/auth/register', {
    username,
    password,
    mode: 'tokens',
  });
  const client = new Client(url, { authorization: `Bearer ${body['access_token']}` });
  return { client, username, password, refreshToken: body['refresh_token'] ?? '' };
}
