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
  revision: 1,
  created_at: at,
  updated_at: at,
};

export const answer = {
  ...message,
  id: '0198c0de-0000-7000-8000-000000000003',
  role: 'assistant',
  text: 'From the Arabic al-jabr, the reunion of broken parts.',
  updated_at: later,
};

export const openReply = {
  id: replyId,
  chat_id: chatId,
  state: 'waiting',
  error_code: null,
  model: null,
  prompt_tokens: null,
  completion_tokens: null,
  events_url: `/api/v1/replies/${replyId}/events`,
  created_at: at,
  ended_at: null,
};

export const reply = {
  ...openReply,
  state: 'complete',
  model: 'basic',
  prompt_tokens: 11,
  completion_tokens: 13,
  ended_at: later,
};

export const problem = {
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  code: 'fields-missing',
  detail: 'Missing required fields',
  errors: [{ field: 'text', problem: 'is required' }],
};
