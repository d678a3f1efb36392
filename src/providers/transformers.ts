import type { Provider } from '../core/provider.ts';
import type { ProviderDefinition, ProviderSettings } from './define-provider.ts';
import { findModel, listModels } from './transformers/find-model.ts';
import { ModelThread } from './transformers/model-thread.ts';
import { streamAnswer } from './transformers/stream-answer.ts';

/** An ONNX model in a folder of this machine, computed here by `@huggingface/transformers`. Nothing is downloaded. */
export const transformers: ProviderDefinition = {
  name: 'transformers',
  create: (settings) => createTransformers(settings),
};

/** A large model on a slow disk takes its time; one that hangs must not keep its questions for ever. */
const loadingPatience = 5;

const createTransformers = (settings: ProviderSettings): Provider => {
  let thread: ModelThread | undefined;
  let { model } = settings;
  /** Loaded with the first question, and anew where its thread has ended. */
  const open = (): ModelThread => {
    if (thread === undefined || thread.isOver) {
      const found = findModel(settings);
      model = found.model;
      thread = new ModelThread(found, {
        loadingMs: settings.firstTokenTimeoutMs * loadingPatience,
        stoppingMs: settings.idleTimeoutMs,
      });
    }
    return thread;
  };

  return {
    name: 'transformers',
    get model() {
      return model;
    },
    seesImages: false,
    models: async () => {
      model = findModel(settings).model;
      return listModels(settings.transformers.modelsDir).map((id) => ({ id }));
    },
    async *stream(prompt, signal) {
      if (!signal.aborted) yield* streamAnswer({ thread: open(), settings }, prompt, signal);
    },
    close: async () => thread?.close(),
  };
};
