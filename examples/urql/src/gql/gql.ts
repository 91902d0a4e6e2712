/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation RequestOtp($recipient: OtpRecipientInput!) {\n  requestOtp(input: {recipient: $recipient}) {\n    challenge {\n      ...Challenge\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation RefreshToken($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      code\n    }\n  }\n}\n\nquery Account {\n  me {\n    id\n    email\n    phone\n    sessions {\n      nodes {\n        ...Session\n      }\n    }\n  }\n}\n\nmutation RevokeSession($sessionId: ID!) {\n  revokeSession(input: {sessionId: $sessionId}) {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation Logout {\n  logout {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation LogoutAll {\n  logoutAll {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nquery Newest($first: Int!) {\n  me {\n    id\n    sessions(first: $first) {\n      nodes {\n        id\n      }\n    }\n  }\n}\n\nfragment Challenge on OtpChallenge {\n  challengeToken\n  maskedRecipient\n  codeLength\n  resendIn\n}\n\nfragment Tokens on AuthTokens {\n  accessToken\n  refreshToken\n}\n\nfragment Session on Session {\n  id\n  current\n  deviceName\n  userAgent\n  ipAddress\n  lastSeenAt\n}\n\nfragment Problem on AuthError {\n  code\n  message\n  retryAfter\n  attemptsRemaining\n}": typeof types.RequestOtpDocument,
};
const documents: Documents = {
    "mutation RequestOtp($recipient: OtpRecipientInput!) {\n  requestOtp(input: {recipient: $recipient}) {\n    challenge {\n      ...Challenge\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation RefreshToken($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      code\n    }\n  }\n}\n\nquery Account {\n  me {\n    id\n    email\n    phone\n    sessions {\n      nodes {\n        ...Session\n      }\n    }\n  }\n}\n\nmutation RevokeSession($sessionId: ID!) {\n  revokeSession(input: {sessionId: $sessionId}) {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation Logout {\n  logout {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation LogoutAll {\n  logoutAll {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nquery Newest($first: Int!) {\n  me {\n    id\n    sessions(first: $first) {\n      nodes {\n        id\n      }\n    }\n  }\n}\n\nfragment Challenge on OtpChallenge {\n  challengeToken\n  maskedRecipient\n  codeLength\n  resendIn\n}\n\nfragment Tokens on AuthTokens {\n  accessToken\n  refreshToken\n}\n\nfragment Session on Session {\n  id\n  current\n  deviceName\n  userAgent\n  ipAddress\n  lastSeenAt\n}\n\nfragment Problem on AuthError {\n  code\n  message\n  retryAfter\n  attemptsRemaining\n}": types.RequestOtpDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RequestOtp($recipient: OtpRecipientInput!) {\n  requestOtp(input: {recipient: $recipient}) {\n    challenge {\n      ...Challenge\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation RefreshToken($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      code\n    }\n  }\n}\n\nquery Account {\n  me {\n    id\n    email\n    phone\n    sessions {\n      nodes {\n        ...Session\n      }\n    }\n  }\n}\n\nmutation RevokeSession($sessionId: ID!) {\n  revokeSession(input: {sessionId: $sessionId}) {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation Logout {\n  logout {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation LogoutAll {\n  logoutAll {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nquery Newest($first: Int!) {\n  me {\n    id\n    sessions(first: $first) {\n      nodes {\n        id\n      }\n    }\n  }\n}\n\nfragment Challenge on OtpChallenge {\n  challengeToken\n  maskedRecipient\n  codeLength\n  resendIn\n}\n\nfragment Tokens on AuthTokens {\n  accessToken\n  refreshToken\n}\n\nfragment Session on Session {\n  id\n  current\n  deviceName\n  userAgent\n  ipAddress\n  lastSeenAt\n}\n\nfragment Problem on AuthError {\n  code\n  message\n  retryAfter\n  attemptsRemaining\n}"): (typeof documents)["mutation RequestOtp($recipient: OtpRecipientInput!) {\n  requestOtp(input: {recipient: $recipient}) {\n    challenge {\n      ...Challenge\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation RefreshToken($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    tokens {\n      ...Tokens\n    }\n    userErrors {\n      code\n    }\n  }\n}\n\nquery Account {\n  me {\n    id\n    email\n    phone\n    sessions {\n      nodes {\n        ...Session\n      }\n    }\n  }\n}\n\nmutation RevokeSession($sessionId: ID!) {\n  revokeSession(input: {sessionId: $sessionId}) {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation Logout {\n  logout {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nmutation LogoutAll {\n  logoutAll {\n    userErrors {\n      ...Problem\n    }\n  }\n}\n\nquery Newest($first: Int!) {\n  me {\n    id\n    sessions(first: $first) {\n      nodes {\n        id\n      }\n    }\n  }\n}\n\nfragment Challenge on OtpChallenge {\n  challengeToken\n  maskedRecipient\n  codeLength\n  resendIn\n}\n\nfragment Tokens on AuthTokens {\n  accessToken\n  refreshToken\n}\n\nfragment Session on Session {\n  id\n  current\n  deviceName\n  userAgent\n  ipAddress\n  lastSeenAt\n}\n\nfragment Problem on AuthError {\n  code\n  message\n  retryAfter\n  attemptsRemaining\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;