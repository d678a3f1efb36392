import { cpuPerToken } from './measurements/cpu-per-token.mjs';
import { engines } from './measurements/engines.mjs';
import { firstToken } from './measurements/first-token.mjs';
import { idleConnections } from './measurements/idle-connections.mjs';
import { mixedWork } from './measurements/mixed-work.mjs';
import { nodes } from './measurements/nodes.mjs';
import { scale } from './measurements/scale.mjs';
import { search } from './measurements/search.mjs';
import { sendsAndLists } from './measurements/sends-and-lists.mjs';
import { sendsByDialect } from './measurements/sends-by-dialect.mjs';
import { signIns } from './measurements/sign-ins.mjs';
import { socketStreams } from './measurements/socket-streams.mjs';
import { startAndRest } from './measurements/start-and-rest.mjs';
import { tokens } from './measurements/tokens.mjs';

/**
 * One thing that is measured. `run` brings its own processes up through the context, which ends them.
 * @typedef {{ name: string, about: string, run(context: import('./processes/context.mjs').Context): Promise<Row[]> }} Measurement
 *
 * A figure; `most` and `least` are what is promised, where something is.
 * @typedef {{ what: string, value: number, unit: string, most?: number, least?: number }} Row
 */

/** @type {readonly Measurement[]} */
export const measurements = [
  startAndRest,
  sendsAndLists,
  sendsByDialect,
  mixedWork,
  firstToken,
  tokens,
  cpuPerToken,
  socketStreams,
  idleConnections,
  signIns,
  scale,
  search,
  engines,
  nodes,
];
