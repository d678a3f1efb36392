import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import type { Config } from '../config.ts';
import type { Core, RegisterUser } from '../core/core.ts';
import type { User, UserRole } from '../core/users/user.ts';
import { openCore } from '../open-core.ts';
import { requireThere } from '../storage/moving/open-place.ts';
import { readPassword } from './read-password.ts';
import { withConfig } from './with-config.ts';

const pageSize = 500;

type PasswordOptions = { generate?: boolean };
type CreateOptions = PasswordOptions & { email?: string; firstName?: string; admin?: boolean };

const roles: readonly UserRole[] = ['user', 'admin'];

/** `parlance user create | list | disable | enable | set-role | reset-password`, beside a running server or without one. */
export function addUser(program: Command): void {
  const user = program.command('user').description('look after accounts');
  user
    .command('create <username>')
    .description('make an account; the password is asked for, or read from standard input')
    .option('--email <address>')
    .option('--first-name <name>')
    .option('--admin', 'with the role of an administrator')
    .option('--generate', 'make a password and print it')
    .action((username: string, options: CreateOptions) =>
      withConfig(async (config) => {
        const isNew = config.database.file !== undefined && !existsSync(config.database.file);
        await useUsers(config, (users) => create(users, username, options));
        if (isNew) console.log(`${config.database.shown} was made for it`);
      }),
    );
  user
    .command('list')
    .description('list all accounts')
    .action(() => withUsers(list));
  user
    .command('disable <user>')
    .description('end every login of an account within a second and refuse new ones')
    .action((name: string) =>
      withUsers(async (users) => {
        const { uuid } = await users.lookUp(name);
        await users.disable(uuid);
        console.log(`${name} is disabled`);
      }),
    );
  user
    .command('enable <user>')
    .description('let a disabled account sign in again')
    .action((name: string) =>
      withUsers(async (users) => {
        const { uuid } = await users.lookUp(name);
        await users.enable(uuid);
        console.log(`${name} is enabled`);
      }),
    );
  user
    .command('set-role <user>')
    .description('make an account an administrator, or an ordinary one again')
    .addArgument(new Argument('<role>').choices(roles))
    .action((name: string, role: UserRole) =>
      withUsers(async (users) => {
        const { uuid } = await users.lookUp(name);
        await users.setRole(uuid, role);
        console.log(`${name} has the role ${role}`);
      }),
    );
  user
    .command('reset-password <user>')
    .description('set another password and end every login; it is asked for, or read from standard input')
    .option('--generate', 'make a password and print it')
    .action((name: string, options: PasswordOptions) =>
      withUsers(async (users) => {
        const { uuid } = await users.lookUp(name);
        const password = await choosePassword(options);
        await users.resetPassword(uuid, password);
        tellPassword(password, options);
        console.log(`${name} has a new password; every login has ended`);
      }),
    );
}

// What has happened is said on the terminal.
const nothing = () => {};
const silentLog = { info: nothing, warn: nothing, error: nothing };

type Work = (users: Core['users']) => Promise<void>;

/** On a database that is there: in the wrong folder nobody is to find an empty one. */
const withUsers = (work: Work): Promise<void> =>
  withConfig(async (config) => {
    requireThere(config.database);
    await useUsers(config, work);
  });

async function useUsers(config: Config, work: Work): Promise<void> {
  const { running, close } = await openCore(config, { log: silentLog });
  try {
    await work(running.core.users);
  } finally {
    await close();
  }
}

async function create(users: Core['users'], username: string, options: CreateOptions): Promise<void> {
  const password = await choosePassword(options);
  const input: RegisterUser = {
    username,
    password,
    role: options.admin ? 'admin' : 'user',
    ...(options.email === undefined ? {} : { email: options.email }),
    ...(options.firstName === undefined ? {} : { firstName: options.firstName }),
  };
  const user = await users.register(input);
  tellPassword(password, options);
  console.log(`created ${describe(user)}`);
}

async function list(users: Core['users']): Promise<void> {
  let page: User[] = [];
  do {
    page = await users.list({ after: page.at(-1)?.id ?? null, limit: pageSize });
    for (const user of page) console.log(describe(user));
  } while (page.length === pageSize);
}

function describe(user: User): string {
  const names = [user.username, user.email].filter((name) => name !== null).join('  ');
  const marks = [user.role === 'admin' ? 'admin' : '', user.disabledAt ? 'disabled' : ''].filter(Boolean);
  return [user.id, names, user.createdAt.toISOString().slice(0, 10), ...marks].join('  ');
}

/** Never an argument: the arguments of a running command can be read by everybody on the machine. */
async function choosePassword({ generate }: PasswordOptions): Promise<string> {
  return generate ? randomBytes(15).toString('base64url') : readPassword();
}

/** Once it is somebody's. */
function tellPassword(password: string, { generate }: PasswordOptions): void {
  if (generate) console.log(`password: ${password}`);
}
