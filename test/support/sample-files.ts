import { deflateSync } from 'node:zlib';

/** The smallest files of many kinds, and what their content says that they are. */
export const samples: Readonly<Record<string, { bytes: Buffer; mediaType: string | null }>> = {
  png: {
    bytes: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
    mediaType: 'image/png',
  },
  gif: {
    bytes: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
    mediaType: 'image/gif',
  },
  jpeg: {
    bytes: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...Buffer.from('JFIF'), 0, 1, 1, 0]),
    mediaType: 'image/jpeg',
  },
  webp: {
    bytes: Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.from([30, 0, 0, 0]),
      Buffer.from('WEBPVP8L'),
      Buffer.alloc(20),
    ]),
    mediaType: 'image/webp',
  },
  mp3: {
    bytes: Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(500)]),
    mediaType: 'audio/mpeg',
  },
  wav: {
    bytes: Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.from([36, 0, 0, 0]),
      Buffer.from('WAVEfmt '),
      Buffer.alloc(24),
    ]),
    mediaType: 'audio/wav',
  },
  'pdf of letters': {
    bytes: Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n'),
    mediaType: 'application/pdf',
  },
  text: { bytes: Buffer.from('Grüße, 漢字\n'), mediaType: 'text/plain' },
  'text that begins like an image': { bytes: Buffer.from('BM, GIF and the rest'), mediaType: 'text/plain' },
  html: { bytes: Buffer.from('<!doctype html><script>alert(1)</script>'), mediaType: 'text/plain' },
  svg: {
    bytes: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    mediaType: 'text/plain',
  },
  zip: {
    bytes: Buffer.concat([Buffer.from([0x50, 0x4b, 0x05, 0x06]), Buffer.alloc(18)]),
    mediaType: 'application/zip',
  },
  program: {
    bytes: Buffer.concat([
      Buffer.from([0x7f]),
      Buffer.from('ELF'),
      Buffer.from([2, 1, 1, 0]),
      Buffer.alloc(60),
    ]),
    mediaType: 'application/x-elf',
  },
  noise: { bytes: deflateSync(Buffer.from('nothing that anybody knows')).subarray(2), mediaType: null },
};
