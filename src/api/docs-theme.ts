/** Where its styles end: light or dark as the system of the reader says, and as wide as a phone is. */
const script = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
const viewport = { name: 'viewport', content: 'width=device-width, initial-scale=1' };
document.head.append(Object.assign(document.createElement('meta'), viewport));
`;

const style = `
html.dark-mode body { background: #1c2022 }
.swagger-ui .info { margin: 32px 0 16px }
.swagger-ui .scheme-container { padding: 16px 0; background: none; box-shadow: none }
`;

/** How the page at `/docs` looks. Its files come from this server, as its policy wants. */
export const docsTheme = {
  title: 'Parlance API',
  js: [{ filename: 'appearance.js', content: script }],
  css: [{ filename: 'appearance.css', content: style }],
};
