import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, the longest first. A file that is missing here only begins later than it could. */
const longest = [
  'faults/walk',
  'faults/network',
  'browser/pages',
  'faults/embedded-dies',
  'database/http-fuzz',
  'browser/flows',
  'browser/stored-scripts',
  'database/cli',
  'faults/kill',
  'database/guide-commands',
  'browser/public-pages',
  'faults/upgrade',
  'database/long-work',
  'browser/site',
  'faults/database-gone',
  'faults/model',
  'faults/failover',
  'database/one-account',
  'database/long-exports',
  'browser/package',
].map((name) => `/test/${name}.test.ts`);

/** Begins with the longest files, so that the cores end together, and ends with those that need no database: the shortest. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    return rest.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const place = longest.findIndex((ending) => moduleId.endsWith(ending));
  if (place !== -1) return place;
  return project.name === 'unit' ? longest.length + 1 : longest.length;
}
