// What every command may say: help, wrong arguments, a server that does not answer.

import type { Words } from '../../core/price-book.ts';
import { type Shown, words } from '../words.ts';

export const cliOutputWords = {
  completion: words(
    '补全命令与选项的脚本：source <(suanpan completion bash)',
    'a script that completes commands and options: source <(suanpan completion bash)',
  ),
  notAnswered: (question: Shown, answer: Shown) =>
    words(`“${answer}”不能回答：${question}`, `"${answer}" does not answer: ${question}`),
  noAnswer: (question: Shown) =>
    words(`输入在此结束，没有回答：${question}`, `the input ended without an answer to: ${question}`),
  fileIsThere: (file: Shown) => words(`${file} 已存在：换一个名字`, `${file} is there already: choose another name`),
  accounts: words('个账户', 'accounts'),
  answerOfIsCutShort: (url: Shown, error: Shown) =>
    words(
      `${url} 的应答不完整：${error}。请重试：已完成的不会再做`,
      `the answer of ${url} is cut short: ${error}. Run it again: what is done is passed over`,
    ),
  cannotReadTheProfile: (file: Shown, zh: Shown, en: Shown) =>
    words(
      `读不了配置文件 ${file}：${zh}。应为 {"url": "…", "apiKey": "…"}`,
      `cannot read the profile ${file}: ${en}. It should be {"url": "…", "apiKey": "…"}`,
    ),
  serversAddressOfIsNone: (source: Shown, url: Shown, better: Shown) =>
    words(
      `${source} 中的服务地址 ${url} 不是网址：请写 ${better}`,
      `the server's address ${url} of ${source} is none: write ${better}`,
    ),
  setSuanpanApiKey: (isMalformed: boolean, file: Shown) =>
    words(
      `${isMalformed ? 'API 密钥中有空白或不可用的字符' : '没有 API 密钥'}。请设置 SUANPAN_API_KEY，或写入 ${file}（{"url": "…", "apiKey": "…"}）。首次启动 npm start 会显示一个密钥；在服务器本机可用 suanpan key create --local 新建`,
      `${isMalformed ? 'the API key holds white space or unusable characters' : 'no API key'}. Set SUANPAN_API_KEY, or put it in ${file} as {"url": "…", "apiKey": "…"}. The first npm start prints one; on the server's machine suanpan key create --local makes another`,
    ),
  serverDoesNotKnowTheApi: (place: Shown) =>
    words(
      `服务器不认识 ${place} 中的 API 密钥：可能写错、已作废，或属于另一个服务器。在服务器本机可用 suanpan key create --local 新建`,
      `the server does not know the API key in ${place}: it is mistyped, revoked, or another server's. On the server's machine suanpan key create --local makes a new one`,
    ),
  answerOfIsCutShortOr: (url: Shown, zh: Shown, en: Shown) =>
    words(`${url} 的应答不完整或不是 JSON：${zh}`, `the answer of ${url} is cut short or no JSON: ${en}`),
  itSpeaksHttp: words('该处只用 http，不用 https：地址请以 http:// 开头', 'it speaks http, not https: write http://'),
  cannotReach: (url: Shown, zh: Shown, en: Shown) =>
    words(
      `连不上 ${url}（${zh}）。服务启动了吗（suanpan serve）？地址由 SUANPAN_URL 指定`,
      `cannot reach ${url} (${en}). Is the server running (suanpan serve)? SUANPAN_URL says where it is`,
    ),
  whetherTheCommandWasCarriedOut: (key: Shown) =>
    words(
      `不能确定命令是否已执行。加上 --idempotency-key ${key} 原样重试：已执行的不会再执行一次`,
      `Whether the command was carried out is not known. Run it again with --idempotency-key ${key}: what was done is not done twice`,
    ),
  withAnOperatorKey: words('运营方密钥须用 --account 指定账户', 'with an operator key, name the account: --account ID'),
  withAnOperatorKeyOrNone: words(
    '运营方密钥须指定账户，写在命令之后，如 acme',
    'with an operator key, name the account after the command, such as acme',
  ),
  meteringAndBillingForApisSold: words('按次调用 API 的计量与计费', 'Metering and billing for APIs sold by the call'),
  version: words('显示版本', 'show the version'),
  printJsonForPrograms: words('向程序输出 JSON', 'print JSON for programs'),
  language: words('语言；默认取自 LC_ALL 或 LANG', 'language; by default that of LC_ALL or LANG'),
  showTheHelpOfACommand: words('显示某个命令的帮助', 'show the help of a command'),
  showHelp: words('显示帮助', 'show help'),
  see: (chinese: Shown, english: Shown, usage: Shown, help: Shown) =>
    words(`${chinese}。用法：${usage}（详见 ${help}）`, `${english}. Write ${usage}; see ${help}`),
  demonstration: words(
    '演示：经真实服务器跑完一个月的调用、出账并核对（临时数据）',
    'demonstration: a month of real calls through a real server, billed and verified (temporary data)',
  ),
  seedOfTheGenerator: words('随机种子', 'seed of the generator'),
  shareOfTheFullMonth: words('规模，1 为整月', 'share of the full month, 1 is all of it'),
  noLedgerIn: (dataFolder: Shown) =>
    words(
      `${dataFolder} 中没有账本。用 SUANPAN_DATA 或 DATABASE_URL 指定`,
      `no ledger in ${dataFolder}. Name one with SUANPAN_DATA or DATABASE_URL`,
    ),
  fileHasProblems: (file: Shown, length: Shown) =>
    words(`错误: ${file} 有 ${length} 处问题`, `error: ${file} has ${length} problem(s)`),
  perSecond: (things: Words) => words(`${things.zh}/秒`, `${things.en}/s`),
  startTheServer: words(
    '启动服务：HTTP API（PORT、SUANPAN_DATA、DATABASE_URL）',
    'start the server: HTTP API (PORT, SUANPAN_DATA, DATABASE_URL)',
  ),
};

/** The titles of help, which the parser of the command line says in English. */
export const titlesInChinese: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Options:': '选项：',
  'Global Options:': '通用选项：',
  'Commands:': '命令：',
  'Arguments:': '参数：',
};

/** What is wrong with a command line, by the code of its parser; {} stands for what it names. */
export const chinesePatterns: Readonly<Record<string, string>> = {
  'commander.unknownOption': '没有选项 {}',
  'commander.unknownCommand': '没有命令 {}',
  'commander.missingArgument': '缺少参数 {}',
  'commander.optionMissingArgument': '选项 {} 缺少值',
  'commander.missingMandatoryOptionValue': '缺少选项 {}',
  'commander.excessArguments': '参数过多',
  'commander.invalidArgument': '参数无效：{}',
  'suanpan.unknownLanguage': '没有语言 {}：可用 --lang zh 或 --lang en',
};
