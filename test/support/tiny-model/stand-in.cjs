// @ts-check
// What the provider uses of @huggingface/transformers, played: the library itself is half a gigabyte, and not installed by default.

class InterruptableStoppingCriteria {
  interrupted = false;
  interrupt() {
    this.interrupted = true;
  }
}

/** @this {any} */
function TextStreamer(/** @type {unknown} */ _tokenizer, /** @type {any} */ options) {
  this.options = options;
}

const tokenizer = Object.assign(
  (/** @type {string} */ text) => ({ input_ids: { dims: [1, text.split(/\s+/).length] }, text }),
  {
    chat_template: 'any',
    /** @param {readonly { role: string; content: string }[]} messages */
    apply_chat_template: (messages) =>
      `${messages.map(({ role, content }) => `${role}: ${content}`).join('\n')}\nassistant: `,
  },
);

/** Says twenty words, or as many as `fake:count=400` asks for; after `fake:fault` it throws, after `fake:exit` its thread ends. */
const generate = async (/** @type {any} */ { text, max_new_tokens, streamer, stopping_criteria }) => {
  const [, asked = '20'] = /fake:count=(\d+)/.exec(text) ?? [];
  for (let index = 0; index < Math.min(Number(asked), max_new_tokens); index += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (index === 3 && text.includes('fake:fault')) throw new Error('The model has crashed');
    if (index === 3 && text.includes('fake:exit')) process.exit(1);
    if (stopping_criteria[0].interrupted) return;
    streamer.options.token_callback_function([BigInt(index)]);
    streamer.options.callback_function(`tok${index} `);
  }
};

module.exports = {
  env: {},
  pipeline: async () => ({ tokenizer, model: { generate } }),
  InterruptableStoppingCriteria,
  TextStreamer,
};
