// What `suanpan contract` says: its help and its answers.

import { words } from '../words.ts';

export const cliContractWords = {
  pricesOf: words('另一价目表的全部价格；除价格外须完全相同', 'all prices of another book; nothing else may differ'),
  eitherPricesOf: words('--prices-of 与 --tier、--pack 二选一', 'either --prices-of, or --tier and --pack'),
  contractCommand: words('合同价：议定、试算、列出', "an account's contract prices: agree, try, list"),
  agree: words('为账户议定价格；取代此前为这些月份议定的价格', 'agree on prices, in place of those agreed before'),
  preview: words('上月按此价格会是多少；不议定', 'what the last month would have come to; nothing is agreed'),
  list: words('账户议定过的价格，最近的在前', 'prices that were agreed on, the latest first'),
  firstMonth: words('从哪个月起，如 2026-03', 'the first month, such as 2026-03'),
  from: words('自', 'from'),
  priceOfATier: words('某计费项某一档（从第几次起）的单价', 'the price of a tier, by the first call of it'),
  priceOfAPack: words('某资源包某规格的价格', 'the price of a size of a pack'),
  noPrice: (option: string, text: string) =>
    words(
      `${option} ${text}：应写成 名称:数量=价格，如 liveness_verification:200000=0.55`,
      `${option} ${text}: write NAME:NUMBER=PRICE, such as liveness_verification:200000=0.55`,
    ),
  asItWas: words('原价', 'as it was'),
  underTheContract: words('合同价', 'under the contract'),
  difference: (amount: string) => words(`差额 ${amount}`, `difference ${amount}`),
  number: words('编号', 'no.'),
  tiers: words('各档单价', 'tiers'),
  agreed: words('议定于', 'agreed'),
  by: words('由', 'by'),
};
