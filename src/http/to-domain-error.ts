import { DomainError, type ErrorCode, type ErrorDetail } from '../core/errors.ts';

/** What the web framework throws by itself, in our words. */
const frameworkErrors: Record<string, ErrorCode> = {
  FST_ERR_BAD_URL: 'request-malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'route-not-found',
  FST_ERR_NOT_FOUND: 'route-not-found',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request-malformed',
  FST_REQ_FILE_TOO_LARGE: 'body-too-large',
  FST_PARTS_LIMIT: 'body-too-large',
  FST_FILES_LIMIT: 'body-too-large',
  FST_FIELDS_LIMIT: 'body-too-large',
  FST_PROTO_VIOLATION: 'key-forbidden',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'media-type-unsupported',
  FST_NO_FORM_DATA: 'request-malformed',
};

type FrameworkError = {
  name?: string;
  code?: string;
  statusCode?: number;
  validation?: readonly ValidationProblem[];
  validationContext?: string;
};
type ValidationProblem = {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
};

/**
 * Anything that was thrown while a request was handled, as a DomainError: the core's own as they are, the framework's by their codes,
 * a refused shape with `details` per field, and what nobody foresaw as `server-error` with its cause.
 */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (typeof thrown !== 'object' || thrown === null) return DomainError.from(thrown);
  const { name, code, statusCode, validation } = thrown as FrameworkError;
  if (validation !== undefined) return toShapeError(validation, thrown);
  // Whoever asked has gone: nobody reads the answer.
  if (name === 'AbortError') return new DomainError('request-malformed', { cause: thrown });
  const known = code === undefined ? undefined : frameworkErrors[code];
  if (known !== undefined) return new DomainError(known, { cause: thrown });
  // A client that broke off, or a body stream that failed: the framework marks these as the caller's fault.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new DomainError('request-malformed', { cause: thrown });
  }
  return DomainError.from(thrown);
}

/** `fields-missing` when a required field is absent, null or empty; else `field-invalid`. */
function toShapeError(problems: readonly ValidationProblem[], cause: object): DomainError {
  const details = problems.flatMap(toDetails);
  const missing = details.filter((detail) => detail.problem === isRequired);
  return missing.length > 0
    ? new DomainError('fields-missing', { details, cause })
    : new DomainError('field-invalid', { details, cause });
}

const isRequired = 'is required';

function toDetails({ keyword, instancePath, message, params }: ValidationProblem): ErrorDetail[] {
  const at = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'required') {
    return requiredNames(params).map((name) => ({
      field: at === '' ? name : `${at}.${name}`,
      problem: isRequired,
    }));
  }
  if (keyword === 'minLength' && params['limit'] === 1) return [{ field: at, problem: isRequired }];
  return [{ field: at, problem: message ?? 'is invalid' }];
}

/** TypeBox names all missing properties at once, Ajv one by one. */
function requiredNames(params: Record<string, unknown>): string[] {
  const { requiredProperties, missingProperty } = params;
  if (Array.isArray(requiredProperties)) return requiredProperties.map(String);
  return [String(missingProperty)];
}
