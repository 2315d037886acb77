// Refusals about events that wait for a person, in both languages.

import { text } from './refusal-text.ts';

export const reviewRefusalTexts = {
  EVENT_HELD: text(
    409,
    ['用量事件待复核', 'The event is held for review'],
    [
      '事件[ {event} ]的结果码不在计费表中，须先人工复核。',
      'The result code of the event[ {event}] is not in the code table; a person must review it first.',
    ],
  ),
  LATE_INTO_FINAL: text(
    409,
    ['账单已定稿，用量事件待复核', 'The bill is final; the event is held for review'],
    [
      '事件[ {event} ]所属月份的账单已定稿；是否计费由运营方复核决定。',
      'The bill of the month of the event[ {event}] is final; an operator decides whether it is charged.',
    ],
  ),
  PROVIDER_DISAGREES: text(
    409,
    [
      '服务商的说法与计费表不同，用量事件待复核',
      'The provider says otherwise than the code table; the event is held for review',
    ],
    [
      '事件[ {event} ]是否计费，服务商自己的说法与计费表不同；由运营方复核决定。',
      'Whether the event[ {event}] is charged, the provider itself says otherwise than the code table; an operator decides.',
    ],
  ),
  ALREADY_REVIEWED: text(
    409,
    ['用量事件已复核', 'Already reviewed'],
    ['事件 {event} 已经复核过。', 'Event {event} has been reviewed before.'],
  ),
  NOT_HELD_FOR_REVIEW: text(
    409,
    ['用量事件无需复核', 'The event is not held for review'],
    ['事件 {event} 没有待复核。', 'Event {event} is not held for review.'],
  ),
};
