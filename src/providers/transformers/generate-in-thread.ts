import type { MessagePort } from 'node:worker_threads';
import type { Library, Order, Report, WorkerData } from './library.ts';

/**
 * The whole life of the thread that computes. It is started from its own source text, with `require` and `worker_threads` at hand, so it
 * runs alike from `src/` and from the bundle; for that it may use nothing but its parameters.
 */
export async function generateInThread(
  load: (file: string) => Library,
  port: MessagePort,
  { library: file, folder, model: name, precision }: WorkerData,
): Promise<void> {
  const say = (report: Report) => port.postMessage(report);
  try {
    const library = load(file);
    library.env.allowRemoteModels = false;
    library.env.useFSCache = false;
    library.env.localModelPath = folder;
    const options = { local_files_only: true, device: 'cpu', dtype: precision } as const;
    const { tokenizer, model } = await library.pipeline('text-generation', name, options);
    const running = new Map<number, { interrupt(): void }>();

    const generate = async (order: Extract<Order, { type: 'generate' }>): Promise<void> => {
      const { id, messages, start, maxTokens, temperature } = order;
      const stopping = new library.InterruptableStoppingCriteria();
      running.set(id, stopping);
      try {
        // A model without a template was not taught to chat: it goes on from a dialogue as from any text.
        const hasTemplate = Boolean(tokenizer.chat_template);
        const opening = hasTemplate
          ? tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: true })
          : `${messages.map(({ role, content }) => `${role}: ${content}\n`).join('')}assistant:`;
        const inputs = tokenizer(opening + start, { add_special_tokens: !hasTemplate });
        let completionTokens = 0;
        const streamer = new library.TextStreamer(tokenizer, {
          skip_prompt: true,
          skip_special_tokens: true,
          callback_function: (text) => say({ type: 'text', id, text }),
          token_callback_function: (tokens) => {
            completionTokens += tokens.length;
          },
        });
        await model.generate({
          ...inputs,
          max_new_tokens: maxTokens,
          do_sample: temperature !== undefined && temperature > 0,
          ...(temperature !== undefined && temperature > 0 ? { temperature } : {}),
          streamer,
          stopping_criteria: [stopping],
        });
        say({ type: 'end', id, promptTokens: inputs.input_ids.dims.at(-1) ?? 0, completionTokens });
      } catch (error) {
        say({ type: 'broke', id, message: String(error) });
      } finally {
        running.delete(id);
      }
    };

    port.on('message', (order: Order) => {
      if (order.type === 'generate') void generate(order);
      else running.get(order.id)?.interrupt();
    });
    say({ type: 'loaded' });
  } catch (error) {
    say({ type: 'failed', message: String(error) });
  }
}
