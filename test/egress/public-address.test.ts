import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/egress/public-address.ts';

describe('the public internet', () => {
  it.each([
    '1.1.1.1',
    '93.184.215.14',
    '2606:4700:4700::1111',
    '64:ff9b::101:101',
    '172.32.0.1',
    '100.128.0.1',
  ])('has %s', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(['', 'localhost', '256.1.1.1', '1.1.1', '2606:4700::1111%eth0'])('has no %j', (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );
});
