-- The next pair of tokens. Each request shows a live token, and each answer's is shown later: the
-- pool is a queue, so that all sessions have their turn.

local pool, first, last = {}, 1, 0
local query = "mutation($t: String!) { refreshToken(input: { refreshToken: $t }) "
  .. "{ tokens { accessToken refreshToken expiresIn } userErrors { code message } } }"
local before, after = '{"query":"' .. query .. '","variables":{"t":"', '"}}'
local refresh = { answers = {} }

local function put(token)
  last = last + 1
  pool[last] = token
end

function refresh.init()
  for _, token in ipairs(tokens("refresh")) do put(token) end
end

function refresh.request()
  assert(first <= last, "more requests under way than refresh tokens")
  local token = pool[first]
  pool[first] = nil
  first = first + 1
  return post(before .. token .. after)
end

function refresh.answers.refreshToken(body)
  local token = body:match('"refreshToken":"(csr_[%w_-]+)"')
  if token then put(token) end
  return token and has(body, '"accessToken":"ey')
end

return refresh
