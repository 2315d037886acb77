// What `suanpan simulate` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliSimulateWords = {
  steps: (length: Shown, done: Shown, length2: Shown) =>
    words(`${length} 步：成功 ${done}，被拒 ${length2}`, `${length} steps: ${done} done, ${length2} refused`),
  forfeited: words('作废', 'forfeited'),
  drawnFromPacks: words('资源包抵扣', 'drawn from packs'),
  liveThroughAScenarioFile: words(
    '按场景文件推演：资源包、凭证、账单（不需要服务）',
    'live through a scenario file: packs, receipts, bills (needs no server)',
  ),
  scenarioFile: words('场景文件；- 表示标准输入', 'scenario file; - for standard input'),
  cannotReadTheFile: (file: Shown, reason: Shown) =>
    words(`读不了文件 ${file}：${reason}`, `cannot read the file ${file}: ${reason}`),
};
