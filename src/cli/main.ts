// Entry of the command line. Compiled code is cached between starts, so what is imported must come after this line.

import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv.slice(2));
