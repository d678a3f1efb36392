/** What the front page tells a visitor. */
export type FrontPageFacts = { version: string; dialects: readonly string[]; provider: string };

const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2127, #e8eaed); --soft: light-dark(#5b6570, #9aa4af);
  --page: light-dark(#f7f8f9, #14171a); --card: light-dark(#fff, #1d2125); --line: light-dark(#e1e5e9, #2c3238); --link: light-dark(#1459b8, #7db4ff); }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif }
main { width: 100%; max-width: 34rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em }
p { margin: .4rem 0 1.4rem; color: var(--soft) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.25rem; margin: 0 0 1.6rem }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; padding-top: 1.2rem; border-top: 1px solid var(--line) }
a { color: var(--link) }`;

/** The page of `GET /` for a browser: that it runs, what it speaks, where to read on. It loads nothing. */
export function frontPage({ version, dialects, provider }: FrontPageFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Parlance</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Parlance is running</h1>
<p>A chat backend. Point a chat frontend at this address.</p>
<dl>
<dt>Version</dt><dd>${escape(version)}</dd>
<dt>Speaks</dt><dd>${escape(dialects.join(', ') || 'its own API only')}</dd>
<dt>AI</dt><dd>${escape(provider)}</dd>
</dl>
<nav aria-label="Documentation">
<a href="/docs">API documentation</a>
<a href="/openapi.json">OpenAPI</a>
<a href="/health">Health</a>
<a href="/ready">Readiness</a>
</nav>
</main>
</body>
</html>
`;
}
