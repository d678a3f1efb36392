import type { FastifyInstance } from 'fastify';
import { parseForm } from './parse-form.ts';
import { parseJson } from './parse-json.ts';

/** 1 MiB: what a request body may measure where a route says nothing else. */
export const bodyLimitBytes = 1024 * 1024;

/** JSON and urlencoded forms are understood; any other content type is refused with 415. */
export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  read('application/json', parseJson);
  read('application/x-www-form-urlencoded', parseForm);

  function read(contentType: string, parse: (bytes: Buffer) => unknown): void {
    app.addContentTypeParser<Buffer>(contentType, { parseAs: 'buffer' }, (_request, bytes, done) => {
      // What it throws, the framework hands to the error handler.
      done(null, parse(bytes));
    });
  }
}
