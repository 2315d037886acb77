// The pages for browsers.

export const pageWords = {
  zh: {
    title: '算盘 Suanpan',
    docs: 'API 文档',
    notBuilt: '控制台尚未构建。API 不受影响。在服务器上运行下面的命令即可：',
  },
  en: {
    title: 'Suanpan 算盘',
    docs: 'API documentation',
    notBuilt: 'The console is not built. The API works without it. Run this on the server:',
  },
};

export const apiWords = {
  title: 'Suanpan 算盘',
  description: 'Metering and billing for APIs sold by the call. 按次计费 API 的计量与计费系统。',
};
