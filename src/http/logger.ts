import { pino, type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe-error.ts';
import { logText } from './log-text.ts';

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

type LoggerOptions = {
  level: string;
  /** `auto` is text where somebody looks on, at a terminal, and JSON lines where a program collects them. */
  format?: 'auto' | 'json' | 'text';
  destination?: DestinationStream;
};

/** The process's log, without credentials, bodies or query tokens. Level `silent` writes nothing. */
export function createLogger({ level, format = 'json', destination }: LoggerOptions): Logger {
  const settings = {
    level,
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
  const asText = format === 'text' || (format === 'auto' && process.stdout.isTTY);
  if (!asText) return destination ? pino(settings, destination) : pino(settings);
  const lines = destination ?? { write: (line: string) => process.stdout.write(line) };
  return pino(settings, { write: (line) => lines.write(logText(line)) });
}

type LoggedRequest = {
  method?: string;
  url?: string;
  socket?: { remoteAddress?: string | undefined };
};
