// What commands say of the columns of files: options, what is remembered, what was guessed.

import type { Words } from '../../core/price-book.ts';
import { about, type Shown, words } from '../words.ts';

export const cliColumnsWords = {
  columns: words(
    '列名的说明：文件、自带的名称（如 tencent-bill）或记住的名称；可给多个，后者优先',
    'what the columns are called: a file, a shipped name such as tencent-bill, or a remembered one; a later one wins',
  ),
  profile: words(
    '与 --columns 同用时记住它；单独用时取用记住的',
    'with --columns remembers them under this name; alone, uses what was remembered',
  ),
  nameIsNone: (name: Shown) =>
    words(
      `--profile ${name}：应为 1–64 个字母、数字、_ 或 -`,
      `--profile ${name}: write 1 to 64 letters, digits, _ or -`,
    ),
  noSuchColumns: (name: Shown, known: Shown) =>
    words(`没有列名说明 ${name}；自带和记住的有：${known}`, `no columns ${name}; shipped and remembered are ${known}`),
  columnsAreWrong: (name: Shown, pointer: Shown, told: Words) =>
    about(pointer === '' ? String(name) : `${name} ${pointer}`, told),
  notUtf8: words('不是 UTF-8 编码：请另存为 UTF-8', 'not UTF-8: save the file as UTF-8'),
  remembered: (name: Shown, path: Shown) =>
    words(`已记住，下次用 --profile ${name}（${path}）`, `remembered for --profile ${name} (${path})`),
  guessed: words(
    '列名是猜的：核对后存为文件，用 --columns 文件 读取；加 --profile 名称 可记住',
    'The columns are a guess: look at it, save it as a file and read with --columns FILE; --profile NAME remembers it',
  ),
};
