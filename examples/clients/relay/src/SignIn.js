// What the compiler reads. In a React app these tags sit in the components that use them, and
// babel-plugin-relay replaces each by its compiled form; here sign-in.mjs imports those by itself.
import { graphql } from 'relay-runtime'

graphql`
  mutation SignInRequestMutation($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challenge { challengeToken maskedRecipient codeLength }
      userErrors { ...SignIn_error @relay(mask: false) }
    }
  }`

graphql`
  mutation SignInVerifyMutation($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      user { id email }
      tokens { accessToken refreshToken }
      userErrors { ...SignIn_error @relay(mask: false) }
    }
  }`

graphql`
  mutation SignInRefreshMutation($input: RefreshTokenInput) {
    refreshToken(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { ...SignIn_error @relay(mask: false) }
    }
  }`

graphql`
  mutation SignInLogoutMutation {
    logout { userErrors { ...SignIn_error @relay(mask: false) } }
  }`

// On the interface: every payload's errors implement it.
graphql`
  fragment SignIn_error on UserError { message field }`
