-- Whole logins: a code is asked for, read from the mailbox, and shown. As `login` by somebody new
-- each time, as `return` by people who have an account, on a device that they have used before.

local ffi = require("ffi")
ffi.cdef([[
  typedef struct __dirstream DIR;
  struct dirent { uint64_t d_ino; int64_t d_off; unsigned short d_reclen; unsigned char d_type; char d_name[256]; };
  DIR *opendir(const char *name);
  struct dirent *readdir(DIR *dir);
  int closedir(DIR *dir);
]])

local mailbox = os.getenv("MAIL") .. "/new"
local ask = "mutation($e: String!) { requestOtp(input: { recipient: { email: $e } }) "
  .. "{ challenge { challengeToken maskedRecipient expiresIn resendIn } userErrors { code message } } }"
local prove = "mutation($e: String!, $c: String!, $t: String!) { verifyOtp(input: { recipient: { email: $e }, "
  .. 'code: $c, challengeToken: $t, deviceName: \\"' .. os.getenv("DEVICE") .. '\\" }) { isNewUser user { id email } '
  .. "tokens { accessToken refreshToken expiresIn } userErrors { code message } } }"
local login = { answers = {} }

local domain, known
local asked, proved = 0, 0
local connections = tonumber(os.getenv("CONNECTIONS"))
function login.init(name, alone)
  local from = tonumber(os.getenv("FIRST") or 0)
  known = name == "return"
  -- People who come back next to each other live next to each other in the tables, unless told otherwise.
  local stride, everybody = tonumber(os.getenv("STRIDE") or 1), tonumber(os.getenv("PEOPLE") or 2 ^ 53)
  domain = function(n) return known and ("k" .. (from + n * stride) % everybody) or ("n" .. os.getenv("RUN") .. "-" .. n) end
  -- People do not ask faster than their mail comes. wrk cannot have a connection wait for a mail, so
  -- those who are ahead of it wait: longer, the more codes there are on their way.
  if alone then
    delay = function() return math.max(0, 2 * (asked - proved - connections)) end
  end
end

-- By domain: what the server answered, and what the mail said. Whoever has both can sign in.
local challenges, codes, ready, first, last = {}, {}, {}, 1, 0
local function match(who)
  if challenges[who] and codes[who] then
    last = last + 1
    ready[last] = { who = who, token = challenges[who], code = codes[who] }
    challenges[who], codes[who] = nil, nil
  end
end

local function read_mail()
  local folder = ffi.C.opendir(mailbox)
  if folder == nil then return end
  local names = {}
  while true do
    local entry = ffi.C.readdir(folder)
    if entry == nil then break end
    local name = ffi.string(entry.d_name)
    if name:byte() ~= 46 then table.insert(names, name) end
  end
  ffi.C.closedir(folder)
  for _, name in ipairs(names) do
    local path = mailbox .. "/" .. name
    local file = io.open(path)
    local head = file:read(1024)
    file:close()
    os.remove(path)
    local who = head:match("To: p@([%w-]+)%.bench%.example")
    codes[who] = head:match("Subject: (%d+)")
    match(who)
  end
end

function login.request()
  if first > last then read_mail() end
  local one = ready[first]
  if not one then
    asked = asked + 1
    return post(string.format('{"query":"%s","variables":{"e":"p@%s.bench.example"}}', ask, domain(asked)))
  end
  ready[first] = nil
  first = first + 1
  proved = proved + 1
  return post(string.format('{"query":"%s","variables":{"e":"p@%s.bench.example","c":"%s","t":"%s"}}',
    prove, one.who, one.code, one.token))
end

function login.answers.requestOtp(body)
  local who = body:match("@([%w-]+)%.bench%.example")
  local token = body:match('"challengeToken":"([^"]+)"')
  if not (who and token) then return false end
  challenges[who] = token
  match(who)
  return has(body, '"expiresIn":')
end

function login.answers.verifyOtp(body)
  return has(body, '"accessToken":"ey') and has(body, known and '"isNewUser":false' or '"isNewUser":true')
end

return login
