// What a run is asked for on the command line.

import { parseArgs } from 'node:util';

export const keyNames = [
  'single64',
  'single256',
  'p99',
  'naive',
  'batch100',
  'import',
  'servers',
  'growth',
  'duplicates',
  'hot',
  'authorize',
  'gateway',
  'close',
  'receipts',
  'forecast',
  'overview',
] as const;

export type KeyName = (typeof keyNames)[number];

export interface Options {
  readonly only: readonly KeyName[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly save: boolean;
  /** Rounds of each side; odd ones run A B, even ones B A. */
  readonly rounds: number;
  /** Seconds of load on each side of a round. */
  readonly seconds: number;
  /** Seconds of the same load before each, not counted. */
  readonly warmUp: number;
  readonly generator: 'wrk' | 'autocannon' | undefined;
  /** Where the temporary data folder is made: the disk under test. */
  readonly folder: string | undefined;
  /** Node's own flags for the processes under test, such as --cpu-prof. */
  readonly nodeFlags: readonly string[];
}

export class UsageError extends Error {}

export const usage = `npm run bench -- [--only KEY[,KEY]] [--quick] [--json] [--save] [--rounds N] [--seconds S] [--warm-up S]
                [--generator wrk|autocannon] [--folder FOLDER] [--node-flags="FLAGS"]
Keys: ${keyNames.join(', ')}`;

export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const quick = values.quick ?? false;
  const { generator } = values;
  if (generator !== undefined && generator !== 'wrk' && generator !== 'autocannon') {
    throw new UsageError(`--generator is wrk or autocannon, not ${generator}`);
  }
  return {
    only: values.only === undefined ? keyNames : values.only.split(',').map(keyNamed),
    quick,
    json: values.json ?? false,
    save: values.save ?? false,
    rounds: positive('--rounds', values.rounds) ?? (quick ? 2 : 5),
    seconds: positive('--seconds', values.seconds) ?? (quick ? 1 : 5),
    warmUp: positive('--warm-up', values['warm-up']) ?? (quick ? 1 : 2),
    generator,
    folder: values.folder,
    nodeFlags: (values['node-flags'] ?? '').split(' ').filter((flag) => flag !== ''),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        save: { type: 'boolean' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        'warm-up': { type: 'string' },
        generator: { type: 'string' },
        folder: { type: 'string' },
        'node-flags': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function keyNamed(text: string): KeyName {
  const name = keyNames.find((key) => key === text.trim());
  if (name === undefined) throw new UsageError(`no key ${text}`);
  return name;
}

function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${flag} must be a number above 0, not ${text}`);
  return value;
}
