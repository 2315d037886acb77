import { Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';

/** Copies the address of the page, which carries what was typed. */
export function ShareLink() {
  const say = useWords(partsWords);
  const [copied, setCopied] = useState('');
  const here = location.href;
  const copy = async () => {
    await navigator.clipboard.writeText(here);
    setCopied(here);
  };
  return <Button onClick={() => void copy().catch(() => {})}>{say(copied === here ? 'copied' : 'share')}</Button>;
}
