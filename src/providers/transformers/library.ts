/** What is used of `@huggingface/transformers`. Its own types come with a package that is not installed by default. */
export type Library = {
  env: { allowRemoteModels: boolean; localModelPath: string; useFSCache: boolean };
  pipeline(task: 'text-generation', model: string, options: LoadOptions): Promise<Generator>;
  InterruptableStoppingCriteria: new () => { interrupt(): void };
  TextStreamer: new (tokenizer: Tokenizer, options: StreamerOptions) => object;
};

type LoadOptions = { local_files_only: true; device: 'cpu'; dtype: Precision };
export type Precision = 'q8' | 'q4' | 'fp32' | 'fp16';

type Generator = { tokenizer: Tokenizer; model: { generate(options: object): Promise<unknown> } };

type Tokenizer = {
  (text: string, options: { add_special_tokens: boolean }): { input_ids: { dims: number[] } };
  chat_template?: unknown;
  apply_chat_template(
    messages: readonly ChatMessage[],
    options: { tokenize: false; add_generation_prompt: true },
  ): string;
};

type StreamerOptions = {
  skip_prompt: true;
  skip_special_tokens: true;
  callback_function(text: string): void;
  token_callback_function(tokens: readonly bigint[]): void;
};

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What the thread is started with: where the library and the model are. */
export type WorkerData = {
  library: string;
  folder: string;
  model: string;
  precision: Precision;
};

/** What the thread is told. */
export type Order =
  | {
      type: 'generate';
      id: number;
      messages: readonly ChatMessage[];
      /** The shown start of the answer. */
      start: string;
      maxTokens: number;
      temperature: number | undefined;
    }
  | { type: 'stop'; id: number };

/** What the thread says. */
export type Report =
  | { type: 'loaded' }
  | { type: 'failed'; message: string }
  | { type: 'text'; id: number; text: string }
  | { type: 'end'; id: number; promptTokens: number; completionTokens: number }
  | { type: 'broke'; id: number; message: string };
