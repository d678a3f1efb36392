// The fastest answer that the framework gives on this machine: one route, one small object, nothing else.
import { fastify } from 'fastify';

const app = fastify();
app.get('/', async () => ({ ok: true }));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
process.once('SIGTERM', () => process.exit(0));
process.stdin.resume().once('end', () => process.exit(0));
