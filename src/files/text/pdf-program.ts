/**
 * What a thread of its own runs to read a PDF: JavaScript as it stands, for neither the tests nor the bundle give a thread anything that was
 * translated. It is given `library`, `bytes`, `pages` and `characters`, and answers with `text` and `isCut`, or with a `failure`.
 */
export const pdfProgram = String.raw`
const { parentPort, workerData } = require('node:worker_threads');
const { library, bytes, pages, characters } = workerData;

async function read() {
  const { getDocumentProxy } = require(library);
  const pdf = await getDocumentProxy(bytes, { verbosity: 0, isEvalSupported: false, useSystemFonts: false });
  let text = '';
  let number = 0;
  while (number < Math.min(pdf.numPages, pages) && text.length <= characters) {
    number += 1;
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    for (const { str = '', hasEOL = false } of items) text += hasEOL ? str + '\n' : str;
    text += '\n\n';
    page.cleanup();
  }
  return { text: text.slice(0, characters), isCut: number < pdf.numPages || text.length > characters };
}

read().then(
  (answer) => parentPort.postMessage(answer),
  (thrown) => parentPort.postMessage({ failure: String(thrown && thrown.name) }),
);
`;
