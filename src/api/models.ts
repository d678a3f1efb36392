import Type from 'typebox';
import type { ApiRoutes } from './api-options.ts';
import { problems } from './problem.ts';

const Model = Type.Object({
  id: Type.String({ description: 'What a chat chooses it by.' }),
  provider: Type.String(),
  model: Type.String({ description: 'As its vendor names it; empty until it is known.' }),
  sees_images: Type.Boolean(),
});
const Models = Type.Object(
  {
    default: Type.String({ description: 'The one that answers where a chat chose none.' }),
    items: Type.Array(Model),
  },
  {
    description: 'The models that a chat may choose.',
    examples: [
      {
        default: 'openai:gpt-4o-mini',
        items: [
          { id: 'openai:gpt-4o-mini', provider: 'openai', model: 'gpt-4o-mini', sees_images: true },
          { id: 'basic', provider: 'basic', model: 'basic', sees_images: false },
        ],
      },
    ],
  },
);

/** The AIs behind the chats. */
export const modelRoutes: ApiRoutes = async (app, { models }) => {
  app.get(
    '/models',
    {
      config: { access: 'user' },
      schema: {
        tags: ['models'],
        operationId: 'listModels',
        summary: 'The models that a chat may choose',
        response: { 200: Models, ...problems() },
      },
    },
    async () => ({
      default: models.standard.name,
      items: (await models.list()).map(({ name, provider }) => ({
        id: name,
        provider: provider.name,
        model: provider.model,
        sees_images: provider.seesImages,
      })),
    }),
  );
};
