import { errors } from '../core/errors.ts';
import type { ReplyEvent } from '../core/events.ts';
import { endId, type SseEvent } from '../realtime/sse-frame.ts';
import { presentMessage, presentReply } from './wire.ts';

/** What one event may carry: a reader that was away gets the text in pieces that a full socket can wait between. */
const pieceLength = 32 * 1024;

/** A reply's events as they are sent. The id of text is the position after it, so that a returning reader names where to go on. */
export async function* encodeReplyEvents(
  events: AsyncIterable<ReplyEvent>,
): AsyncGenerator<SseEvent, void, void> {
  for await (const event of events) {
    if (event.type === 'reply-end') yield encodeEnd(event);
    else if (event.type === 'reply-waiting') yield encodeWaiting(event.position);
    else if (event.text.length <= pieceLength) yield encodeText(event.start, event.text);
    else for (const piece of inPieces(event.text, event.start)) yield encodeText(piece.start, piece.text);
  }
}

const encodeWaiting = (position: number): SseEvent => ({
  event: 'reply-waiting',
  data: `{"position":${position}}`,
});

const encodeText = (start: number, text: string): SseEvent => ({
  event: 'text-delta',
  id: `${start + text.length}`,
  data: `{"start":${start},"text":${JSON.stringify(text)}}`,
});

function encodeEnd(end: Extract<ReplyEvent, { type: 'reply-end' }>): SseEvent {
  const body = {
    reply: presentReply(end.reply),
    message: end.message === null ? null : presentMessage(end.message),
  };
  const { state } = end.reply;
  if (state !== 'failed' && state !== 'interrupted') {
    return { event: 'reply-end', id: endId, data: JSON.stringify(body) };
  }
  const code = end.errorCode ?? 'reply-interrupted';
  const data = JSON.stringify({ code, detail: errors[code].message, ...body });
  return { event: 'reply-error', id: endId, data };
}

/** Cuts a text into pieces, never between the halves of a surrogate pair. */
export function* inPieces(
  text: string,
  start: number,
): Generator<{ start: number; text: string }, void, void> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + pieceLength, text.length);
    const unit = text.charCodeAt(to - 1);
    if (to < text.length && unit >= 0xd800 && unit <= 0xdbff) to -= 1;
    yield { start: start + from, text: text.slice(from, to) };
    from = to;
  }
}
