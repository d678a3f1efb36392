import Type from 'typebox';
import type { ApiRoutes } from './api-options.ts';
import { problems } from './problem.ts';

const Models = Type.Object(
  {
    provider: Type.String(),
    model: Type.String({ description: 'The one that answers.' }),
    items: Type.Array(Type.Object({ id: Type.String() })),
  },
  {
    description: 'What the configured AI offers.',
    examples: [{ provider: 'basic', model: 'basic', items: [{ id: 'basic' }] }],
  },
);

/** The AI behind the chats. */
export const modelRoutes: ApiRoutes = async (app, { provider }) => {
  app.get(
    '/models',
    {
      config: { access: 'user' },
      schema: {
        tags: ['models'],
        operationId: 'listModels',
        summary: 'The models of the configured AI',
        response: {
          200: Models,
          ...problems({ codes: ['ai-unreachable', 'ai-refused', 'ai-rate-limited', 'ai-timed-out'] }),
        },
      },
    },
    async () => ({ provider: provider.name, model: provider.model, items: await provider.models() }),
  );
};
