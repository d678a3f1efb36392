import Type, { type Static } from 'typebox';
import { daysByDefault, mostDays, type UsageReport } from '../core/usage/read-usage.ts';
import type { UsageSum } from '../core/usage/usage.ts';
import type { ApiRoutes } from './api-options.ts';
import { usage as example } from './examples.ts';
import { isoTime } from './iso-time.ts';
import { problems } from './problem.ts';

const Count = Type.Integer({ minimum: 0 });
const OrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0 });
const AnyDay = Type.String({ format: 'date', description: 'In UTC.' });
const sums = {
  replies: Type.Integer({ minimum: 0, description: 'Answers that cost something.' }),
  prompt_tokens: Count,
  completion_tokens: Count,
  duration_ms: Type.Integer({ minimum: 0, description: 'From the turn of each answer to its end.' }),
};
const Allowance = Type.Object({ limit: OrNull, left: OrNull });

const UsageWire = Type.Object(
  {
    from: AnyDay,
    to: AnyDay,
    items: Type.Array(Type.Object({ day: AnyDay, provider: Type.String(), model: Type.String(), ...sums }), {
      description: 'What was asked of each model on each day, in their order.',
    }),
    totals: Type.Object(sums),
    today: Type.Object(
      {
        tokens: Allowance,
        replies: Allowance,
        resets_at: Type.String({ format: 'date-time' }),
      },
      {
        description:
          'What may be asked for until `resets_at`: null for as much as there is. What answers under way may still cost is taken off.',
      },
    ),
  },
  { description: 'What was asked of the AIs, and what it cost.', examples: [example] },
);

const UsageQuery = Type.Object({
  from: Type.Optional(
    Type.String({ description: `The first day; without it the ${daysByDefault}th before \`to\`.` }),
  ),
  to: Type.Optional(Type.String({ description: 'The last day; without it today.' })),
});

/** What was asked of the AIs, and what may be. */
export const usageRoutes: ApiRoutes = async (app, { core }) => {
  app.get(
    '/usage',
    {
      config: { access: 'user' },
      schema: {
        tags: ['usage'],
        operationId: 'getUsage',
        summary: 'What was asked of the AIs, by day and model, and what is left of today',
        description: `At most ${mostDays} days, in UTC. An answer counts on the day on which it was asked for.`,
        querystring: UsageQuery,
        response: { 200: UsageWire, ...problems() },
      },
    },
    async ({ actor, query }) => presentUsage(await core.usage.read(actor, query)),
  );
};

const presentSum = ({ replies, promptTokens, completionTokens, durationMs }: Omit<UsageSum, 'day'>) => ({
  replies,
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  duration_ms: durationMs,
});

function presentUsage({ from, to, sums: all, today }: UsageReport): Static<typeof UsageWire> {
  const items = all.map((sum) => ({
    day: sum.day,
    provider: sum.provider,
    model: sum.model,
    ...presentSum(sum),
  }));
  const totals = { replies: 0, prompt_tokens: 0, completion_tokens: 0, duration_ms: 0 };
  for (const item of items)
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += item[key];
  const { limits, left, resetsAt } = today;
  return {
    from,
    to,
    items,
    totals,
    today: {
      tokens: { limit: limits.tokens, left: left.tokens },
      replies: { limit: limits.replies, left: left.replies },
      resets_at: isoTime(resetsAt),
    },
  };
}
