// Writes catalog/price-book.schema.json from the Zod schema: node scripts/write-schema.ts

import { writeFileSync } from 'node:fs';
import { bookJsonSchema } from '../src/book/schema.ts';

const file = new URL('../catalog/price-book.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(bookJsonSchema(), null, 2)}\n`);
console.error(`wrote ${file.pathname}`);
