import { HttpConnection } from './http-connection.mjs';

/** Of everybody here. */
export const password = 'a password for measuring';

/**
 * New users, each with an access token.
 * @param {string} url @param {number} count @param {string} [prefix]
 * @returns {Promise<{ username: string, token: string }[]>}
 */
export async function newUsers(url, count, prefix = 'user') {
  const connection = await HttpConnection.open(url);
  const users = [];
  for (let index = 0; index < count; index += 1) {
    const username = `${prefix}${index}`;
    const body = { username, password, mode: 'tokens' };
    const { access_token: token } = await connection.json('POST', '/api/v1/auth/register', body);
    users.push({ username, token });
  }
  connection.close();
  return users;
}

/** New chats of a user, as their ids. @param {string} url @param {string} token @param {number} count @returns {Promise<string[]>} */
export async function newChats(url, token, count) {
  const connection = await HttpConnection.open(url, { token });
  const ids = [];
  for (let index = 0; index < count; index += 1)
    ids.push((await connection.json('POST', '/api/v1/chats', {})).id);
  connection.close();
  return ids;
}
