// The pages for browsers.

export const pageWords = {
  zh: {
    title: '算盘 Suanpan',
    lead: '按次计费 API 的计量与计费系统。先结算落盘，后应答；每次调用都有凭证，每张账单都可重算。',
    docs: 'API 文档',
    books: '价目表',
    spec: 'OpenAPI 3.1',
    other: 'English',
    otherTag: 'en',
    start: '从命令行开始',
  },
  en: {
    title: 'Suanpan 算盘',
    lead: 'Metering and billing for APIs sold by the call. Settled and on disk before the answer; a receipt for every call; bills that can be recomputed.',
    docs: 'API documentation',
    books: 'Price books',
    spec: 'OpenAPI 3.1',
    other: '中文',
    otherTag: 'zh',
    start: 'Start from the command line',
  },
};

export const apiWords = {
  title: 'Suanpan 算盘',
  description: 'Metering and billing for APIs sold by the call. 按次计费 API 的计量与计费系统。',
};
