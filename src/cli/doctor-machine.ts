// What doctor can tell without a database: versions, configuration, the data folder and its server.

import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import type { Configuration } from '../configuration.ts';
import { foreignEntry } from '../store/connection/folders.ts';
import { readRun } from '../store/connection/server-lock.ts';
import type { DoctorLine } from './doctor-line.ts';

const leastFree = 500 * 1024 ** 2;

export function machineLines(configuration: Configuration): DoctorLine[] {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { dataFolder, databaseUrl } = configuration;
  return [
    { name: 'suanpan', words: { zh: 'Suanpan 版本', en: 'Suanpan' }, value: version },
    { name: 'node', words: { zh: 'Node 版本', en: 'Node' }, value: process.version },
    { name: 'platform', words: { zh: '平台', en: 'platform' }, value: `${process.platform} ${process.arch}` },
    {
      name: 'address',
      words: { zh: '监听地址（SUANPAN_HOST、PORT）', en: 'address (SUANPAN_HOST, PORT)' },
      value: `${configuration.host}:${configuration.port}`,
    },
    {
      name: 'sandbox',
      words: { zh: '沙箱（SUANPAN_SANDBOX）', en: 'sandbox (SUANPAN_SANDBOX)' },
      value: configuration.sandbox,
    },
    {
      name: 'lanes',
      words: { zh: '并行提交（SUANPAN_LANES）', en: 'lanes (SUANPAN_LANES)' },
      value: configuration.lanes,
    },
    {
      name: 'mostWaiting',
      words: { zh: '排队上限（SUANPAN_MOST_WAITING）', en: 'most waiting (SUANPAN_MOST_WAITING)' },
      value: configuration.mostWaiting,
    },
    {
      name: 'databaseUrl',
      words: { zh: '外部数据库（DATABASE_URL）', en: 'own database (DATABASE_URL)' },
      value: databaseUrl === undefined ? null : withoutPassword(databaseUrl),
    },
    folderLine(configuration),
    serverLine(dataFolder),
  ];
}

const withoutPassword = (url: string): string =>
  url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@').replace(/(password=)[^&]*/gi, '$1***');

function folderLine({ dataFolder, databaseUrl }: Configuration): DoctorLine {
  const words = { zh: '数据目录（SUANPAN_DATA）', en: 'data folder (SUANPAN_DATA)' };
  const line = { name: 'dataFolder', words, value: dataFolder };
  if (!existsSync(dataFolder)) return line;
  try {
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { ...line, problem: { zh: '当前用户不能读写', en: 'this user cannot read and write it' } };
  }
  if (statSync(dataFolder).mode & 0o022) {
    const remedy = `chmod go-w ${dataFolder}`;
    return { ...line, problem: { zh: `其他用户可以写入；请 ${remedy}`, en: `others may write into it; ${remedy}` } };
  }
  // With a database elsewhere the folder holds the pepper, beside whatever there is.
  const foreign = databaseUrl === undefined ? foreignEntry(dataFolder) : undefined;
  if (foreign !== undefined) {
    const zh = `不是 Suanpan 的数据目录：其中有“${foreign}”而没有数据库；请用 SUANPAN_DATA 指定其他目录`;
    const en = `no data folder of Suanpan's: it holds "${foreign}" and no database; name another with SUANPAN_DATA`;
    return { ...line, problem: { zh, en } };
  }
  const { bavail, bsize } = statfsSync(dataFolder);
  const free = bavail * bsize;
  const value = `${dataFolder} (${(free / 1024 ** 3).toFixed(1)} GiB free)`;
  if (free >= leastFree) return { ...line, value };
  return { ...line, value, problem: { zh: '磁盘将满，请释放空间', en: 'the disk is nearly full, free some space' } };
}

function serverLine(dataFolder: string): DoctorLine {
  const run = readRun(dataFolder);
  const value = run === undefined ? null : `pid ${run.pid}${run.http === undefined ? '' : `, ${run.http}`}`;
  return { name: 'server', words: { zh: '此目录上的服务', en: 'server on this folder' }, value };
}
