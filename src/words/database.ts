// What a server says of its database and of PostgreSQL.

import { type Shown, words } from './words.ts';

export const databaseWords = {
  clockIsOff: (seconds: string, isAhead: boolean) =>
    words(
      `本机时钟比数据库${isAhead ? '快' : '慢'} ${seconds} 秒。Suanpan 以数据库时钟为准，请校准本机时钟。`,
      `This machine's clock is ${seconds} s ${isAhead ? 'ahead of' : 'behind'} the database's. Suanpan goes by the database's; set this one right.`,
    ),
  endedByItself: (how: string) =>
    words('PostgreSQL 意外结束，正在重新启动。', `PostgreSQL ended by itself (${how}) and is started again.`),
  runsAgain: words('PostgreSQL 已恢复运行。', 'PostgreSQL runs again.'),
  thereIsNoEmbeddedPostgresqlFor: (platform: Shown, arch: Shown, wanted: Shown) =>
    words(
      `没有适用于 ${platform}-${arch} 的内置 PostgreSQL（${wanted}）。请设置 DATABASE_URL 使用 PostgreSQL 服务器。`,
      `There is no embedded PostgreSQL for ${platform}-${arch} (package ${wanted}). Set DATABASE_URL to use a PostgreSQL server.`,
    ),
  postgresqlsInitdbFailedIn: (draft: Shown, text: Shown) =>
    words(`无法在 ${draft} 创建数据库。`, `PostgreSQL's initdb failed in ${draft}:\n${text}`),
  postgresqlIsTooOld: (floor: Shown) =>
    words(
      `PostgreSQL ${floor} 版本过低，Suanpan 需要 15 或更新版本。`,
      `PostgreSQL ${floor} is too old; Suanpan needs 15 or newer.`,
    ),
  databasesDiskIsFull: (detail: Shown, leastFree: Shown) =>
    words(
      `数据库磁盘已满：${detail}。已确认的数据没有丢失；请释放空间（至少 ${leastFree} MB）。`,
      `The database's disk is full: ${detail}. Nothing that was acknowledged is lost; free some space on it, at least ${leastFree} MB.`,
    ),
  dataFolderCannotBeUsed: (folder: Shown, reason: Shown) =>
    words(
      `无法使用数据目录 ${folder}：${reason}。请以其所有者身份启动，或用 SUANPAN_DATA 指定其他目录。`,
      `The data folder ${folder} cannot be used: ${reason}. Start as its owner, or choose another with SUANPAN_DATA.`,
    ),
  isNoDataFolderOfSuanpans: (folder: Shown, foreign: Shown) =>
    words(
      `${folder} 不是 Suanpan 的数据目录：其中有“${foreign}”而没有数据库。请用 SUANPAN_DATA 指定空目录或不存在的目录。`,
      `${folder} is no data folder of Suanpan's: it holds "${foreign}" and no database. Name an empty folder, or one that does not exist, with SUANPAN_DATA.`,
    ),
  databaseDoesNotAnswer: (reason: Shown) =>
    words(`无法连接数据库：${reason}`, `The database does not answer: ${reason}`),
  postgresqlCouldNotBeStartedAgain: (mostFailures: Shown, logFile: Shown) =>
    words(
      `PostgreSQL 重启 ${mostFailures} 次均未成功，原因见 ${logFile}。`,
      `PostgreSQL could not be started again in ${mostFailures} tries. Its last words are in ${logFile}.`,
    ),
  rootCannotRunIt: (cluster: Shown, advice: Shown) =>
    words(
      `PostgreSQL 不能以 root 运行，而普通用户无法访问其程序或 ${cluster}。请移出私有目录、安装 setpriv、以普通用户启动，或设置 DATABASE_URL。`,
      `PostgreSQL does not run as root, and the unprivileged user cannot reach its programs or ${cluster}: ${advice}; or set DATABASE_URL.`,
    ),
  migrationWasChangedAfterItHad: (name: Shown) =>
    words(
      `迁移 ${name} 在应用之后被改动。请启动当初应用它的 Suanpan，或未经改动的新版本。`,
      `Migration ${name} was changed after it had been applied. Start the Suanpan that applied it, or an unchanged newer one.`,
    ),
  postgresqlDidNotStart: (logFile: Shown, end: Shown) =>
    words(`PostgreSQL 未能启动，原因见 ${logFile}。`, `PostgreSQL did not start; the end of ${logFile}:\n${end}`),
  anotherProcessIsBringingTheDatabase: words(
    '另一进程正在升级数据库结构，请待其完成后重新启动。',
    'Another process is bringing the database up to date. Start again when it has finished.',
  ),
  databaseHasToBeBroughtUp: (schema: Shown, named: Shown) =>
    words(
      `数据库需要升级到结构 ${schema}，但仍有其他 Suanpan 进程在使用（${named}）。请先全部停止，再启动本进程；参见 docs/operating/upgrading.md。`,
      `The database has to be brought up to schema ${schema}, and other Suanpan processes still use it (${named}). Stop all of them, then start this one; see docs/operating/upgrading.md.`,
    ),
  databaseHasSchema: (there: Shown, ours: Shown) =>
    words(
      `数据库结构为 ${there}，本程序只支持到 ${ours}。请启动更新版本的 Suanpan；账本未受影响。`,
      `The database has schema ${there}, and this program knows only ${ours}. Start a newer Suanpan; the ledger is as it was.`,
    ),
  databaseHasSchemaByNow: (there: Shown, ours: Shown) =>
    words(
      `数据库结构现为 ${there}，低于本程序的 ${ours}：数据库已被替换。请重新启动本程序。`,
      `The database has schema ${there} by now, older than this program's ${ours}: it was replaced. Start this program again.`,
    ),
  anotherSuanpanProcess: (dataFolder: Shown, pid: Shown) =>
    words(
      `数据目录 ${dataFolder} 正由另一个 Suanpan 进程（pid ${pid}）使用。请先停止它，或用 SUANPAN_DATA 指定其他目录。`,
      `Another Suanpan process (pid ${pid}) already uses the data folder ${dataFolder}. Stop it, or choose another folder with SUANPAN_DATA.`,
    ),
  lockCanBeNeitherTakenNor: (file: Shown) =>
    words(
      `无法获取或清除锁文件 ${file}。确认没有 Suanpan 服务在运行后，请删除该文件与 ${file}.guard。`,
      `The lock ${file} can be neither taken nor removed. If no Suanpan server runs, delete it and ${file}.guard.`,
    ),
  noSystemUser: (ownName: Shown, said: Shown) =>
    words(
      `PostgreSQL 不能以 root 运行，且无法创建系统用户 ${ownName}（${said}）。请先创建它（useradd --system ${ownName}）、以普通用户启动，或设置 DATABASE_URL。`,
      `PostgreSQL does not run as root, and the system user "${ownName}" could not be made (${said}). Make it (useradd --system ${ownName}), start as an ordinary user, or set DATABASE_URL.`,
    ),
};
