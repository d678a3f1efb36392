import { ensureBuilt } from './ensure-built.mjs';

/** For suites that run the built server as a process of its own. */
export const setup = () => ensureBuilt();
