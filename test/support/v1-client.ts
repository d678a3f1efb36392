import { createParser, type EventSourceMessage } from 'eventsource-parser';

export type V1Message = { id: string; role: string; state: string; text: string };
export type V1Reply = { id: string; state: string; error_code: string | null };
export type Sent = { message: V1Message; reply: V1Reply };

export type V1Client = {
  readonly url: string;
  readonly token: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The JSON answer. @throws Error when it is not a 2xx */
  json<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Events of a stream until it ends; returning early closes the connection. */
  events(path: string, lastEventId?: string): AsyncGenerator<EventSourceMessage, void, void>;
};

/** A client of /api/v1 that is signed in as a user, made where it does not exist. */
export async function signInV1(url: string, username: string): Promise<V1Client> {
  const password = `the password of ${username}`;
  const guest = createV1Client(url, '');
  const account = { username, password, mode: 'tokens' };
  const made = await guest.request('POST', '/api/v1/auth/register', account);
  const answer = made.ok
    ? made
    : await guest.request('POST', '/api/v1/auth/sign-in', { login: username, password });
  const { access_token } = (await answer.json()) as { access_token: string };
  return createV1Client(url, access_token);
}

/** A client of /api/v1 with an access token it has already; empty for none. */
export function createV1Client(url: string, token: string): V1Client {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };

  const request: V1Client['request'] = (method, path, body, headers = {}) =>
    fetch(url + path, {
      method,
      headers: {
        ...authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    url,
    token,
    request,
    async json<Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
      const response = await request(method, path, body, headers);
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
    async *events(path, lastEventId) {
      const abort = new AbortController();
      const response = await fetch(url + path, {
        headers: {
          ...authorization,
          accept: 'text/event-stream',
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal: abort.signal,
      });
      if (response.status === 204) return;
      if (!response.ok || !response.body) throw new Error(`GET ${path}: ${response.status}`);
      const arrived: EventSourceMessage[] = [];
      const parser = createParser({ onEvent: (event) => arrived.push(event) });
      try {
        for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
          parser.feed(chunk);
          yield* arrived.splice(0);
        }
      } finally {
        abort.abort();
      }
    },
  };
}
