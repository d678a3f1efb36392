/** By their words: not every driver keeps the codes. */
const troubles: readonly (readonly [RegExp, string])[] = [
  [
    /does not support (?:SSL|secure) connection/i,
    'the server offers no TLS; turn it on there, or take TLS out of the address if the network is safe without',
  ],
  [
    /does not match certificate's altnames/i,
    'the certificate of the server is for another name; use one of its names in the address, or sslmode=verify-ca, which asks for none',
  ],
  [
    /self.signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate/i,
    'the certificate of the server is by nobody who is trusted; name the file of its authority with sslrootcert',
  ],
  [/certificate has expired/i, 'the certificate of the server has expired; renew it there'],
  [/certificate is not yet valid/i, 'the certificate of the server is not valid yet; compare the clocks'],
  [
    /unsupported protocol|protocol version|no protocols available/i,
    'the server has no version of TLS that is safe; it must speak 1.2 or later',
  ],
  [
    /wrong version number|packet length too long|record layer failure/i,
    'what answers there speaks no TLS on this port; look at the port, or connect without TLS if the network is safe',
  ],
];

/**
 * An error of a connection, with what to do about it where TLS is the trouble; any other error stays as it is. The driver's error is
 * left behind: it may carry the whole certificate.
 */
export function explainTls(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const known = troubles.find(([words]) => words.test(error.message));
  if (!known) return error;
  return Object.assign(new Error(`${known[1]} (${error.message})`), { code: 'ETLS' });
}
