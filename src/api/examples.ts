const at = '2026-01-15T10:30:00.000Z';
const later = '2026-01-15T10:30:04.250Z';
const chatId = '0198c0de-0000-7000-8000-000000000001';
const replyId = '0198c0de-0000-7000-8000-000000000004';

export const user = {
  id: '0198c0de-0000-7000-8000-00000000000a',
  username: 'ada',
  email: 'ada@example.org',
  first_name: 'Ada',
  role: 'user',
  created_at: at,
  updated_at: at,
};

export const tokens = {
  token_type: 'Bearer',
  access_token: 'eyJhbGciOiJIUzI1NiJ9.access',
  access_expires_at: '2026-01-15T10:45:00.000Z',
  refresh_token: 'eyJhbGciOiJIUzI1NiJ9.refresh',
  refresh_expires_at: '2026-02-14T10:30:00.000Z',
};

export const chat = {
  id: chatId,
  title: 'Where does the word algebra come from?',
  model: null,
  system_prompt: null,
  temperature: null,
  max_output_tokens: null,
  pinned: false,
  message_count: 2,
  last_message_at: later,
  last_message_text: 'From the Arabic al-jabr, the reunion of broken parts.',
  revision: 1,
  created_at: at,
  updated_at: later,
};

export const message = {
  id: '0198c0de-0000-7000-8000-000000000002',
  chat_id: chatId,
  role: 'user',
  state: 'complete',
  text: 'Where does the word algebra come from?',
  type: 'text',
  image_url: null,
  media_urls: [],
  reply_to_id: null,
  delivery: 'sent',
  active: true,
  revision: 1,
  created_at: at,
  updated_at: at,
};

export const answer = {
  ...message,
  id: '0198c0de-0000-7000-8000-000000000003',
  role: 'assistant',
  text: 'From the Arabic al-jabr, the reunion of broken parts.',
  revision: 2,
  updated_at: later,
};

export const attachment = {
  id: '0198c0de-0000-7000-8000-000000000005',
  name: 'algebra.png',
  media_type: 'image/png',
  size_bytes: 48_213,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  width: 1_280,
  height: 720,
  url: '/uploads/0198c0de-0000-7000-8000-000000000005',
  created_at: at,
};
export const versionedMessage = { ...message, version: 1, versions: 2 };

export const openReply = {
  id: replyId,
  chat_id: chatId,
  answers_id: message.id,
  state: 'waiting',
  error_code: null,
  provider: null,
  model: null,
  usage: null,
  prompt_tokens: null,
  completion_tokens: null,
  events_url: `/api/v1/replies/${replyId}/events`,
  created_at: at,
  started_at: null,
  first_text_at: null,
  ended_at: null,
};

export const reply = {
  ...openReply,
  state: 'complete',
  provider: 'basic',
  model: 'basic',
  usage: { prompt_tokens: 11, completion_tokens: 13, estimated: true },
  prompt_tokens: 11,
  completion_tokens: 13,
  started_at: at,
  first_text_at: '2026-01-15T10:30:00.600Z',
  ended_at: later,
};

export const searchHit = {
  type: 'message',
  chat_id: chat.id,
  chat_title: chat.title,
  message_id: message.id,
  role: 'user',
  created_at: at,
  snippet: { text: message.text, hits: [[20, 27]] },
};

const spent = { replies: 12, prompt_tokens: 5210, completion_tokens: 3480, duration_ms: 51_300 };

export const usage = {
  from: '2025-12-17',
  to: '2026-01-15',
  items: [{ day: '2026-01-15', provider: 'openai', model: 'gpt-4o-mini', ...spent }],
  totals: spent,
  today: {
    tokens: { limit: 100_000, left: 91_310 },
    replies: { limit: null, left: null },
    resets_at: '2026-01-16T00:00:00.000Z',
  },
};

export const problem = {
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  code: 'fields-missing',
  detail: 'Missing required fields',
  errors: [{ field: 'text', problem: 'is required' }],
};
