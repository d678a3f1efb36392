const text = 'What is a database?';

/** Creates a chat, sends, lists 20 chats, reads the chat: one of the four a call. @param {import('./http-connection.mjs').HttpConnection} connection */
export function mixedStep(connection) {
  let chat = '';
  let step = 0;
  const steps = [
    async () => {
      chat = (await connection.json('POST', '/api/v1/chats', {})).id;
    },
    () => connection.json('POST', `/api/v1/chats/${chat}/messages`, { text }),
    () => connection.json('GET', '/api/v1/chats?limit=20'),
    () => connection.json('GET', `/api/v1/chats/${chat}/messages?limit=20`),
  ];
  return () => steps[step++ % steps.length]();
}

/** Sends, and waits for the reply, in one new chat after the other so that none grows long. @param {import('./http-connection.mjs').HttpConnection} connection @param {number} chatsEach */
export async function askStep(connection, chatsEach) {
  const chats = [];
  for (let index = 0; index < chatsEach; index += 1)
    chats.push((await connection.json('POST', '/api/chat/create', {})).id);
  let next = 0;
  return () => connection.json('POST', `/api/messages/${chats[next++ % chats.length]}/send`, { text });
}
