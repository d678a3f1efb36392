import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../core/errors.ts';
import { frameOf, parseLastEventId } from './sse-frame.ts';

function parsed(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

describe('frameOf', () => {
  test('writes one event', () => {
    expect(frameOf({ event: 'text-delta', id: '5', data: '{}' })).toBe(
      'event: text-delta\nid: 5\ndata: {}\n\n',
    );
    expect(frameOf({ event: 'text-delta', data: '{}' })).toBe('event: text-delta\ndata: {}\n\n');
  });

  test('what a reader parses is what was written, whatever the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', ':', '\n', '\r', '\r\n', 'data: ', '😀', '\ufeff'),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        const written = texts.map((data) => frameOf({ event: 'say', id: '1', data })).join('');
        // A reader joins the lines of one event with LF, so CR and CRLF come back as that.
        const expected = texts.map((data) => data.replace(/\r\n|\r/g, '\n'));
        expect(parsed(`\n${written}`).map(({ data }) => data)).toEqual(expected);
      }),
    );
  });
});

describe('parseLastEventId', () => {
  test.each([
    [undefined, null],
    ['', null],
    ['0', 0],
    ['41', 41],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['end', 'end'],
  ])('%j is %j', (value, expected) => {
    expect(parseLastEventId(value)).toBe(expected);
  });

  test.each([
    '-1',
    '1.5',
    '1e3',
    ' 1',
    '01',
    '0x1',
    'End',
    'NaN',
    '9007199254740993',
    '99999999999999999999',
  ])('%j is refused', (value) => {
    expect(() => parseLastEventId(value)).toThrow(new DomainError('position-invalid'));
  });
});
