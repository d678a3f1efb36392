import type { Bucket } from './bucket.ts';

export type ListedObject = { key: string; changedAt: Date };

/** Every object below the folder, a page at a time, by its key without the folder. @throws DomainError `files-unavailable` */
export async function* listObjects(bucket: Bucket): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const text = await readPage(bucket, token);
    for (const [, entry = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = unescaped(textOf(entry, 'Key') ?? '');
      const changedAt = new Date(textOf(entry, 'LastModified') ?? '');
      if (key.startsWith(bucket.prefix)) yield { key: key.slice(bucket.prefix.length), changedAt };
    }
    const next = textOf(text, 'IsTruncated') === 'true' ? textOf(text, 'NextContinuationToken') : undefined;
    token = next === undefined ? undefined : unescaped(next);
  } while (token !== undefined);
}

async function readPage(bucket: Bucket, token: string | undefined): Promise<string> {
  const answer = await bucket.call({
    method: 'GET',
    key: '',
    query: {
      'list-type': '2',
      prefix: bucket.prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    },
  });
  return answer ? answer.body.text() : '';
}

const textOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
