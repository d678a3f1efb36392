import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** The events of an answer that streams, until it ends. Leaving early closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<EventSourceMessage, void, void> {
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event) });
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    parser.feed(chunk);
    yield* arrived.splice(0);
  }
}

/** Every event until the stream ends. */
export async function readAllEvents(
  events: AsyncIterable<EventSourceMessage>,
): Promise<EventSourceMessage[]> {
  const all: EventSourceMessage[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The text of `text-delta` events, each of which must go on where the one before ended. */
export function textOf(events: readonly EventSourceMessage[]): string {
  let text = '';
  for (const { event, data } of events) {
    if (event !== 'text-delta') continue;
    const delta = JSON.parse(data) as { start: number; text: string };
    if (delta.start !== text.length) throw new Error(`A gap: ${delta.start} after ${text.length}`);
    text += delta.text;
  }
  return text;
}
