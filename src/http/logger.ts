import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.ts';

export type { Logger } from 'pino';

/** Query parameters that carry a credential. */
const secretParameters = /([?&;][\w-]*(?:token|key|secret|password|code)=)[^&#;\s]*/gi;

/** A URL as a log may keep it. */
export const redactUrl = (url: string): string => url.replace(secretParameters, '$1[redacted]');

const secretFields = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'access_token',
  'refresh_token',
];

/** The process's log: JSON lines, without credentials, bodies or query tokens. Level `silent` writes nothing. */
export function createLogger(options: { level: string; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    redact: {
      paths: secretFields.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
      censor: '[redacted]',
    },
    serializers: {
      req: (request: LoggedRequest) => ({
        method: request.method,
        url: redactUrl(request.url ?? ''),
        peer: request.socket?.remoteAddress,
      }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
      err: (error: unknown) => describeError(error),
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

type LoggedRequest = {
  method?: string;
  url?: string;
  socket?: { remoteAddress?: string | undefined };
};
