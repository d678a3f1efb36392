type Declaration = {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labelNames: readonly string[];
  buckets?: number[];
};

/** From fast answers of our own to slow ones of an AI, in seconds. */
const durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const tokenRates = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** Every metric that is ours. `docs/metrics.md` is checked against it. */
export const metricDeclarations = {
  requests: {
    name: 'http_request_duration_seconds',
    type: 'histogram',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: durations,
  },
  streams: {
    name: 'parlance_open_streams',
    type: 'gauge',
    help: 'Readers that are connected now',
    labelNames: ['transport'],
  },
  openReplies: {
    name: 'parlance_replies_open',
    type: 'gauge',
    help: 'Replies that this process writes now',
    labelNames: [],
  },
  replies: {
    name: 'parlance_replies_total',
    type: 'counter',
    help: 'Replies that have ended, by how, why and who answered; none where nothing failed or nobody was asked',
    labelNames: ['state', 'error', 'provider'],
  },
  firstText: {
    name: 'parlance_first_text_seconds',
    type: 'histogram',
    help: 'Time from a reply being opened to its first stored text',
    labelNames: [],
    buckets: durations,
  },
  firstToken: {
    name: 'parlance_ai_first_token_seconds',
    type: 'histogram',
    help: 'Time from the turn of a reply to the first word of its AI',
    labelNames: ['provider'],
    buckets: durations,
  },
  tokenRate: {
    name: 'parlance_ai_tokens_per_second',
    type: 'histogram',
    help: 'Speed of complete answers from their first word on',
    labelNames: ['provider'],
    buckets: tokenRates,
  },
  tokens: {
    name: 'parlance_ai_tokens_total',
    type: 'counter',
    help: 'Tokens of replies that have ended, as their AI counts them or by estimate',
    labelNames: ['provider', 'direction'],
  },
  asking: {
    name: 'parlance_ai_questions',
    type: 'gauge',
    help: 'Questions that an AI is answering, and that wait for it',
    labelNames: ['provider', 'state'],
  },
  breaker: {
    name: 'parlance_ai_breaker_open',
    type: 'gauge',
    help: '1 while an AI is left alone because it failed several times in a row',
    labelNames: ['provider'],
  },
  voice: {
    name: 'parlance_voice_total',
    type: 'counter',
    help: 'What was heard and spoken, by half and why it failed; none where it did not',
    labelNames: ['half', 'error'],
  },
} as const satisfies Record<string, Declaration>;
