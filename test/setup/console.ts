import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The console as it is built for people: the tests look at what they get. */
export default function setup(): void {
  execFileSync('sh', [fileURLToPath(new URL('../../scripts/console', import.meta.url))], { stdio: 'inherit' });
}
