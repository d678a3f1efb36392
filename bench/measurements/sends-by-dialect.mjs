import { measureRoute } from '../load/bare-route.mjs';
import { HttpConnection } from '../load/http-connection.mjs';
import { startWithPeople } from '../load/people.mjs';
import { runLoad } from '../load/run-load.mjs';
import { SocketIoClient } from '../load/socket-io-client.mjs';

const connections = 16;
/** A socket may say a hundred packets at once and twenty a second: as fast as it goes, one after the other is used up. */
const socketsEach = 8;
const text = 'What is a database?';
const full = { chatsEach: 32, warmUpMs: 1_500, forMs: 3_500 };
const small = { chatsEach: 4, warmUpMs: 200, forMs: 500 };

/** What makes a chat, and what sends into it and waits for the reply. */
const dialects = {
  '/api/v1': byRequest({
    create: ['/api/v1/chats', {}],
    idOf: ({ id }) => id,
    send: (id) => [`/api/v1/chats/${id}/messages`, { text }],
  }),
  histories: byRequest({
    create: ['/api/chat/create', {}],
    idOf: ({ id }) => id,
    send: (id) => [`/api/messages/${id}/send`, { text }],
  }),
  conversations: byRequest({
    login: ({ cookie }) => ({ cookie }),
    create: ['/api/conversations', { name: 'Chat' }],
    idOf: ({ id }) => id,
    send: (id) => [`/api/conversations/${id}/messages`, { text }],
  }),
  flutter: byRequest({
    create: ['/chats/', { title: 'Chat' }],
    idOf: ({ id }) => id,
    send: (id) => [`/chats/${id}/messages/`, { content: text }],
  }),
  'chat-sessions': byRequest({
    create: ['/chat/sessions', { title: 'Chat' }],
    idOf: ({ session }) => session.id,
    send: (id) => [`/chat/sessions/${id}/messages`, { text, reply: true }],
  }),
  'amanda, over Socket.IO': {
    ...byRequest({
      login: ({ cookie }) => ({ cookie }),
      create: ['/api/chat/create', {}],
      idOf: ({ chat_id: id }) => id,
    }),
    sender: bySocketIo,
    peopleEach: socketsEach,
  },
};

/** @type {import('../measurements.mjs').Measurement} */
export const sendsByDialect = {
  name: 'sends-by-dialect',
  about: `sends of each dialect, each with its reply of the basic provider, at ${connections} connections against a bare Fastify route`,
  async run(context) {
    const { chatsEach, warmUpMs, forMs } = context.small ? small : full;
    const route = await measureRoute(context, connections);
    const { server, people } = await startWithPeople(context, connections * socketsEach);
    const rows = [{ what: 'bare Fastify route', value: route.perSecond, unit: 'req/s' }];
    for (const [name, { chats, sender, peopleEach }] of Object.entries(dialects)) {
      context.note(name);
      const senders = [];
      for (const person of people.slice(0, connections * peopleEach)) {
        const ids = await chats(server.url, person, Math.ceil(chatsEach / peopleEach));
        senders.push(await sender(server.url, person, ids));
      }
      const workers = Array.from({ length: connections }, (_, worker) => {
        const next = inTurn(senders.filter((_one, index) => index % connections === worker));
        return () => next().send();
      });
      const load = await runLoad({ workers, warmUpMs, forMs, cpuMicros: server.cpuMicros });
      for (const { close } of senders) close();
      rows.push(
        { what: `${name}: sends`, value: load.perSecond, unit: 'sends/s' },
        { what: `${name}: p50`, value: load.p50, unit: 'ms' },
        { what: `${name}: CPU of the server`, value: load.cpuMicrosPerStep, unit: 'µs each' },
        { what: `${name}: sends : bare Fastify route`, value: load.perSecond / route.perSecond, unit: '×' },
      );
    }
    return rows;
  },
};

/** @param {{ login?: (person: any) => object, create: [string, object], idOf: (answer: any) => string, send?: (id: string) => [string, object] }} wire */
function byRequest({ login = ({ token }) => ({ token }), create, idOf, send = () => create }) {
  return {
    peopleEach: 1,
    async chats(url, person, count) {
      const connection = await HttpConnection.open(url, login(person));
      const ids = [];
      for (let index = 0; index < count; index += 1) ids.push(idOf(await connection.json('POST', ...create)));
      connection.close();
      return ids;
    },
    async sender(url, person, ids) {
      const connection = await HttpConnection.open(url, login(person));
      const next = inTurn(ids);
      return { send: () => connection.json('POST', ...send(next())), close: () => connection.close() };
    },
  };
}

async function bySocketIo(url, person, ids) {
  const client = await SocketIoClient.connect(url, person);
  const next = inTurn(ids);
  return { send: () => client.send(next(), text), close: () => client.close() };
}

/** So that the reply before has long been written, and no chat grows long. */
function inTurn(items) {
  let next = 0;
  return () => items[next++ % items.length];
}
