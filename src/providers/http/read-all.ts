import { DomainError } from '../../core/errors.ts';
import type { Exchange } from './exchange.ts';

/** The whole body as text. @throws DomainError `ai-answer-unreadable` when it is longer than `limitBytes` or no UTF-8 */
export const readAll = async (exchange: Exchange, limitBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (let taken = await exchange.take(); taken !== undefined; taken = await exchange.take()) {
    for (const chunk of taken) bytes += chunk.length;
    if (bytes > limitBytes)
      throw new DomainError('ai-answer-unreadable', { cause: new Error('The body is too long') });
    chunks.push(...taken);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new DomainError('ai-answer-unreadable', { cause });
  }
};
