export type Stream = { whole: Promise<string>; said(text: string): Promise<void> };

/** Reads a stream as it is, byte for byte; `whole` rejects when it does not end in order. */
export async function readStream(url: string, token: string): Promise<Stream> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  let text = '';
  let look: () => void = () => undefined;
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      look();
    }
    return text;
  };
  const whole = read();
  // Looked at later, and then it may reject.
  whole.catch(() => undefined);
  const said = (part: string) =>
    new Promise<void>((resolve) => {
      look = () => text.includes(part) && resolve();
      look();
    });
  return { whole, said };
}
