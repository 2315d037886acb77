// What is wrong with a file of events or a table, and what was found out about it.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

export const usageFilesWords = {
  noFile: (path: Shown) => words(`没有文件 ${path}`, `no file ${path}`),
  isAFolder: (path: Shown) => words(`${path} 是文件夹`, `${path} is a folder`),
  fileCannotBeOpened: (path: Shown, reason: Shown) =>
    words(`${path}：文件打不开（${reason}）`, `${path}: the file cannot be opened (${reason})`),
  isAnOldExcelFile: words(
    '是旧版 Excel（.xls）或加了密码的工作簿：请另存为 .xlsx 或 CSV，不设密码',
    'is an old Excel file (.xls) or has a password: save it as .xlsx or CSV, without one',
  ),
  isAWebPage: words(
    '是网页（HTML）或 XML，有的系统把它存成 .xls：请用 Excel 打开后另存为 CSV 或 .xlsx',
    'is a web page (HTML) or XML, which some systems call .xls: open it in Excel and save it as CSV or .xlsx',
  ),
  isAPdf: words('是 PDF：请导出为 CSV 或 .xlsx', 'is a PDF: export it as CSV or .xlsx'),
  isARarArchive: words('是 RAR 压缩包：请解压', 'is a RAR archive: unpack it'),
  isA7zArchive: words('是 7z 压缩包：请解压', 'is a 7z archive: unpack it'),
  workbookIsOver64Mib: (path: Shown) =>
    words(`${path}：工作簿超过 64 MiB，请另存为 CSV`, `${path}: the workbook is over 64 MiB; save it as CSV`),
  gzipStreamIsBrokenOrCut: (path: Shown) =>
    words(`${path}：gzip 数据损坏或不完整`, `${path}: the gzip stream is broken or cut short`),
  onlyVersionOne: words('只支持 "1.0"', 'must be "1.0"'),
  mustBeTextWithoutWhiteSpace: words(
    '应为不含空白和不可见字符的文本',
    'must be text without white space or invisible characters',
  ),
  mustBeTextWithoutInvisibleCharacters: words('应为不含不可见字符的文本', 'must be text without invisible characters'),
  dataIsNoObject: words('应为 JSON 对象', 'must be a JSON object'),
  dataMustNotHaveAField: (key: Shown) => words(`data 里不能有字段 ${key}`, `data must not have a field ${key}`),
  quoteNotClosedInLine: words(
    '引号有误：引号须成对，单元格里的引号须写成两个（""）',
    'bad quotes: they come in pairs, and one inside a cell is written twice ("")',
  ),
  quoteNotClosed: words(
    '引号没有闭合：请补上结尾的引号，或删去开头的引号',
    'bad quotes: one that opens here does not close; close it or take it away',
  ),
  textAfterQuote: words(
    '引号有误：闭合的引号后面还有文字；单元格里的引号须写成两个（""）',
    'bad quotes: text follows a closing quote; a quote inside a cell is written twice ("")',
  ),
  quoteInCell: words(
    '引号有误：单元格中间出现引号；请把整个单元格放进引号，里面的引号写成两个（""）',
    'bad quotes: one stands in the middle of a cell; put the whole cell in quotes and write this one twice ("")',
  ),
  readAs: (encoding: Shown) => words(`按 ${encoding} 编码读取`, `read as ${encoding}`),
  textIsBrokenOrCutShort: (path: Shown, encoding: Shown) =>
    words(`${path}：${encoding} 数据损坏或不完整`, `${path}: the ${encoding} text is broken or cut short`),
  quoteInLineClosesInLine: (problem: Words, line: Shown, lastLine: Shown) =>
    words(
      `${problem.zh}（第 ${line} 行的引号到第 ${lastLine} 行才闭合，${line}–${lastLine} 行被当作一行）`,
      `${problem.en} (a quote in line ${line} closes in line ${lastLine}, so lines ${line}–${lastLine} are one row)`,
    ),
  missingColumn: (names: string) => words(`缺少列 ${names}`, `missing column ${names}`),
  unknownColumn: (names: string) => words(`未知列 ${names}`, `unknown column ${names}`),
  columnTwice: (names: string) => words(`重复列 ${names}`, `column twice ${names}`),
  badHeader: (path: Shown, line: Shown, flaws: readonly Words[], columns: Shown) =>
    words(
      `${path} 第 ${line} 行：表头有误：${flaws.map(({ zh }) => zh).join('；')}。可用的列：${columns}；别的列名用 --columns 说明`,
      `${path} line ${line}: bad header: ${flaws.map(({ en }) => en).join('; ')}. Columns: ${columns}; --columns says what others are`,
    ),
  thisObjectIsOver1Mib: words('这个对象超过 1 MiB', 'this object is over 1 MiB'),
  doesNotBelongHere: (text: Shown) => words(`此处不应有 ${text}`, `${text} does not belong here`),
  severalLists: words(
    '这个回答里有两个列表：请只留下事件的那一个',
    'this answer holds a second list: keep the one with the events',
  ),
  answerHasNoList: words(
    '这个回答里没有列表：请删去，或重新查询',
    'this answer holds no list: take it out, or ask again',
  ),
  answerIsNoJson: words('列表之外的部分不是有效的 JSON', 'what stands around the list is not JSON'),
  pagesMissing: (path: Shown, total: Shown, rows: Shown) =>
    words(
      `${path}：回答里说共有 ${total} 行，文件里只有 ${rows} 行：请把各页依次放进一个文件，或只留下列表本身`,
      `${path}: the answer speaks of ${total} rows and the file holds ${rows}: put all pages into one file, one after the other, or keep the list alone`,
    ),
  jsonDoesNotEnd: words('JSON 没有写完：文件可能被截断', 'the JSON does not end: the file may be cut short'),
  inLine: (path: Shown, line: Shown, told: Words) =>
    words(`${path} 第 ${line} 行：${told.zh}`, `${path} line ${line}: ${told.en}`),
  timeIsNoTime: (value: Shown) =>
    words(
      `time ${value} 不是时间：请写成 2026-01-06T08:59:59+08:00（或 2026-01-06 08:59:59 并给出 --time-zone）`,
      `time ${value} is no time: write 2026-01-06T08:59:59+08:00 (or 2026-01-06 08:59:59 with --time-zone)`,
    ),
  timeHasNoOffset: (text: Shown, wall: Shown) =>
    words(
      `time ${text} 没有时区：请写成 ${wall}+08:00，或用 --time-zone 给出时区，如 --time-zone Asia/Shanghai`,
      `time ${text} has no offset: write ${wall}+08:00, or give the zone of the file, such as --time-zone Asia/Shanghai`,
    ),
  timeCameTwiceOrNeverIn: (text: Shown, zone: Shown) =>
    words(
      `time ${text} 在 ${zone} 出现两次或不存在（拨钟）：请写明时区偏移`,
      `time ${text} came twice or never in ${zone} (clocks were changed): write it with its offset`,
    ),
  isNoJsonObject: (value: Shown) => words(`${value} 应为 JSON 对象`, `${value} must be a JSON object`),
  unknownField: (key: Shown) =>
    words(
      `未知字段 ${key}：请删去，或用 --ignore-columns ${key} 略过`,
      `unknown field ${key}: take it out, or pass it over with --ignore-columns ${key}`,
    ),
  afterLine: (path: Shown, line: Shown) =>
    words(
      `${path} 第 ${line} 行之后：不是 UTF-8 编码，请另存为 UTF-8`,
      `${path} after line ${line}: not UTF-8; save the file as UTF-8`,
    ),
  onlyTheSheetIsRead: (sheet: Shown) => words(`只读取工作表「${sheet}」`, `only the sheet "${sheet}" is read`),
  headerIsLine: (headerLine: Shown) =>
    words(
      `表头在第 ${headerLine} 行，以上各行略过`,
      `the header is line ${headerLine}; what stands above is passed over`,
    ),
  linesPassedOver: (passedOver: Shown, firstPassedOver: Shown) =>
    words(
      `略过 ${passedOver} 行合计或说明（第一处：第 ${firstPassedOver} 行）`,
      `${passedOver} line(s) of sums or remarks passed over (the first is line ${firstPassedOver})`,
    ),
  columnsNotLookedAt: (join: Shown, join2: Shown) => words(`以下列不看：${join}`, `columns not looked at: ${join2}`),
  lineIsOver1Mib: words('这一行超过 1 MiB', 'the line is over 1 MiB'),
  notUtf8: words('不是 UTF-8 编码：请另存为 UTF-8', 'not UTF-8: save the file as UTF-8'),
  mustBeText: (field: Shown, value: Shown) =>
    words(`${field} 应为文本，不是 ${value}：请加引号`, `${field} must be text, not ${value}`),
  isEmpty: (field: Shown) => words(`${field} 为空`, `${field} is empty`),
  isOverCharacters: (field: Shown, most: Shown) =>
    words(`${field} 超过 ${most} 个字符`, `${field} is over ${most} characters`),
  isMissing: (field: Shown) => words(`缺少 ${field}`, `${field} is missing`),
  calls: (value: Shown) =>
    words(
      `calls ${value}：请写成 1 到 10^12 的整数，如 1000`,
      `calls ${value}: write a whole number from 1 to 10^12, such as 1000`,
    ),
  timeIsMissing: words('缺少 time', 'time is missing'),
  meter: words('缺少 meter（或 action）', 'meter (or action) is missing'),
  giveMeter: words(
    'meter 与 action、channel、library、resultCode 不能同时给出',
    'give meter, or action with channel, library, resultCode; not both',
  ),
  holdsALineBreak: words('含有换行：请删去', 'holds a line break: take it out'),
  holdsTheHiddenCharacter: (character: Shown) =>
    words(`含有看不见的字符 ${character}：请删去`, `holds the hidden character ${character}: take it out`),
  idRewritten: (path: Shown, line: Shown, id: Shown) =>
    words(
      `${path} 第 ${line} 行，列 id：${id} 是被电子表格改写过的长数字，不同的标识已变成同一个。请从来源重新导出，把 id 列设为文本格式`,
      `${path} line ${line}, column id: ${id} is a long number that a spreadsheet has rewritten; different ids have become one. Export again from the source, with the column id as text`,
    ),
  cellsUnderColumns: (columns: Shown, cells: Shown, alone: string | null) =>
    words(
      `${columns} 列的表里有 ${cells} 个单元格${alone === null ? '' : `，${alone} 上面没有列名`}：请补齐逗号，含逗号的单元格加引号`,
      `${cells} cells under ${columns} columns${alone === null ? '' : `, ${alone} stands under no name`}: a cell that holds a comma goes in quotes`,
    ),
  tableIsTooLarge: (path: Shown) => words(`${path}：表格过大`, `${path}: the table is too large`),
  fileIsEmpty: (path: Shown, join: Shown) =>
    words(
      `${path}：文件是空的。第一行应为表头，可用的列：${join}`,
      `${path}: the file is empty. The first line is the header; columns: ${join}`,
    ),
  severalSheetsHaveTheseColumns: (path: Shown, join: Shown, join2: Shown) =>
    words(
      `${path}：有多个工作表含有这些列（${join}），请只保留一个`,
      `${path}: several sheets have these columns (${join2}); keep one of them`,
    ),
  workbookIsOver96MibWhen: (path: Shown) =>
    words(
      `${path}：工作簿解开后超过 96 MiB，请另存为 CSV（大小不限）`,
      `${path}: the workbook is over 96 MiB when unpacked; save it as CSV, which may have any size`,
    ),
  excelWorkbookCannotBeRead: (path: Shown) =>
    words(
      `${path}：Excel 工作簿读不了，请另存为 .xlsx 或 CSV`,
      `${path}: the Excel workbook cannot be read; save it again as .xlsx or CSV`,
    ),
  zipHasAPassword: (path: Shown) =>
    words(`${path}：压缩包有密码，请先解压`, `${path}: the zip has a password; unpack it first`),
  zipHoldsNoFile: (path: Shown) => words(`${path}：压缩包里没有文件`, `${path}: the zip holds no file`),
  zipHoldsSeveralFiles: (path: Shown, one: Shown, other: Shown) =>
    words(
      `${path}：压缩包里有多个文件（${one}、${other}…），请解压后逐个给出`,
      `${path}: the zip holds several files (${one}, ${other} …); unpack it and give one at a time`,
    ),
  zipIsBrokenOrCutShort: (path: Shown) =>
    words(`${path}：zip 数据损坏或不完整`, `${path}: the zip is broken or cut short`),
};
