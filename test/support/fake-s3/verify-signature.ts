import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type KeyPair = { accessKeyId: string; secretAccessKey: string; region: string };

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const skewMs = 15 * 60_000;
const mustBeSigned = ['host', 'x-amz-content-sha256', 'x-amz-date'];

/** Reckons the signature of a request anew, as AWS describes it (SigV4). The code of the refusal, or undefined where all of it is right. */
export function refusalOf(
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
  { pair, now }: { pair: KeyPair; now: Date },
): string | undefined {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!parts) return 'AccessDenied';
  const [, keyId, day = '', region, names = '', signature] = parts;
  if (keyId !== pair.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== pair.region) return 'AuthorizationHeaderMalformed';
  const signed = names.split(';');
  if (!mustBeSigned.every((name) => signed.includes(name))) return 'AccessDenied';
  const date = String(headers['x-amz-date']);
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const at = Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}Z`);
  if (!date.startsWith(day) || !(Math.abs(at - now.getTime()) <= skewMs)) return 'RequestTimeTooSkewed';
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'XAmzContentSHA256Mismatch';

  const { pathname, searchParams } = new URL(url, 'http://bucket');
  const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).toSorted();
  const canonical = [
    method,
    pathname
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    query.join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/\s+/g, ' ')}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${pair.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [day, pair.region, 's3', 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${pair.secretAccessKey}`,
  );
  return hmac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}
