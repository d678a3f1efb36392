import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; null where nobody is signed in. */
    signedIn: Actor | null;
    /** Who is asking. @throws DomainError `credentials-missing` where nobody is signed in */
    readonly actor: Actor;
  }
}

/** Gives every request of the app `actor` and `signedIn`. */
export function decorateActor(app: FastifyInstance): void {
  app.decorateRequest('signedIn', null);
  app.decorateRequest('actor', {
    getter(this: FastifyRequest) {
      if (this.signedIn === null) throw new DomainError('credentials-missing');
      return this.signedIn;
    },
  });
}
