import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeModel, floats, longs } from './onnx.ts';

const words = [
  '<pad>',
  '<eos>',
  '<unk>',
  'hello',
  'there',
  'friend',
  'tick',
  'user',
  'assistant',
  'system',
  ':',
];
/** What it says after each word. After any other it ends. */
const next: Record<string, string> = {
  ':': 'hello',
  hello: 'there',
  there: 'friend',
  friend: '<eos>',
  tick: 'tick',
};
const template =
  '{% for message in messages %}{{ message.role }} : {{ message.content }} {% endfor %}assistant :';

/** A whole language model of a kilobyte: it knows which word follows which, and can tick for ever. */
export function writeTinyModel(folder: string, { canChat = true } = {}): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  const size = words.length;
  const ends = { eos_token_id: 1, pad_token_id: 0 };
  write('config.json', {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    hidden_size: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    num_hidden_layers: 1,
    head_dim: 1,
    vocab_size: size,
    max_position_embeddings: 4096,
    ...ends,
  });
  write('generation_config.json', ends);
  write('tokenizer.json', {
    version: '1.0',
    added_tokens: words.slice(0, 3).map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      unk_token: '<unk>',
    },
  });
  write('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: '<eos>',
    pad_token: '<pad>',
    unk_token: '<unk>',
    ...(canChat ? { chat_template: template } : {}),
  });
  const table = words.flatMap((word) => words.map((after) => ((next[word] ?? '<eos>') === after ? 10 : 0)));
  const past = { type: 'float', dims: ['batch', 1, 'past', 1] } as const;
  const present = { type: 'float', dims: ['batch', 1, 'total', 1] } as const;
  writeFileSync(
    join(folder, 'onnx', 'model.onnx'),
    encodeModel({
      nodes: [
        { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['logits'], attributes: { axis: 0 } },
        // Its memory is never looked at, but it has to be one.
        { op: 'Cast', inputs: ['input_ids'], outputs: ['flat'], attributes: { to: 1 } },
        { op: 'Unsqueeze', inputs: ['flat', 'axes'], outputs: ['fresh'] },
        ...['key', 'value'].map((part) => ({
          op: 'Concat',
          inputs: [`past_key_values.0.${part}`, 'fresh'],
          outputs: [`present.0.${part}`],
          attributes: { axis: 2 },
        })),
      ],
      constants: [
        { name: 'table', type: 'float', dims: [size, size], data: floats(table) },
        { name: 'axes', type: 'int64', dims: [2], data: longs([1, 3]) },
      ],
      inputs: [
        { name: 'input_ids', type: 'int64', dims: ['batch', 'length'] },
        { name: 'attention_mask', type: 'int64', dims: ['batch', 'total'] },
        { name: 'past_key_values.0.key', ...past },
        { name: 'past_key_values.0.value', ...past },
      ],
      outputs: [
        { name: 'logits', type: 'float', dims: ['batch', 'length', size] },
        { name: 'present.0.key', ...present },
        { name: 'present.0.value', ...present },
      ],
    }),
  );
}
