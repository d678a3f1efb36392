export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };
export type Call = {
  /** Sent as the Bearer. */
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: NonNullable<RequestInit['body']>;
};

/** Calls a route, as in `POST /api/chat/create`. */
export type CallRoute = (route: string, call?: Call) => Promise<Answer>;

/** Calls the routes of the server at an address. */
export const createCall =
  (url: string): CallRoute =>
  async (route, { token, headers = {}, body, raw } = {}) => {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  };

/** Sorted, so that order does not count. */
export const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted();

/** A time as these wires write it: UTC to the second, without a zone. */
export const naiveTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
