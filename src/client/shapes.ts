// Shapes of the API, taken as types from what the server checks and promises. Nothing of the server is loaded.

import type { z } from 'zod';
import type * as contract from '../http/contract/contract.ts';
import type { fileOperations, operations } from './operations.ts';

export type ProblemDocument = contract.ProblemDocument;

type Contract = typeof contract;
export type SchemaName = { [Name in keyof Contract]: Contract[Name] extends z.ZodType ? Name : never }[keyof Contract];

/** What may be sent where the contract asks for this schema. */
export type Sent<Name extends SchemaName> = z.input<Contract[Name]>;
/** What is answered where the contract promises this schema. Amounts are decimal strings, calls whole numbers. */
export type Answer<Name extends SchemaName> = contract.Answered<Contract[Name]>;

export type Operations = typeof operations;
/** Such as `GET /v1/accounts/:id/balance`. */
export type OperationName = keyof Operations;
/** Such as `GET /v1/exports/:id/file`. */
export type FileName = keyof typeof fileOperations;

type BodyName<Name extends OperationName> = Operations[Name] extends { readonly body: infer Body extends SchemaName }
  ? Body
  : never;

export type BodyOf<Name extends OperationName> = [BodyName<Name>] extends [never] ? undefined : Sent<BodyName<Name>>;
/** Never, of what is always refused. */
export type AnswerOf<Name extends OperationName> = Operations[Name] extends {
  readonly answer: infer Said extends SchemaName;
}
  ? Answer<Said>
  : never;

type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** The names in the path, each with its value as it is: it is escaped by the client. */
export type ParametersOf<Name extends OperationName | FileName> = { readonly [Each in ParameterOf<Name>]: string };

/** A usage event. Without a time it happens now, by the clock of this machine. */
export type NewEvent = Omit<Sent<'event'>, 'time'> & { readonly time?: string };
/** A call that is asked for. Without an id it gets one of its own. */
export type NewHold = Sent<'authorization'>;
/** How a call went; `{}` where every call of its meter is charged. */
export type Outcome = Omit<Sent<'captured'>, 'account'>;

export type EventResult = Answer<'eventResult'>;
export type Receipt = Answer<'receipt'>;
export type WholeReceipt = Answer<'wholeReceipt'>;
export type Hold = Answer<'hold'>;
export type Capture = Answer<'capture'>;
export type Release = Answer<'release'>;
