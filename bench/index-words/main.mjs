// node bench/index-words/main.mjs <SQLite file> <username>
// Indexes the words of a user as the server does, without a server. CPU time is what counts: other programs fill databases meanwhile.
import { indexUser } from '../../dist/core/search/index-user.js';
import { openStorage } from '../../dist/storage/open-storage.js';

const [file = '', username = ''] = process.argv.slice(2);
const silent = () => {
  // What storage has to say here, it throws.
};
const log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = () => new Date();
const store = await openStorage({ url: file, log, clock });
const userId = (await store.users.findByLogin(username)).user.id;
const before = process.cpuUsage();
await indexUser({ store, clock }, userId);
const { user, system } = process.cpuUsage(before);
await store.close();
console.log(`indexed with ${((user + system) / 1e6).toFixed(3)} s`);
process.stdin.resume().once('end', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
