// Adds to package-lock.json the optional platform packages that a partial registry
// mirror did not know when the lock was made; without them `npm ci` refuses the lock.
// An entry with no integrity is inert except on its own platform. Run after `npm install`.

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'wasm32',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isPresent = [`node_modules/${name}`, `${place}/node_modules/${name}`].some((path) => lock.packages[path]);
    if (isPresent) continue;
    const os = systems.filter((system) => name.includes(system));
    const cpu = processors.filter((processor) => name.includes(processor)).slice(0, 1);
    if (os.length === 0) {
      console.error(`complete-lock: ${name} is not a platform package; left out`);
      continue;
    }
    const libc = name.includes('musl') ? ['musl'] : undefined;
    lock.packages[`node_modules/${name}`] = { version, cpu, dev: entry.dev, libc, optional: true, os };
    console.error(`complete-lock: added ${name}@${version}`);
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
