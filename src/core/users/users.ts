import type { Users } from '../core.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { authenticateUser } from './authenticate-user.ts';
import { changePassword } from './change-password.ts';
import { disableUser } from './disable-user.ts';
import { enableUser } from './enable-user.ts';
import { getUser } from './get-user.ts';
import { lookUpUser } from './look-up-user.ts';
import { registerUser } from './register-user.ts';
import { removeUser, type RemoveUserDependencies } from './remove-user.ts';
import { resetPassword } from './reset-password.ts';
import { setPassword } from './set-password.ts';
import { setRole } from './set-role.ts';
import { updateUser } from './update-user.ts';

export type UsersDependencies = RemoveUserDependencies & Pick<CoreDependencies, 'passwords' | 'guesses'>;

/** Everything that the product does with users. */
export const createUsers = (deps: UsersDependencies): Users => ({
  register: (input) => registerUser(deps, input),
  authenticate: (input) => authenticateUser(deps, input),
  get: (actor) => getUser(deps.store, actor),
  update: (actor, patch) => updateUser(deps, actor, patch),
  changePassword: (actor, input) => changePassword(deps, actor, input),
  setPassword: (actor, next) => setPassword(deps, actor, next),
  remove: (actor) => removeUser(deps, actor),
  list: (page) => deps.store.users.list(page),
  lookUp: (name) => lookUpUser(deps.store, name),
  disable: (key) => disableUser(deps, key),
  enable: (key) => enableUser(deps, key),
  setRole: (key, role) => setRole(deps, key, role),
  resetPassword: (key, password) => resetPassword(deps, key, password),
});
