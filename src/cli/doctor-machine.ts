// What doctor can tell without a database: versions, configuration, the data folder and its server.

import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import type { Configuration } from '../configuration.ts';
import { foreignEntry } from '../store/connection/folders.ts';
import { readRun } from '../store/connection/server-lock.ts';
import { cliDoctorWords } from '../words/cli/doctor.ts';
import type { DoctorLine } from './doctor-line.ts';

const leastFree = 500 * 1024 ** 2;

export function machineLines(configuration: Configuration): DoctorLine[] {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { dataFolder, databaseUrl } = configuration;
  return [
    { name: 'suanpan', words: cliDoctorWords.suanpan, value: version },
    { name: 'node', words: cliDoctorWords.node, value: process.version },
    { name: 'platform', words: cliDoctorWords.platform, value: `${process.platform} ${process.arch}` },
    {
      name: 'address',
      words: cliDoctorWords.address,
      value: `${configuration.host}:${configuration.port}`,
    },
    {
      name: 'sandbox',
      words: cliDoctorWords.sandbox,
      value: configuration.sandbox,
    },
    {
      name: 'lanes',
      words: cliDoctorWords.lanes,
      value: configuration.lanes,
    },
    {
      name: 'mostWaiting',
      words: cliDoctorWords.mostWaiting,
      value: configuration.mostWaiting,
    },
    {
      name: 'databaseUrl',
      words: cliDoctorWords.ownDatabase,
      value: databaseUrl === undefined ? null : withoutPassword(databaseUrl),
    },
    folderLine(configuration),
    serverLine(dataFolder),
  ];
}

const withoutPassword = (url: string): string =>
  url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@').replace(/(password=)[^&]*/gi, '$1***');

function folderLine({ dataFolder, databaseUrl }: Configuration): DoctorLine {
  const words = cliDoctorWords.dataFolder;
  const line = { name: 'dataFolder', words, value: dataFolder };
  if (!existsSync(dataFolder)) return line;
  try {
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { ...line, problem: cliDoctorWords.thisUserCannotReadAndWrite };
  }
  if (statSync(dataFolder).mode & 0o022) {
    const remedy = `chmod go-w ${dataFolder}`;
    return { ...line, problem: cliDoctorWords.othersMayWriteIntoIt(remedy) };
  }
  // With a database elsewhere the folder holds the pepper, beside whatever there is.
  const foreign = databaseUrl === undefined ? foreignEntry(dataFolder) : undefined;
  if (foreign !== undefined) {
    return { ...line, problem: cliDoctorWords.noDataFolderOfSuanpans(foreign) };
  }
  const { bavail, bsize } = statfsSync(dataFolder);
  const free = bavail * bsize;
  const value = `${dataFolder} (${(free / 1024 ** 3).toFixed(1)} GiB free)`;
  if (free >= leastFree) return { ...line, value };
  return { ...line, value, problem: cliDoctorWords.diskIsNearlyFull };
}

function serverLine(dataFolder: string): DoctorLine {
  const run = readRun(dataFolder);
  const value = run === undefined ? null : `pid ${run.pid}${run.http === undefined ? '' : `, ${run.http}`}`;
  return { name: 'server', words: cliDoctorWords.serverOnThisFolder, value };
}
