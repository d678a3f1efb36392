import { type FaultName, faults } from './faults.ts';

/** How a question is answered: `fake:count=5,fault=cut,at=2` in the message. */
export type GrpcScript = {
  /** Tokens to say. */
  count: number;
  /** The token before which a fault strikes. */
  at: number;
  /** Empty for none. */
  fault: FaultName | '';
  /** The status with which the answer ends, instead of `done` where it is not 0. */
  status: number;
  /** Milliseconds, told with a status; -1 for none. */
  pushback: number;
  /** How often the same message meets the fault or the status before it is answered. */
  times: number;
  /** Whether `done` is said. */
  done: boolean;
  /** The answer, instead of tokens. */
  text: string | undefined;
};

const plain: GrpcScript = {
  count: 20,
  at: 3,
  fault: '',
  status: 0,
  pushback: -1,
  times: Infinity,
  done: true,
  text: undefined,
};

/** Reads what a message asks for. @throws Error for a word that is not known */
export function readScript(message: string): GrpcScript {
  const script = { ...plain };
  const pairs = /fake:(\S+)/.exec(message)?.[1]?.split(',') ?? [];
  for (const pair of pairs) {
    const [key = '', value = ''] = pair.split('=');
    if (key === 'fault' && isFault(value)) script.fault = value;
    else if (key === 'done') script.done = value !== 'off';
    else if (key === 'text') script.text = decodeURIComponent(value);
    else if (isNumeric(key)) script[key] = Number(value);
    else throw new Error(`The fake AI backend knows no "${pair}"`);
  }
  return script;
}

/** What so many tokens say together. */
export const grpcAnswer = (count: number): string =>
  Array.from({ length: count }, (_, at) => token(at)).join('');

export const token = (index: number): string => `tok${index} `;

const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name);

type Numeric = 'count' | 'at' | 'status' | 'pushback' | 'times';
const isNumeric = (key: string): key is Numeric =>
  ['count', 'at', 'status', 'pushback', 'times'].includes(key);
