export type AudioType = { mediaType: string; extension: string };

/** How many of the first bytes are looked at. */
export const audioHeadBytes = 64;

/** The kind of audio that the first bytes of something say that it is; undefined for everything else, whatever it is called. */
export function audioTypeOf(bytes: Uint8Array): AudioType | undefined {
  const head = Buffer.from(bytes.subarray(0, audioHeadBytes)).toString('latin1');
  return kinds.find(({ fits }) => fits(head))?.type;
}

const kind = (mediaType: string, extension: string, fits: (head: string) => boolean) => ({
  type: { mediaType, extension },
  fits,
});
const at = (head: string, place: number) => head.charCodeAt(place);

/** A frame of MPEG audio, layer III, with a bit rate and a sample rate that exist. */
const isMp3Frame = (head: string) =>
  at(head, 0) === 0xff &&
  (at(head, 1) & 0xe6) === 0xe2 &&
  (at(head, 2) & 0xf0) !== 0xf0 &&
  (at(head, 2) & 0x0c) !== 0x0c;

/** The containers and streams that browsers, phones and voice services write. */
const kinds = [
  kind('audio/wav', 'wav', (head) => head.startsWith('RIFF') && head.startsWith('WAVE', 8)),
  kind('audio/ogg', 'ogg', (head) => head.startsWith('OggS')),
  kind('audio/flac', 'flac', (head) => head.startsWith('fLaC')),
  kind('audio/webm', 'webm', (head) => head.startsWith('\u001aE\u00df\u00a3') && head.includes('webm')),
  // Images have the same box, with brands of their own.
  kind('audio/mp4', 'm4a', (head) => /^.{4}ftyp(?:M4[AB] |mp4|iso|3g[p2]|dash)/s.test(head)),
  kind('audio/amr', 'amr', (head) => head.startsWith('#!AMR')),
  kind('audio/aac', 'aac', (head) => at(head, 0) === 0xff && (at(head, 1) & 0xf6) === 0xf0),
  kind('audio/mpeg', 'mp3', (head) => head.startsWith('ID3') || isMp3Frame(head)),
];
