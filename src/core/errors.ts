/** The kinds of failure a caller can act on. Each dialect renders every kind; see `dialects/<name>/errors.ts`. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media'
  | 'unprocessable'
  | 'rate-limited'
  | 'unavailable'
  | 'bad-gateway'
  | 'gateway-timeout'
  | 'internal';

/** Every failure the core can report: its kind, and the sentence a client may read. `docs/errors.md` is checked against it. */
export const errors = {
  'request-malformed': { kind: 'invalid', message: 'The request could not be understood' },
  'request-too-deep': { kind: 'invalid', message: 'The JSON body is nested too deeply' },
  'key-forbidden': { kind: 'invalid', message: 'The JSON body has a forbidden key' },
  'fields-missing': { kind: 'invalid', message: 'Missing required fields' },
  'field-invalid': { kind: 'invalid', message: 'A field has an invalid value' },
  'text-empty': { kind: 'invalid', message: 'Message text is required' },
  'text-too-long': { kind: 'invalid', message: 'Message is too long' },
  'text-not-unicode': {
    kind: 'invalid',
    message: 'Text must be valid Unicode without NUL characters',
  },
  'title-empty': { kind: 'invalid', message: 'Title cannot be empty' },
  'title-too-long': { kind: 'invalid', message: 'Title cannot exceed 255 characters' },
  'model-not-offered': {
    kind: 'invalid',
    message: 'This model is not offered; the list of models names those that are',
  },
  'username-invalid': {
    kind: 'invalid',
    message: 'Username must have 1 to 80 visible characters and no @',
  },
  'email-invalid': { kind: 'invalid', message: 'Email address is not valid' },
  'password-invalid': { kind: 'invalid', message: 'Password must have 1 to 1024 characters' },
  'search-empty': { kind: 'invalid', message: 'Search for at least one word' },
  'cursor-invalid': { kind: 'invalid', message: 'The cursor is not one that this server gave out' },
  'page-size-invalid': { kind: 'invalid', message: 'The page size must be between 1 and 100' },
  'position-invalid': { kind: 'invalid', message: 'The position is not one that this server gave out' },
  'idempotency-key-invalid': {
    kind: 'invalid',
    message: 'Idempotency-Key must have 1 to 255 visible ASCII characters',
  },
  'file-empty': { kind: 'invalid', message: 'The file is empty' },
  'image-missing': { kind: 'invalid', message: 'No image provided' },
  'credentials-wrong': { kind: 'unauthenticated', message: 'Invalid username or password' },
  'credentials-missing': { kind: 'unauthenticated', message: 'Authentication required' },
  'token-invalid': { kind: 'unauthenticated', message: 'Token is invalid' },
  'token-expired': { kind: 'unauthenticated', message: 'Token has expired' },
  'session-ended': { kind: 'unauthenticated', message: 'This login has ended; sign in again' },
  'user-disabled': { kind: 'forbidden', message: 'Account is deactivated' },
  'origin-refused': { kind: 'forbidden', message: 'Requests from this origin are not accepted' },
  'account-not-yours': { kind: 'forbidden', message: 'This is the account of somebody else' },
  'chat-not-yours': { kind: 'forbidden', message: 'Access denied' },
  'user-not-found': { kind: 'not-found', message: 'User not found' },
  'chat-not-found': { kind: 'not-found', message: 'Chat not found' },
  'message-not-found': { kind: 'not-found', message: 'Message not found' },
  'attachment-not-found': { kind: 'not-found', message: 'File not found' },
  'reply-not-found': { kind: 'not-found', message: 'Reply not found' },
  'route-not-found': { kind: 'not-found', message: 'Not found' },
  'method-not-allowed': { kind: 'method-not-allowed', message: 'Method not allowed' },
  'username-taken': { kind: 'conflict', message: 'Username already exists' },
  'email-taken': { kind: 'conflict', message: 'Email already exists' },
  'request-in-flight': {
    kind: 'conflict',
    message: 'The first request with this Idempotency-Key is still being answered',
  },
  'reply-running': { kind: 'conflict', message: 'The reply is still being written' },
  'reply-not-continuable': { kind: 'conflict', message: 'Only a reply that broke off can be continued' },
  'attachment-taken': { kind: 'conflict', message: 'The file belongs to another message already' },
  'reply-not-latest': { kind: 'conflict', message: 'Only the latest reply of a chat can be written again' },
  'revision-stale': {
    kind: 'precondition-failed',
    message: 'It has changed since you read it; read it again',
  },
  'body-too-large': { kind: 'too-large', message: 'The request body is too large' },
  'file-too-large': { kind: 'too-large', message: 'The file is too large' },
  'image-too-large': { kind: 'too-large', message: 'The image has too many pixels' },
  'quota-exceeded': {
    kind: 'too-large',
    message: 'Your files take up all the space that you may use; remove some',
  },
  'file-type-refused': {
    kind: 'unsupported-media',
    message: 'Only images, audio, PDF and plain text files are accepted',
  },
  'media-type-unsupported': {
    kind: 'unsupported-media',
    message: 'This content type is not accepted here',
  },
  'recording-type-refused': {
    kind: 'unsupported-media',
    message: 'Only audio recordings are accepted here',
  },
  'idempotency-key-reused': {
    kind: 'unprocessable',
    message: 'This Idempotency-Key was used for other content',
  },
  'images-unsupported': { kind: 'unprocessable', message: 'The configured AI cannot read images' },
  'voice-unavailable': { kind: 'unprocessable', message: 'No voice service is configured for this' },
  'speech-too-long': { kind: 'unprocessable', message: 'The text is too long to be read aloud' },
  'speech-not-heard': { kind: 'unprocessable', message: 'No speech was heard in the recording' },
  'image-not-fetched': {
    kind: 'unprocessable',
    message: 'The image cannot be fetched from its address',
  },
  'too-many-waiting': {
    kind: 'rate-limited',
    message: 'Too many replies are waiting; try again when one has ended',
  },
  'daily-limit-reached': {
    kind: 'rate-limited',
    message: 'You have asked the AI for as much as you may in a day; go on tomorrow',
  },
  'too-many-files': {
    kind: 'rate-limited',
    message: 'Too many files wait for a message; send them, or try again tomorrow',
  },
  'too-many-readers': { kind: 'rate-limited', message: 'Too many open streams; close one first' },
  'too-many-requests': { kind: 'rate-limited', message: 'Too many requests; try again later' },
  'server-busy': { kind: 'unavailable', message: 'The server is busy; try again shortly' },
  'server-stopping': { kind: 'unavailable', message: 'The server is restarting; try again shortly' },
  'storage-unavailable': {
    kind: 'unavailable',
    message: 'The database cannot be reached; try again shortly',
  },
  'files-unavailable': { kind: 'unavailable', message: 'Files cannot be reached; try again shortly' },
  'ai-unreachable': { kind: 'unavailable', message: 'The AI service cannot be reached' },
  'ai-refused': { kind: 'unavailable', message: 'The AI service refused the request' },
  'ai-rate-limited': { kind: 'unavailable', message: 'The AI service is over its limit; try again later' },
  'ai-busy': {
    kind: 'unavailable',
    message: 'Too many questions wait for the AI service; try again shortly',
  },
  'ai-broke-off': { kind: 'bad-gateway', message: 'The AI service broke off its answer' },
  'ai-answer-empty': { kind: 'bad-gateway', message: 'The AI service gave an empty answer' },
  'ai-answer-unreadable': {
    kind: 'bad-gateway',
    message: 'The AI service gave an answer that cannot be read',
  },
  'ai-timed-out': { kind: 'gateway-timeout', message: 'The AI service took too long' },
  'reply-interrupted': {
    kind: 'bad-gateway',
    message: 'The reply was interrupted; it can be continued',
  },
  'reply-stopped': { kind: 'conflict', message: 'The reply was stopped before it said anything' },
  'reply-removed': { kind: 'conflict', message: 'The chat was cleared before the reply was finished' },
  'server-error': { kind: 'internal', message: 'Something went wrong' },
} as const satisfies Record<string, { kind: ErrorKind; message: string }>;

export type ErrorCode = keyof typeof errors;

/** What a DomainError may carry beside its code: the cause for the log, seconds to wait, what is wrong with which field. */
export type DomainErrorOptions = {
  cause?: unknown;
  retryAfterSeconds?: number;
  details?: readonly ErrorDetail[];
};
export type ErrorDetail = { field: string; problem: string };

/** A failure from the closed table. Use cases throw only these; anything else is a bug and becomes `server-error`. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly retryAfterSeconds: number | undefined;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, options: DomainErrorOptions = {}) {
    super(errors[code].message, { cause: options.cause });
    this.code = code;
    this.kind = errors[code].kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? [];
  }

  /** Anything thrown becomes a DomainError; the unexpected becomes `server-error` with the original as its cause. */
  static from(thrown: unknown): DomainError {
    return thrown instanceof DomainError ? thrown : new DomainError('server-error', { cause: thrown });
  }
}
