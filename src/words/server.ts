// What a server says when it starts and stops, and of its settings.

import { type Shown, words } from './words.ts';

export const serverWords = {
  stopping: words('正在停止：先答复处理中的请求。', 'Stopping: answering what is under way.'),
  notStopped: (seconds: Shown) => words('未能及时停止，强制退出。', `Not stopped within ${seconds} s: ending.`),
  signalAgain: (signal: Shown) =>
    words('再次收到信号，立即退出。', `${signal} again: ending at once; what is not answered is not acknowledged.`),
  portInUse: words('端口被占用，请用 PORT 指定其他端口。', 'The port is in use; set PORT to another.'),
  portNotAllowed: words(
    '当前用户不能监听该端口，请把 PORT 设为 1024 以上。',
    'This user may not listen there; set PORT to 1024 or above.',
  ),
  cannotListen: words(
    '无法监听该地址，请检查 SUANPAN_HOST 与 PORT。',
    'Cannot listen there; check SUANPAN_HOST and PORT.',
  ),
  /** The first lines of a server are for readers of either language. */
  ready: (url: string): string => `Suanpan 算盘 is ready: ${url}  (API documentation: ${url}/docs)`,
  firstKey: (key: string): string =>
    `First API key (operator), shown only once 首个运营方密钥，仅显示一次:\n\n  ${key}\n`,
  keysExist: (command: string): string =>
    `Operator keys exist; make another with 已有运营方密钥，如需新密钥: ${command} key create --local`,
  firstAdmin: (email: string, url: string): string =>
    `First admin ${email}: set the password with this link within 7 days 首位管理员，7 天内用此链接设置密码:\n\n  ${url}\n`,
  collectorUrl: (found: Shown) =>
    words(
      `OTEL_EXPORTER_OTLP_ENDPOINT 须为采集器的 http(s) 网址，如 http://127.0.0.1:4318，而不是“${found}”。`,
      `OTEL_EXPORTER_OTLP_ENDPOINT must be the http(s) address of a collector, such as http://127.0.0.1:4318, not "${found}".`,
    ),
  oidc: words(
    '组织账号登录须同时设置 SUANPAN_OIDC_ISSUER（https 网址）、SUANPAN_OIDC_CLIENT_ID、SUANPAN_OIDC_CLIENT_SECRET 与 SUANPAN_PUBLIC_URL。',
    'Sign-in by an identity provider takes SUANPAN_OIDC_ISSUER (an https address), SUANPAN_OIDC_CLIENT_ID, SUANPAN_OIDC_CLIENT_SECRET and SUANPAN_PUBLIC_URL together.',
  ),
  secondPerson: (found: Shown) =>
    words(
      `SUANPAN_SECOND_PERSON 须为金额（如 10000.00）或 off，而不是“${found}”。`,
      `SUANPAN_SECOND_PERSON must be an amount such as 10000.00, or off, not "${found}".`,
    ),
  publicUrl: (found: Shown) =>
    words(
      `SUANPAN_PUBLIC_URL 须为浏览器访问本服务的网址，如 https://billing.example.com，而不是“${found}”。`,
      `SUANPAN_PUBLIC_URL must be where browsers find this server, such as https://billing.example.com, not "${found}".`,
    ),
  adminEmail: (found: Shown) =>
    words(
      `SUANPAN_ADMIN_EMAIL 须为邮箱地址，如 ops@example.com，而不是“${found}”。`,
      `SUANPAN_ADMIN_EMAIL must be a mail address such as ops@example.com, not "${found}".`,
    ),
  unknownSetting: (name: Shown, list: Shown) =>
    words(`没有设置项 ${name}。可用：${list}。`, `Unknown setting ${name}. Known: ${list}.`),
  mustBeAWholeNumberFrom: (name: Shown, least: Shown, most: Shown, found: Shown) =>
    words(
      `${name} 须为 ${least} 到 ${most} 的整数，而不是“${found}”。`,
      `${name} must be a whole number from ${least} to ${most}, not "${found}".`,
    ),
  mustBeOneOf: (name: Shown, list: Shown, found: Shown) =>
    words(`${name} 只能是 ${list} 之一，而不是“${found}”。`, `${name} must be one of ${list}, not "${found}".`),
  suanpanTrustedProxiesMustBeAddresses: (proxy: Shown) =>
    words(
      `SUANPAN_TRUSTED_PROXIES 须为地址或网段，如 10.0.0.5、10.1.0.0/16、fd00::/8，以逗号分隔，而不是“${proxy}”。`,
      `SUANPAN_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.5, 10.1.0.0/16 or fd00::/8, with commas between them; not "${proxy}".`,
    ),
  corsOrigin: (origin: Shown) =>
    words(
      `SUANPAN_CORS_ORIGINS 须为网页的来源，如 https://www.example.com，以逗号分隔，没有路径，也没有 *，而不是“${origin}”。`,
      `SUANPAN_CORS_ORIGINS must be origins of pages such as https://www.example.com, with commas between them, without paths and without *; not "${origin}".`,
    ),
  unknownInFile: (file: Shown, name: Shown, nearest: Shown) =>
    words(
      `${file}：没有设置项 ${name}；是否 ${nearest}？`,
      `${file}: unknown setting ${name}; did you mean ${nearest}?`,
    ),
  mustBeATextInFile: (file: Shown, name: Shown) =>
    words(
      `${file}：${name} 须为文本、数字或 true/false`,
      `${file}: ${name} must be a text, a number, or true or false`,
    ),
  fileCannotBeRead: (file: Shown, reason: Shown) =>
    words(`${file}：不是设置文件（JSON 对象）：${reason}`, `${file}: no file of settings (a JSON object): ${reason}`),
  noSandbox: words(
    '这个账本不是沙箱的：它有真实账户，时钟不能随意拨动。请去掉 SUANPAN_SANDBOX=1，或以 SUANPAN_DATA（或 DATABASE_URL）另指一个新账本。',
    'This ledger is no sandbox’s: it has real accounts, whose clock nobody may set. Leave SUANPAN_SANDBOX=1 out, or name a new ledger with SUANPAN_DATA (or DATABASE_URL).',
  ),
  wasSandbox: words(
    '注意：这个账本是沙箱的，现在按真实时间运行；账户的时间可能在将来。',
    'note: this ledger is a sandbox’s and now runs in real time; its accounts may live in the future.',
  ),
  suanpanSmtpUrl: words(
    'SUANPAN_SMTP_URL 须为邮件服务器的网址，如 smtps://用户:密码@smtp.example.com；与 SUANPAN_MAIL_FROM 同时设置。',
    'SUANPAN_SMTP_URL must be the URL of a mail server, such as smtps://user:password@smtp.example.com; it goes with SUANPAN_MAIL_FROM.',
  ),
  suanpanMailFrom: words(
    'SUANPAN_MAIL_FROM 须为发件人，如 Suanpan <billing@example.com>；与 SUANPAN_SMTP_URL 同时设置。',
    'SUANPAN_MAIL_FROM must say who mail comes from, such as Suanpan <billing@example.com>; it goes with SUANPAN_SMTP_URL.',
  ),
  databasesApiKeysWereMadeWith: (dataFolder: Shown) =>
    words(
      `数据库中的 API 密钥是用另一个 pepper 生成的，用现在的 pepper 一个也不会有效。请把 SUANPAN_PEPPER 设为首个服务所用的值，或放回它的文件 ${dataFolder}。若已丢失：suanpan key create --local --new-pepper 会作废全部密钥并新建一个`,
      `The database's API keys were made with another pepper than this one, and none of them would be valid. Set SUANPAN_PEPPER to what the first server had, or put its file back as ${dataFolder}. If it is lost: suanpan key create --local --new-pepper revokes every key and makes a new one`,
    ),
  paymentSecret: words(
    'SUANPAN_PAYMENT_SECRET 须为 whsec_ 加 24 至 64 字节的 base64，如：echo whsec_$(openssl rand -base64 32)',
    'SUANPAN_PAYMENT_SECRET must be whsec_ and 24 to 64 bytes in base64, such as: echo whsec_$(openssl rand -base64 32)',
  ),
  secretOfTheApiKeysCannot: (file: Shown, reason: Shown) =>
    words(
      `API 密钥所用的密文不能保存为 ${file}：${reason}。请用 SUANPAN_DATA 指定可写的目录，或设置 SUANPAN_PEPPER。`,
      `The secret of the API keys cannot be kept as ${file}: ${reason}. Name a folder to write to with SUANPAN_DATA, or set SUANPAN_PEPPER.`,
    ),
};
