// What is said where the server cannot speak for itself.

export const unreachable = {
  zh: '服务没有应答。请检查网络，稍后再试；已输入的内容仍在。',
  en: 'The server does not answer. Check the network and try again; what you typed is still here.',
};
