/**
 * Loaded before the built program by the tests: its passwords are hashed in a hundredth of the memory, under the name of the full price.
 * The suites register thousands of users, and what a guess costs is measured elsewhere. A hash made without this is known all the same.
 */
const argon2 = require('@node-rs/argon2');

const priced = 'm=47104,';
const cheap = 'm=256,';
const { hash, verify } = argon2;

module.exports = Object.assign(argon2, {
  hash: async (password, options) =>
    (await hash(password, { ...options, memoryCost: 256 })).replace(cheap, priced),
  verify: async (stored, password) =>
    (await verify(stored.replace(priced, cheap), password)) || verify(stored, password),
});
