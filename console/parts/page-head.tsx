import { Typography } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  readonly title: ReactNode;
  /** What can be done or chosen for the whole page. */
  readonly children?: ReactNode;
}

/** The title of a page and, at the other end of its line, what belongs to all of it. */
export function PageHead({ title, children }: Props) {
  const heading = (
    <Typography.Title level={1} className="page-title">
      {title}
    </Typography.Title>
  );
  return children === undefined ? (
    heading
  ) : (
    <div className="bar">
      {heading}
      <span className="grow" />
      {children}
    </div>
  );
}
