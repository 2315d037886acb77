// What lists and pages say.

import { type Shown, words } from '../words.ts';

export const cliShowWords = {
  yes: words('是', 'yes'),
  no: words('否', 'no'),
  none: words('（没有）', '(none)'),
  field: words('项', 'field'),
  value: words('值', 'value'),
  thereIsMore: (next: Shown) => words(`还有更多：--cursor ${next}`, `there is more: --cursor ${next}`),
  sourceOfACloudevent: words(
    'CloudEvent 的 source；其 id 在各 source 内唯一',
    'source of a CloudEvent: its id is one of that source',
  ),
  rowsOfAPage: words('每页条数，最多 200', 'rows of a page, at most 200'),
  goOnAfterAnEarlierPage: words('接着上一页', 'go on after an earlier page'),
  commandWithTheSameKeyIs: words(
    '幂等键：同一键的命令只执行一次；默认随机生成',
    'a command with the same key is carried out once; random by default',
  ),
  examples: words('示例：', 'Examples:'),
  keepItSafe: words('请妥善保存：密钥不会再次显示', 'Keep it safe: it is not shown again'),
};
