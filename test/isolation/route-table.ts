/** What an id names, and which of the two ids of a thing it is. */
export type Slot =
  | 'user.id'
  | 'chat.id'
  | 'chat.uuid'
  | 'message.id'
  | 'message.uuid'
  | 'reply.uuid'
  | 'file.uuid';
/** Files are named by their address, alone or in a list. */
export type NamedSlot = Slot | 'file.url' | 'file.urls';

/** How to call a route, and what to expect where its user calls it. */
export type RouteEntry = {
  /** What the parameters of its path name. */
  path?: Readonly<Record<string, Slot>>;
  /** What fields of its body name; these are stored as they are, and grant nothing. */
  named?: Readonly<Record<string, NamedSlot>>;
  /** What follows its path. */
  query?: string;
  /** The rest of its body. */
  body?: Readonly<Record<string, unknown>>;
  /** How it answers whoever may call it; 200 unless said otherwise. */
  status?: number;
  /** The answer goes on for as long as the client listens. */
  endless?: true;
  /** Its Bearer is the refresh token. */
  takesRefreshToken?: true;
  /** It ends the account of who calls it. */
  removesAccount?: true;
};

/** `PUT /chat/sessions/:sessionId`, without the patterns of its parameters. */
export type RouteTable = Readonly<Record<string, RouteEntry>>;

/** A route as the table names it. */
export const plainRoute = ({ method, url }: { method: string; url: string }): string =>
  `${method} ${url.replaceAll(/(:\w+)\(\^[^/]*\$\)/g, '$1')}`;
