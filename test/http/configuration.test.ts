// Settings that decide whose word is taken for an address.

import { expect, test } from 'vitest';
import { ConfigurationError, readConfiguration } from '../../src/configuration.ts';

const proxies = (text: string) => readConfiguration({ SUANPAN_TRUSTED_PROXIES: text }).trustedProxies;

test('trusted proxies are addresses and networks', () => {
  expect(readConfiguration({}).trustedProxies).toEqual([]);
  expect(proxies('')).toEqual([]);
  expect(proxies('10.0.0.5')).toEqual(['10.0.0.5']);
  expect(proxies(' 10.1.0.0/16, fd00::/8 ,::1')).toEqual(['10.1.0.0/16', 'fd00::/8', '::1']);
});

test.each(['proxy', '10.0.0', '10.0.0.5/33', '10.0.0.5/0', '::1/129', '10.0.0.5/8/8', '10.0.0.5/', '*', 'true'])(
  '%s is none: everybody might claim to be anybody',
  (text) => {
    expect(() => proxies(text)).toThrow(ConfigurationError);
    expect(() => proxies(text)).toThrow('SUANPAN_TRUSTED_PROXIES');
  },
);
