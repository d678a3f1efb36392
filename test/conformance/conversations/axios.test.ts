import axios, { type AxiosInstance } from 'axios';
import { CookieJar } from 'tough-cookie';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import type { Conversation, Message } from './client.ts';

const baseURL = inject('sharedUrl');
const pageOrigin = 'http://localhost:3000';

/**
 * axios as the README has its frontend set it up, in a page of `localhost:3000`. What a browser adds stands here: its cookies, by its own
 * rules, and where the request comes from; and whether the page may read the answer.
 */
function openFrontend(): { api: AxiosInstance; jar: CookieJar } {
  const jar = new CookieJar();
  const api = axios.create({ baseURL, withCredentials: true, validateStatus: () => true });
  api.defaults.headers.common['Content-Type'] = 'application/json';
  api.interceptors.request.use(async (config) => {
    const sameSite = { sameSiteContext: 'lax' } as const;
    config.headers.set('Cookie', await jar.getCookieString(axios.getUri(config), sameSite));
    config.headers.set({ Origin: pageOrigin, 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' });
    return config;
  });
  api.interceptors.response.use(async (response) => {
    expect(response.headers['access-control-allow-origin']).toBe(pageOrigin);
    expect(response.headers['access-control-allow-credentials']).toBe('true');
    for (const cookie of response.headers['set-cookie'] ?? [])
      await jar.setCookie(cookie, axios.getUri(response.config));
    return response;
  });
  return { api, jar };
}

let api: AxiosInstance;
let jar: CookieJar;
beforeEach(() => {
  ({ api, jar } = openFrontend());
});

describe('README "Frontend Integration": axios with credentials and a JSON content type on every call', () => {
  it('goes through a whole visit, the cookie being kept by the rules of browsers', async () => {
    const username = `a${crypto.randomUUID().slice(0, 18)}`;
    const credentials = { username, password: 'a secret' };
    expect((await api.get('/api/test')).data).toEqual({ message: 'Server is running' });
    expect((await api.get('/api/current_user')).data).toEqual({ user: null });
    expect((await api.post('/api/signup', credentials)).data).toMatchObject({
      message: 'User created successfully',
    });
    expect((await api.get('/api/conversations')).status).toBe(401);

    const { data: login } = await api.post<{ user: { id: number } }>('/api/login', credentials);
    const [cookie] = await jar.getCookies(baseURL);
    expect(cookie).toMatchObject({
      key: 'session',
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      hostOnly: true,
    });
    expect(cookie?.expiryTime()).toBe(Infinity);
    expect((await api.get('/api/current_user')).data).toMatchObject({
      user: { id: login.user.id, username },
    });

    const created = await api.post<Conversation>('/api/conversations', {
      name: 'Trip',
      created_at: new Date(),
    });
    expect([created.status, created.data.messages]).toEqual([201, []]);
    const path = `/api/conversations/${created.data.id}`;
    const sent = await api.post<Message[]>(`${path}/messages`, { text: 'Hello' });
    expect([sent.status, sent.data.map(({ sender }) => sender)]).toEqual([201, ['user', 'bot']]);
    const renamed = await api.put<Conversation>(path, { name: 'Journey' });
    expect(renamed.data).toEqual({ id: created.data.id, name: 'Journey', messages: sent.data });
    expect((await api.get('/api/conversations')).data).toEqual([renamed.data]);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get('/api/conversations')).data).toEqual([]);

    expect((await api.get('/api/logout')).data).toEqual({ message: 'Logged out successfully' });
    expect(await jar.getCookies(baseURL)).toEqual([]);
    expect((await api.get('/api/current_user')).data).toEqual({ user: null });
  });

  it('of the other generation logs out by POST, with its own id and without a body', async () => {
    const credentials = { username: `b${crypto.randomUUID().slice(0, 18)}`, password: 'a secret' };
    const { data: signup } = await api.post<{ user_id: number }>('/api/signup', credentials);
    await api.post('/api/login', credentials);
    expect((await api.post(`/api/logout/${signup.user_id}`)).data).toEqual({
      message: `User ${signup.user_id} logged out successfully`,
    });
    expect((await api.post('/api/logout')).status).toBe(401);
  });
});
