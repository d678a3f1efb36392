export type BaseUrl = { origin: string; path: string; query: string };

/**
 * Where the API lives: `http://host:11434`, `.../v1`, `.../v1/` and `.../v1/chat/completions` are the same place.
 * A path that names a version keeps it; any other gets the one that is given. @throws TypeError when it is no http(s) URL
 */
export const readBaseUrl = (text: string, version = 'v1'): BaseUrl => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError('The base URL of the AI must begin with http:// or https://');
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (segments.at(-1) === 'completions' && segments.at(-2) === 'chat') segments.splice(-2);
  if (!segments.some((segment) => /^v\d/.test(segment))) segments.push(version);
  return { origin: url.origin, path: `/${segments.join('/')}`, query: url.search };
};
