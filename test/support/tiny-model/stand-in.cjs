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

/** An open timer keeps the thread from ending. */
const never = () => new Promise(() => setInterval(() => undefined, 1_000));
/** When an answer was last stopped, in milliseconds since 1970. */
let stoppedAt = 0;

/**
 * Says twenty words, or as many as `fake:count=400` asks for. After three of them, or as many as `at=1` says, `fault=throw` throws,
 * `fault=crash` throws where nobody catches it, `fault=exit` ends the thread, `fault=hang` says nothing more until it is stopped, and
 * `fault=stuck` keeps the thread from hearing anything. `pause=20` waits so long before each word. `fake:stopped` says when an answer was last stopped.
 */
const generate = async (/** @type {any} */ { text, max_new_tokens, streamer, stopping_criteria }) => {
  const said = text.slice(text.lastIndexOf('fake:'));
  const option = (/** @type {string} */ name) => new RegExp(`[:,]${name}=(\\w+)`).exec(said)?.[1];
  const say = (/** @type {number} */ index, /** @type {string} */ word) => {
    streamer.options.token_callback_function([BigInt(index)]);
    streamer.options.callback_function(word);
  };
  if (said.startsWith('fake:stopped')) return say(0, String(stoppedAt));
  const fault = option('fault');
  for (let index = 0; index < Math.min(Number(option('count') ?? 20), max_new_tokens); index += 1) {
    await new Promise((resolve) => setTimeout(resolve, Number(option('pause') ?? 0)));
    if (index === Number(option('at') ?? 3)) {
      while (fault === 'hang' && !stopping_criteria[0].interrupted)
        await new Promise((resolve) => setTimeout(resolve, 5));
      if (fault !== 'hang') await fail(fault);
    }
    if (stopping_criteria[0].interrupted) {
      stoppedAt = Date.now();
      return;
    }
    say(index, `tok${index} `);
  }
};

const fail = async (/** @type {string | undefined} */ how) => {
  if (how === 'throw') throw new Error('The model has crashed');
  if (how === 'crash') setImmediate(() => JSON.parse('no JSON'));
  if (how === 'exit') process.exit(1);
  if (how === 'stuck') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (how !== undefined) await never();
};

/** A model whose name says so is not loaded, or has but one word to say: its end comes with its beginning. */
const pipeline = async (/** @type {string} */ _task, /** @type {string} */ name) => {
  if (name.startsWith('load-')) await fail(name.slice('load-'.length));
  const inOneWord = (/** @type {object} */ given) => generate({ ...given, max_new_tokens: 1 });
  return { tokenizer, model: { generate: name === 'terse' ? inOneWord : generate } };
};

module.exports = {
  env: {},
  pipeline,
  InterruptableStoppingCriteria,
  TextStreamer,
};
